// Debian's chromium, driven by playwright-core, on a running instance.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { BASE_URL } from '../lib/index.js';

export { BASE_URL as BASE, PASSWORD } from '../lib/index.js';

const ARGS = [
  '--headless=new', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
  // chromium refuses to sandbox for root, and says so only by not starting
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** A browser with a profile of its own, which is gone when it closes. */
export async function launch() {
  const home = await mkdtemp(join(tmpdir(), 'docket-browser-'));
  const server = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ARGS,
    env: { ...process.env, HOME: home },
  });
  return {
    context: (options) => server.newContext({ baseURL: BASE_URL, locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce', ...options }),
    async close() {
      await server.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 360, height: 740 };
