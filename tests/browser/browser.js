// Debian's chromium, driven by playwright-core, on a running instance.
import { mkdtemp, rm } from 'node:fs/promises';
import { after, afterEach, before } from 'node:test';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { BASE_URL } from '../lib/index.js';

export { BASE_URL as BASE, PASSWORD } from '../lib/index.js';

/** How many times slower the pages run than this machine can; limits of time grow with it. */
export const SLOWDOWN = Number(process.env.SLOWDOWN || 1);

/** The longest that a step of a test may take, on a slow machine that does other things, too. */
const WAIT_MAX = 60_000;

const ARGS = [
  '--headless=new', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
  // chromium refuses to sandbox for root, and says so only by not starting
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** In every page: keeps what its toasts said, since they vanish after some seconds. */
function keepToasts() {
  window.toasts = [];
  new MutationObserver((changes) => {
    const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
    window.toasts.push(...added.filter((node) => node.matches?.('.toast')).map((node) => node.textContent));
  }).observe(document, { childList: true, subtree: true });
}

async function slowDown(context) {
  const newPage = context.newPage.bind(context);
  context.newPage = async () => {
    const page = await newPage();
    const client = await context.newCDPSession(page);
    await client.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    return page;
  };
}

/** A browser with a profile of its own, which is gone when it closes. */
export async function launch() {
  const home = await mkdtemp(join(tmpdir(), 'docket-browser-'));
  const server = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ARGS,
    env: { ...process.env, HOME: home },
    timeout: WAIT_MAX,
  });
  return {
    async context(options) {
      const context = await server.newContext({ baseURL: BASE_URL, locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce', ...options });
      context.setDefaultTimeout(WAIT_MAX);
      await context.addInitScript(keepToasts);
      if (SLOWDOWN > 1) await slowDown(context);
      return context;
    },
    async closePages() {
      for (const context of server.contexts()) {
        // a request may be on its way
        for (const page of context.pages()) await page.unrouteAll({ behavior: 'ignoreErrors' });
        await context.close();
      }
    },
    async close() {
      await server.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** One for the tests of a file. The pages of a test are closed when it ends. */
export function useBrowser() {
  let browser;
  before(async () => { browser = await launch(); });
  afterEach(() => browser.closePages());
  after(() => browser?.close());
  return { context: (options) => browser.context(options) };
}

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 360, height: 740 };
