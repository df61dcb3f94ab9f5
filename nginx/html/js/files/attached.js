// The files of a message: pictures are shown, all others are cards.
import { html } from '../lib.js';
import { ActionButton } from '../ui/form.js';
import { Icon } from '../ui/icons.js';
import { sizeText } from '../words.js';
import { canDelete, deleteFile, isOpen, keep } from './open.js';
import { Picture } from './picture.js';

/** The id in the address of a file of the API, or null. */
export function idOf(href) {
  const [, path] = href?.startsWith(`${location.origin}/`) ? [null, href.slice(location.origin.length)] : [null, href];
  const [, id] = /^\/api\/attachments\/(\d{1,18})\/$/.exec(path ?? '') ?? [];
  return id ? Number(id) : null;
}

const isFetching = ({ state, source, size }) => state === 'checking' && source === 'linear' && !size;

/** What else is to be said of it, or null. */
function stateText(file) {
  if (isFetching(file)) return 'Is being fetched from Linear';
  return {
    checking: 'Is being checked for viruses',
    infected: 'Contains a virus: it cannot be opened',
    unchecked: 'Could not be checked for viruses',
    gone: 'Is no longer there',
  }[file.state] ?? null;
}

// More pixels than any camera takes: drawing them would take the reader's memory.
const PIXELS_MAX = 120e6;

export const isPicture = (file) =>
  file.is_image && file.width && file.width * file.height <= PIXELS_MAX && isOpen(file) && file.state !== 'checking';

function Card({ file, onDone }) {
  const words = stateText(file);
  const isWarning = ['infected', 'unchecked', 'gone'].includes(file.state);
  return html`
    <span class=${`file-card ${file.state}`}>
      <${Icon} name=${isWarning ? 'warning' : 'file'} />
      <span class="file-words">
        <bdi class="file-name">${file.filename}</bdi>
        <span class="muted small">${[file.size > 0 && sizeText(file.size), words].filter(Boolean).join(' · ')}</span>
      </span>
      ${isOpen(file) && html`<${ActionButton} kind="small" aria-label=${`Download ${file.filename}`} run=${() => keep(file)}>
        <${Icon} name="fetch" /><span class="card-word">Download</span></${ActionButton}>`}
      ${onDone && canDelete(file) && html`<${ActionButton} kind="quiet small" aria-label=${`Delete ${file.filename}`} run=${() => deleteFile(file, onDone)}>Delete</${ActionButton}>`}
    </span>`;
}

/** A file that a text names by its address: `words` are the text's for it. */
export const Inline = ({ file, words }) => (isPicture(file)
  ? html`<${Picture} file=${file} alt=${words} />`
  : html`<${Card} file=${file} onDone=${null} />`);

/** Those that the text does not name itself. */
const unnamed = (files, text) => {
  const named = new Set(Array.from((text ?? '').matchAll(/\/api\/attachments\/(\d+)\//g), (match) => Number(match[1])));
  return files.filter((file) => !named.has(file.id));
};

/** The files of an issue that belong to none of its comments. */
export const ofIssue = (issue) => (issue.attachments ?? []).filter((file) => file.comment === null);

/** The files that came with a text. onDone: one was deleted. */
export function Attached({ files, text, onDone }) {
  const shown = unnamed(files ?? [], text);
  if (!shown.length) return null;
  const pictures = shown.filter(isPicture);
  return html`
    <div class="attached">
      ${pictures.length > 0 && html`<div class="pictures">${pictures.map((file) => html`<${Picture} key=${file.id} file=${file} />`)}</div>`}
      <ul class="file-cards" aria-label="Files">${shown.map((file) => html`<li key=${file.id}><${Card} file=${file} onDone=${onDone} /></li>`)}</ul>
    </div>`;
}
