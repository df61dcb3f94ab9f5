// The frame around every page: where one can go, who one is, what is new.
import { fill, h } from './dom.js';
import { connection, post } from './api.js';
import { bind, showHelp } from './keys.js';
import { poll } from './poll.js';
import { go } from './router.js';
import { session } from './session.js';
import { complain } from './ui/toast.js';
import { avatar } from './ui/badge.js';
import { icon, mark } from './ui/icons.js';
import { profileText } from './words.js';

const UNREAD_EVERY = 30_000;

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
const isDark = () => (document.documentElement.dataset.theme ?? (darkBySystem.matches ? 'dark' : 'light')) === 'dark';

function themeButton() {
  const button = h('button', { type: 'button', class: 'icon-button', onclick: flip });
  const draw = () => {
    const name = isDark() ? 'Light theme' : 'Dark theme';
    button.setAttribute('aria-label', name);
    button.title = name;
    fill(button, icon(isDark() ? 'sun' : 'moon'));
  };
  function flip() {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem('docket.theme', theme); // as theme.js reads it
    } catch {
      // then it lasts until the page is left
    }
    draw();
  }
  darkBySystem.addEventListener('change', draw);
  draw();
  return button;
}

// --- the menu of the person ---------------------------------------------------

async function switchTo(profile) {
  try {
    // so that the next login, and new tabs, begin with it
    await post('/api/auth/role-selection/select_role/', { profile_id: profile.id });
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
}

function personMenu() {
  const others = session.user.profiles.filter((p) => p.is_active && p.id !== session.profile?.id);
  const menu = h('details', { class: 'menu' },
    h('summary', { class: 'who' }, h('span', { class: 'sr' }, 'Account menu: '),
      avatar(session.user.full_name),
      h('span', { class: 'who-name' }, session.user.full_name,
        h('small', null, session.profile ? profileText(session.profile) : 'No role')),
      icon('down')),
    h('div', { class: 'menu-body' },
      h('p', { class: 'menu-title' }, session.user.email),
      others.length > 0 && h('p', { class: 'menu-title', id: 'switch' }, 'Act as'),
      others.map((p) => h('button', { type: 'button', 'aria-describedby': 'switch', onclick: () => switchTo(p) }, profileText(p))),
      h('a', { href: '/account/' }, 'Account'),
      h('button', { type: 'button', onclick: () => { menu.open = false; showHelp(); } }, 'Keyboard shortcuts'),
      h('button', { type: 'button', onclick: logOut }, 'Log out')));
  return menu;
}

// An open menu closes as one expects: Escape, a click elsewhere, a new page.
function closeMenus(except = null) {
  for (const menu of document.querySelectorAll('details.menu[open]')) if (menu !== except) menu.open = false;
  const toggle = document.getElementById('nav-toggle');
  if (toggle?.getAttribute('aria-expanded') === 'true' && !except) toggle.setAttribute('aria-expanded', 'false');
}

document.addEventListener('click', (event) => {
  if (!event.target.closest('#nav-toggle')) closeMenus(event.target.closest('details.menu'));
});
document.addEventListener('keydown', (event) => {
  const open = event.key === 'Escape' && document.querySelector('details.menu[open]');
  if (!open) return;
  open.open = false;
  open.querySelector('summary').focus();
});

// --- what is new ----------------------------------------------------------------

let unread = null; // the running poll

function bell(signal) {
  const badge = h('span', { class: 'count', hidden: true });
  const link = h('a', { class: 'icon-button bell', href: '/notifications/', 'aria-label': 'Notifications', title: 'Notifications' }, icon('bell'), badge);
  const draw = (data) => {
    const n = data.unread_count;
    badge.hidden = n === 0;
    badge.textContent = n > 99 ? '99+' : String(n);
    link.setAttribute('aria-label', n ? `Notifications, ${badge.textContent} unread` : 'Notifications');
  };
  unread = poll('/api/notifications/', {
    every: UNREAD_EVERY, signal, query: { unread: 'true', page_size: 1 }, onData: draw,
  });
  unread.now();
  return link;
}

/** After something was read. */
export const checkUnread = () => unread?.now();

// --- the frame ------------------------------------------------------------------

let life = null; // of the present header

function draw() {
  life?.abort();
  life = new AbortController();
  const top = document.getElementById('top');
  const brand = h('a', { class: 'brand', href: '/' }, mark(), 'Docket');
  if (!session.user) {
    fill(top, h('div', { class: 'top-inner' }, brand, h('div', { class: 'top-end' }, themeButton())));
    return;
  }
  const toggle = h('button', {
    type: 'button', id: 'nav-toggle', class: 'icon-button nav-toggle', 'aria-label': 'Menu', 'aria-expanded': 'false', 'aria-controls': 'nav',
    onclick: () => toggle.setAttribute('aria-expanded', String(toggle.getAttribute('aria-expanded') !== 'true')),
  }, icon('menu'));
  const nav = h('nav', { id: 'nav', class: 'nav', 'aria-label': 'Main' },
    places().map(([href, text]) => h('a', { href }, text)));
  fill(top, h('div', { class: 'top-inner' }, toggle, brand, nav,
    h('div', { class: 'top-end' }, bell(life.signal), themeButton(), personMenu())));
  bind('Everywhere', life.signal, [
    ['?', 'Show the shortcuts', showHelp],
    ['g n', 'Go to the notifications', () => go('/notifications/')],
    ...places().map(([href, text, key]) => [`g ${key}`, `Go to ${text}`, () => go(href)]),
    ...(session.isStaff ? [] : [['c', 'Raise an issue', () => go('/raise/')]]),
  ]);
  markPlace();
}

function markPlace() {
  closeMenus();
  for (const link of document.querySelectorAll('#nav a')) {
    const at = link.getAttribute('href');
    const here = at === '/' ? /^\/(issues\/.*)?$/.test(location.pathname) : location.pathname.startsWith(at);
    if (here) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

function watchConnection() {
  const banner = document.getElementById('banner');
  const down = () => {
    if (!banner.firstChild) fill(banner, h('p', { class: 'offline' }, 'Docket cannot be reached. What you type is kept; we keep trying.'));
  };
  connection.addEventListener('down', down);
  connection.addEventListener('up', () => fill(banner));
  addEventListener('offline', down);
}

export function startShell() {
  session.events.addEventListener('change', draw);
  session.events.addEventListener('expired', draw);
  addEventListener('docket:moved', markPlace);
  watchConnection();
  draw();
}
