// Every page there is, and who sees it.
import { photo } from './photo.js';
import { api, inLinear, raised, unique, uploaded } from './steps.js';

/** Issues with everything on them; gives the pages that show them. */
export async function everyPage() {
  const talked = await raised({ title: unique('The lid of the box is cracked'), description: 'It was so **on arrival**.\n\n- left\n- right\n\n```\nlot 4711\n```\n\n> as told on the phone', priority: 'urgent', category: 'quality' });
  await api('erin', 'POST', `/api/issues/${talked.id}/add_comment/`, { content: 'A new one is [on its way](https://example.com/).' });
  await api('erin', 'POST', `/api/issues/${talked.id}/add_comment/`, { content: 'The supplier pays.', internal: true });
  await api('alice', 'POST', `/api/client/issues/${talked.id}/comment/`, {
    comment: 'Thank you! This is how it looks now.',
    attachments: [await uploaded('alice', 'evening-in-the-hills.png', photo()), await uploaded('alice', 'a-very-long-name-'.repeat(9) + '.txt', 'words')],
  });
  const solved = await raised({ title: unique('Wrong invoice') });
  await api('erin', 'POST', `/api/issues/${solved.id}/resolve/`, { resolution_notes: 'A correct one is sent.' });
  // nothing changes them from now on
  await Promise.all([inLinear(talked.id), inLinear(solved.id)]);
  return [
    { who: null, name: 'login', path: '/login/' },
    { who: null, name: 'sign-up', path: '/sign-up/' },
    { who: null, name: 'forgot-password', path: '/forgot-password/' },
    { who: null, name: 'set-password', path: '/set-password/#token' },
    { who: null, name: 'confirm-email', path: '/confirm-email/#token' },
    { who: null, name: 'not-found', path: '/no/such/page' },
    { who: 'alice', name: 'customer-issues', path: '/' },
    { who: 'alice', name: 'customer-nothing-found', path: '/?search=zzzzzz' },
    { who: 'alice', name: 'customer-issue', path: `/issues/${talked.id}/` },
    { who: 'alice', name: 'customer-issue-resolved', path: `/issues/${solved.id}/` },
    { who: 'alice', name: 'raise', path: '/raise/' },
    { who: 'alice', name: 'notifications', path: '/notifications/' },
    { who: 'alice', name: 'account', path: '/account/' },
    { who: 'alice', name: 'security-log-own', path: '/security-log/' },
    { who: 'sahel', name: 'staff-issues', path: '/' },
    { who: 'sahel', name: 'staff-issue', path: `/issues/${talked.id}/` },
    { who: 'sahel', name: 'staff-issue-missing', path: '/issues/999999999/' },
    { who: 'sahel', name: 'dashboard', path: '/dashboard/' },
    { who: 'sahel', name: 'linear', path: '/linear/' },
    { who: 'sahel', name: 'mail', path: '/mail/?state=all' },
    { who: 'sahel', name: 'settings', path: '/settings/' },
    { who: 'sahel', name: 'security-log', path: '/security-log/' },
  ];
}
