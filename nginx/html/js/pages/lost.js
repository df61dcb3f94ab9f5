import { html } from '../lib.js';
import { useTitle } from '../nav.js';

export default function Lost() {
  useTitle('Page not found');
  return html`
    <div class="lost">
      <p class="lost-code" aria-hidden="true">404</p>
      <h1>There is no page here</h1>
      <p>The address may be mistyped, or the page has moved.</p>
      <p><a class="button primary" href="/">Go to your issues</a></p>
    </div>`;
}
