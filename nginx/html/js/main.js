// The portal begins here.
import { get } from './api.js';
import { fill, h } from './dom.js';
import { go, start } from './router.js';
import { session } from './session.js';
import { startShell } from './shell.js';
import { failure } from './ui/states.js';
import { toast } from './ui/toast.js';

const STAFF = ['employee', 'vendor'];

// `who`: 'guest' for those who are not logged in, 'all' for anybody; else the
// roles that have such a page. Without it, everybody who is logged in.
const ROUTES = [
  { name: 'home', pattern: /^\/$/, load: () => (session.isStaff ? import('./pages/desk.js') : import('./pages/mine.js')) },
  { name: 'home', pattern: /^\/issues\/$/, load: () => { go('/', { replace: true }); return { default() {} }; } },
  { name: 'issue', pattern: /^\/issues\/(?<id>\d+)\/$/, load: () => (session.isStaff ? import('./pages/work.js') : import('./pages/follow.js')) },
  { name: 'raise', pattern: /^\/raise\/$/, who: ['customer'], load: () => import('./pages/raise.js') },
  { name: 'raise-for', pattern: /^\/raise-for\/$/, who: STAFF, load: () => import('./pages/raise-for.js') },
  { name: 'notifications', pattern: /^\/notifications\/$/, load: () => import('./pages/notifications.js') },
  { name: 'account', pattern: /^\/account\/$/, load: () => import('./pages/account.js') },
  { name: 'dashboard', pattern: /^\/dashboard\/$/, who: STAFF, load: () => import('./pages/dashboard.js') },
  { name: 'linear', pattern: /^\/linear\/$/, who: STAFF, load: () => import('./pages/linear.js') },
  { name: 'settings', pattern: /^\/settings\/$/, who: ['vendor'], load: () => import('./pages/settings.js') },
  { name: 'security-log', pattern: /^\/security-log\/$/, load: () => import('./pages/security-log.js') },
  { name: 'login', pattern: /^\/login\/$/, who: 'guest', load: () => import('./pages/login.js') },
  { name: 'sign-up', pattern: /^\/sign-up\/$/, who: 'guest', load: () => import('./pages/signup.js') },
  { name: 'forgot', pattern: /^\/forgot-password\/$/, who: 'guest', load: () => import('./pages/forgot.js') },
  { name: 'invitations', pattern: /^\/invitations\/$/, load: () => import('./pages/invitations.js') },
  { name: 'confirm', pattern: /^\/confirm-email\/$/, who: 'all', load: () => import('./pages/confirm.js') },
  { name: 'password', pattern: /^\/set-password\/$/, who: 'all', load: () => import('./pages/password.js') },
];

/** Where to send a visitor who has no business at this route. */
function elsewhere(route) {
  if (route?.who === 'all') return null;
  if (!session.user) {
    if (route?.who === 'guest') return null;
    const here = location.pathname + location.search;
    return here === '/' ? '/login/' : `/login/?next=${encodeURIComponent(here)}`;
  }
  if (route?.who === 'guest' || (Array.isArray(route?.who) && !route.who.includes(session.role))) return '/';
  return null;
}

async function recognize() {
  if (!session.restore()) return;
  try {
    session.know(await get('/api/users/me/'));
  } catch (error) {
    if (error.status !== 401) throw error;
  }
}

async function begin() {
  try {
    await recognize();
  } catch (error) {
    // the token may well be good: ask again rather than log out
    fill(document.getElementById('main'), h('div', { class: 'page' }, failure(error, begin)));
    return;
  }
  startShell();
  session.events.addEventListener('expired', () => {
    toast('Your session has ended. Please log in again.', { kind: 'bad' });
    go(`/login/?next=${encodeURIComponent(location.pathname + location.search)}`, { replace: true });
  });
  session.events.addEventListener('change', () => {
    if (!session.user) go('/login/');
  });
  start(ROUTES, elsewhere);
}

begin();
