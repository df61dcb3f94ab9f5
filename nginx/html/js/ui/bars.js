// Horizontal bars, in a table: the drawing is for those who see it, the numbers
// are for everybody.
import { html } from '../lib.js';

/** rows: [[label, n, kind, href], …] */
export function Bars({ title, rows }) {
  const max = Math.max(1, ...rows.map(([, n]) => n));
  return html`
    <table class="bars-chart"><caption>${title}</caption>
      <tbody>${rows.map(([label, n, kind, href]) => html`
        <tr key=${label}>
          <th scope="row">${href ? html`<a href=${href}>${label}</a>` : label}</th>
          <td class="bar-cell" aria-hidden="true"><span class=${`bar ${kind}`} style=${{ width: `${(n / max) * 100}%` }} /></td>
          <td class="bar-number">${n.toLocaleString('en')}</td>
        </tr>`)}</tbody>
    </table>`;
}
