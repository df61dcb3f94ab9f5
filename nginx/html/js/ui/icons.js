// The few signs that the portal uses, drawn in the colour of the text.
import { html } from '../lib.js';

const PATHS = {
  bell: 'M6 9a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7M10 20a2 2 0 0 0 4 0',
  check: 'm5 12.5 4.5 4.5L19 7',
  camera: 'M4 8h4l1.5-2.5h5L16 8h4v11H4zM12 10a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4',
  clip: 'm19 11-7.5 7.5a4.6 4.6 0 0 1-6.5-6.5L13 4a3.1 3.1 0 0 1 4.4 4.4l-8 8a1.5 1.5 0 0 1-2.2-2.2L14 7.5',
  close: 'M6 6l12 12M18 6 6 18',
  down: 'm7 10 5 5 5-5',
  fetch: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  file: 'M6 3h8l5 5v13H6zM14 3v5h5',
  left: 'm14 6-6 6 6 6',
  right: 'm10 6 6 6-6 6',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  moon: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5',
  out: 'M14 5h5v5M19 5l-8 8M17 14v5H5V7h5',
  plus: 'M12 5v14M5 12h14',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16.5 16.5 21 21',
  reply: 'M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7',
  warning: 'M12 4 2.5 20h19zM12 10v4M12 17v.5',
  sync: 'M20 11a8 8 0 0 0-14-4.5L4 9M4 4v5h5M4 13a8 8 0 0 0 14 4.5l2-2.5M20 20v-5h-5',
};

export const Icon = ({ name }) => html`
  <svg viewBox="0 0 24 24" class="icon" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;

/** Docket's own mark. */
export const Mark = () => html`
  <svg viewBox="0 0 32 32" class="mark" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="8" />
    <path d="M9 8h9a8 8 0 0 1 0 16H9z" />
    <path d="m13 16 3 3 5-6" />
  </svg>`;
