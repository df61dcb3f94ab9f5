// The frame around every page: where one can go, who one is, what is new.
import { connection, post } from './api.js';
import { html, signal, useLayoutEffect, useLocation, useRef, useState } from './lib.js';
import { showHelp, useKeys } from './keys.js';
import { go } from './nav.js';
import { session } from './session.js';
import { heldMailCount, unreadCount, useStartPolling } from './start.js';
import { Avatar } from './ui/badge.js';
import { Icon, Mark } from './ui/icons.js';
import { complain } from './ui/toast.js';
import { profileText } from './words.js';

/** For staff whose organization gets e-mails; how many wait for a decision. */
function MailLink({ path }) {
  const count = heldMailCount();
  if (count === null) return null;
  return html`<a href="/mail/" aria-current=${isHere(path, '/mail/') ? 'page' : null}>E-mail${count > 0 && html` <span class="count" aria-label=${`${count} held`}>${count}</span>`}</a>`;
}

/** Where one can go: address, name, and the key behind g. */
function places() {
  if (session.isStaff) {
    return [
      ['/', 'Issues', 'i'],
      ['/dashboard/', 'Dashboard', 'd'],
      ['/linear/', 'Linear', 'l'],
      ...(session.isOwner ? [['/settings/', 'Settings', 's']] : []),
    ];
  }
  return [['/', 'My issues', 'i'], ['/raise/', 'Raise an issue', 'r']];
}

// --- theme ------------------------------------------------------------------

const darkBySystem = matchMedia('(prefers-color-scheme: dark)');
const themeNow = () => document.documentElement.dataset.theme ?? (darkBySystem.matches ? 'dark' : 'light');
const theme = signal(themeNow());
darkBySystem.addEventListener('change', () => { theme.value = themeNow(); });

function flipTheme() {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme.value;
  try {
    localStorage.setItem('docket.theme', theme.value); // as theme.js reads it
  } catch {
    // then it lasts until the page is left
  }
}

function ThemeButton() {
  const isDark = theme.value === 'dark';
  const name = isDark ? 'Light theme' : 'Dark theme';
  return html`<button type="button" class="icon-button" aria-label=${name} title=${name} onClick=${flipTheme}><${Icon} name=${isDark ? 'sun' : 'moon'} /></button>`;
}

// --- the menu of the person ---------------------------------------------------

async function switchTo(profile) {
  try {
    // so that the next login, and new tabs, begin with it
    await post('/api/auth/role-selection/select_role/', { body: { profile_id: profile.id } });
    session.act(profile);
    go('/');
  } catch (error) {
    complain(error);
  }
}

async function logOut() {
  try {
    await post('/api/auth/logout/');
  } catch {
    // the token is forgotten here in any case
  }
  session.end();
  go('/login/');
}

/** Closes as one expects: by Escape, a click elsewhere, a new page. */
function useClosing(close) {
  const node = useRef(/** @type {any} */ (null));
  const { url } = useLocation();
  useLayoutEffect(close, [url]);
  useLayoutEffect(() => {
    const onClick = (event) => {
      if (!node.current?.contains(event.target)) close();
    };
    document.addEventListener('click', onClick);
    return () => document.removeEventListener('click', onClick);
  }, []);
  return node;
}

function PersonMenu() {
  const { user, profile } = session;
  const menu = useClosing(() => {
    if (menu.current) menu.current.open = false;
  });
  const summary = useRef(/** @type {HTMLElement | null} */ (null));
  const others = user?.profiles.filter((p) => p.is_active && p.id !== profile?.id) ?? [];
  const close = () => { menu.current.open = false; };
  const onKeyDown = (event) => {
    if (event.key !== 'Escape' || !menu.current.open) return;
    close();
    summary.current?.focus();
  };
  const act = (run) => () => {
    close();
    run();
  };
  return html`
    <details class="menu" ref=${menu} onKeyDown=${onKeyDown}>
      <summary class="who" ref=${summary}><span class="sr">Account menu: </span>
        <${Avatar} name=${user?.full_name} />
        <span class="who-name"><bdi>${user?.full_name}</bdi><small>${profile ? profileText(profile) : 'No role'}</small></span>
        <${Icon} name="down" />
      </summary>
      <div class="menu-body">
        <p class="menu-title">${user?.email}</p>
        ${others.length > 0 && html`<p class="menu-title" id="switch">Act as</p>`}
        ${others.map((p) => html`<button key=${p.id} type="button" aria-describedby="switch" onClick=${act(() => switchTo(p))}>${profileText(p)}</button>`)}
        <a href="/account/">Account</a>
        <button type="button" onClick=${act(showHelp)}>Keyboard shortcuts</button>
        <button type="button" onClick=${logOut}>Log out</button>
      </div>
    </details>`;
}

// --- what is new ----------------------------------------------------------------

function Bell() {
  useStartPolling();
  const n = unreadCount();
  const text = n > 99 ? '99+' : String(n);
  return html`
    <a class="icon-button bell" href="/notifications/" title="Notifications" aria-label=${n ? `Notifications, ${text} unread` : 'Notifications'}>
      <${Icon} name="bell" /><span class="count" hidden=${n === 0}>${text}</span></a>`;
}

/** While the server cannot be reached. */
export function Banner() {
  const [isDown, setDown] = useState(false);
  useLayoutEffect(() => {
    const down = () => setDown(true);
    connection.addEventListener('down', down);
    connection.addEventListener('up', () => setDown(false));
    addEventListener('offline', down);
  }, []);
  return html`<div id="banner" role="status">${isDown && html`<p class="offline">Docket cannot be reached. What you type is kept; we keep trying.</p>`}</div>`;
}

// --- the frame ------------------------------------------------------------------

const isHere = (path, href) => (href === '/' ? /^\/(issues(\/.*)?)?$/.test(path) : `${path}/`.startsWith(href));

function Navigation() {
  const [isOpen, setOpen] = useState(false);
  const { path } = useLocation();
  const node = useClosing(() => setOpen(false));
  useKeys('Everywhere', [
    ['?', 'Show the shortcuts', showHelp],
    ['g n', 'Go to the notifications', () => go('/notifications/')],
    ...places().map(([href, text, key]) => [`g ${key}`, `Go to ${text}`, () => go(href)]),
    ...(session.isStaff ? [] : [['c', 'Raise an issue', () => go('/raise/')]]),
  ]);
  return html`
    <button type="button" id="nav-toggle" ref=${node} class="icon-button nav-toggle" aria-label="Menu" aria-expanded=${String(isOpen)} aria-controls="nav"
      onClick=${() => setOpen(!isOpen)}><${Icon} name="menu" /></button>
    <a class="brand" href="/"><${Mark} />Docket</a>
    <nav id="nav" class="nav" aria-label="Main">${places().map(([href, text]) => html`
      <a key=${href} href=${href} aria-current=${isHere(path, href) ? 'page' : null}>${text}</a>`)}
      ${session.isStaff && html`<${MailLink} key=${session.profile?.id} path=${path} />`}</nav>`;
}

export function Header() {
  if (!session.user) {
    return html`
      <header id="top" class="top"><div class="top-inner"><a class="brand" href="/"><${Mark} />Docket</a>
        <div class="top-end"><${ThemeButton} /></div></div></header>`;
  }
  return html`
    <header id="top" class="top"><div class="top-inner"><${Navigation} />
      <div class="top-end"><${Bell} /><${ThemeButton} /><${PersonMenu} /></div></div></header>`;
}
