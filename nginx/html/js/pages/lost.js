import { fill, h } from '../dom.js';
import { setTitle } from '../router.js';

export default function lost(root) {
  setTitle('Page not found');
  fill(root, h('div', { class: 'lost' },
    h('p', { class: 'lost-code', 'aria-hidden': 'true' }, '404'),
    h('h1', null, 'There is no page here'),
    h('p', null, 'The address may be mistyped, or the page has moved.'),
    h('p', null, h('a', { class: 'button primary', href: '/' }, 'Go to your issues'))));
}
