// The portal begins here: who it is, which page belongs to the address, and the
// frame around it.
import { ApiError } from './api.js';
import { pending, usePending } from './data.js';
import { LocationProvider, Route, Router, html, render, useEffect, useLayoutEffect, useLocation, useRef, useState } from './lib.js';
import { arriving, go, useNavigation } from './nav.js';
import { expiries, session } from './session.js';
import { Banner, Header } from './shell.js';
import { recognize } from './start.js';
import { Dialogs } from './ui/dialog.js';
import { Failure, Skeleton } from './ui/states.js';
import { Toasts, toast } from './ui/toast.js';

const STAFF = ['employee', 'vendor'];

// `who`: 'guest' for those who are not logged in, 'all' for anybody; else the
// roles that have such a page. Without it, everybody who is logged in. nginx has
// the same addresses (server.conf.in).
const ROUTES = [
  { path: '/', load: () => (session.isStaff ? import('./pages/desk.js') : import('./pages/mine.js')) },
  { path: '/issues', to: '/' },
  { path: '/issues/:id', load: () => (session.isStaff ? import('./pages/work.js') : import('./pages/follow.js')) },
  { path: '/raise', who: ['customer'], load: () => import('./pages/raise.js') },
  { path: '/raise-for', who: STAFF, load: () => import('./pages/raise-for.js') },
  { path: '/notifications', load: () => import('./pages/notifications.js') },
  { path: '/account', load: () => import('./pages/account.js') },
  { path: '/dashboard', who: STAFF, load: () => import('./pages/dashboard.js') },
  { path: '/linear', who: STAFF, load: () => import('./pages/linear.js') },
  { path: '/mail', who: STAFF, load: () => import('./pages/mail.js') },
  { path: '/settings', who: ['vendor'], load: () => import('./pages/settings.js') },
  { path: '/security-log', load: () => import('./pages/security-log.js') },
  { path: '/invitations', load: () => import('./pages/invitations.js') },
  { path: '/login', who: 'guest', load: () => import('./pages/login.js') },
  { path: '/sign-up', who: 'guest', load: () => import('./pages/signup.js') },
  { path: '/forgot-password', who: 'guest', load: () => import('./pages/forgot.js') },
  { path: '/confirm-email', who: 'all', load: () => import('./pages/confirm.js') },
  { path: '/set-password', who: 'all', load: () => import('./pages/password.js') },
];
const LOST = { who: 'all', load: () => import('./pages/lost.js') };

/** Where to send a visitor who has no business at this route. */
function elsewhere({ who, to }) {
  if (to) return to;
  if (who === 'all') return null;
  if (!session.user) {
    if (who === 'guest') return null;
    const here = location.pathname + location.search;
    return here === '/' ? '/login/' : `/login/?next=${encodeURIComponent(here)}`;
  }
  return who === 'guest' || (Array.isArray(who) && !who.includes(session.role)) ? '/' : null;
}

/** A page, whose module may have to be fetched first. */
function Lazy({ load, id }) {
  const [state, setState] = useState(/** @type {any} */ ({ Page: null, error: null }));
  const [attempt, setAttempt] = useState(0);
  usePending(!state.Page && !state.error);
  useLayoutEffect(() => {
    let isWanted = true;
    setState({ Page: null, error: null });
    load().then((module) => isWanted && setState({ Page: module.default, error: null }), () => {
      const error = new ApiError(0, { error: 'The page could not be loaded. Check your connection and try again.' });
      if (isWanted) setState({ Page: null, error });
    });
    return () => { isWanted = false; };
  }, [attempt]);
  if (state.error) return html`<${Failure} error=${state.error} retry=${() => setAttempt(attempt + 1)} />`;
  return state.Page ? html`<${state.Page} id=${id} />` : html`<${Skeleton} />`;
}

/** What a route shows. Another profile, or another issue, is another page. */
function Screen({ route, params }) {
  const away = elsewhere(route);
  usePending(Boolean(away));
  useLayoutEffect(() => {
    if (away) go(away, { replace: true });
  }, [away]);
  if (away) return null;
  const name = route.path?.split('/')[1] || 'home';
  const id = params.id ? Number(params.id) : null;
  return html`<div class=${`page page-${name}`}><${Lazy} key=${`${session.profile?.id} ${id}`} load=${route.load} id=${id} /></div>`;
}

const screens = new Map([...ROUTES, LOST].map((route) => [route, ({ params }) => html`<${Screen} route=${route} params=${params} />`]));

const Pages = () => html`
  <${Router}>
    ${ROUTES.map((route) => html`<${Route} path=${route.path} component=${screens.get(route)} />`)}
    <${Route} default component=${screens.get(LOST)} />
  </${Router}>`;

function Main({ children }) {
  const node = useRef(null);
  useNavigation(node);
  return html`<main id="main" ref=${node} tabindex="-1" aria-busy=${pending.value || arriving.value ? 'true' : null}>${children}</main>`;
}

const pages = html`<${Pages} />`;

function App() {
  useEffect(() => expiries.subscribe((n) => {
    if (n) toast('Your session has ended. Please log in again.', { kind: 'bad' });
  }), []);
  return html`
    <${LocationProvider} scope=${/^\/(?!api\/)/}>
      <a class="skip" href="#main">Skip to the content</a>
      <${Banner} />
      <${Header} />
      <${Main}>${pages}</${Main}>
      <${Toasts} />
      <${Dialogs} />
    </${LocationProvider}>`;
}

const app = /** @type {HTMLElement} */ (document.getElementById('app'));

async function begin() {
  try {
    if (session.restore()) await recognize();
  } catch (error) {
    const { status } = /** @type {ApiError} */ (error);
    // this tab's profile is no longer one of theirs
    if (status === 403 && session.forgetProfile()) return begin();
    // the token may well be good: ask again rather than log out
    if (status !== 401) return render(html`<main id="main"><div class="page"><${Failure} error=${error} retry=${begin} /></div></main>`, app);
  }
  return render(html`<${App} />`, app);
}

begin();
