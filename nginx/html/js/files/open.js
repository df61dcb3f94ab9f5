// Opening, keeping and deleting a file of an issue.
import { download, post, remove } from '../api.js';
import { html, useEffect, useState } from '../lib.js';
import { session } from '../session.js';
import { confirmed, openDialog } from '../ui/dialog.js';
import { ActionButton } from '../ui/form.js';
import { Skeleton } from '../ui/states.js';
import { toast } from '../ui/toast.js';

// For so long uploaders may delete what they uploaded.
const DELETABLE = 15 * 60_000;

/** Whether the content can be had by this person; staff are asked first, see sure(). */
export const isOpen = ({ state, size }) => size > 0 && (
  state === 'ready' || state === 'unchecked' || (state === 'checking' && session.isStaff));

const WARNINGS = {
  checking: 'It has not been checked for viruses yet. Open it only if you know who sent it.',
  unchecked: 'It could not be checked for viruses. Open it only if you know who sent it.',
};

const sure = async ({ state }) => !WARNINGS[state] || confirmed('Open this file?', WARNINGS[state], 'Open it anyway');

/** Lets the browser fetch the file by itself, as it fetches any large one. */
export async function keep(file) {
  if (!await sure(file)) return;
  const { url } = await post('/api/attachments/{id}/link/', { path: { id: file.id } });
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = file.filename;
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
}

/**
 * The picture's address in this page, once it is fetched; `isWanted`: not before.
 * {url, error}
 */
export function usePicture(file, isWanted = true) {
  const [state, setState] = useState({ url: /** @type {string | null} */ (null), error: /** @type {any} */ (null) });
  useEffect(() => {
    if (!isWanted) return undefined;
    const stop = new AbortController();
    let url = /** @type {string | null} */ (null);
    download('/api/attachments/{id}/', { path: { id: file.id }, signal: stop.signal }).then((blob) => {
      if (stop.signal.aborted) return;
      url = URL.createObjectURL(blob);
      setState({ url, error: null });
    }, (error) => {
      if (!stop.signal.aborted) setState({ url: null, error });
    });
    return () => {
      stop.abort();
      if (url) URL.revokeObjectURL(url);
    };
  }, [file.id, isWanted]);
  return state;
}

function PictureBody({ file, alt }) {
  const { url, error } = usePicture(file);
  return html`
    <div class="picture-large">${url
      ? html`<img src=${url} alt=${alt} width=${file.width} height=${file.height} />`
      : error ? html`<p role="alert">${error.message}</p>` : html`<${Skeleton} rows=${1} />`}</div>
    <div class="actions"><${ActionButton} run=${() => keep(file)}>Download</${ActionButton}></div>`;
}

/** Shows a picture as large as there is room. */
export const show = (file, alt) => openDialog(file.filename, PictureBody, { file, alt }, { kind: 'picture-dialog' });

export function canDelete(file) {
  if (session.isOwner) return true;
  return file.uploaded_by !== null && file.uploaded_by === session.user?.id && Date.now() < Date.parse(file.created_at) + DELETABLE;
}

export async function deleteFile(file, onDone) {
  if (!await confirmed('Delete this file?', `${file.filename} disappears for everybody.`, 'Delete', { danger: true })) return;
  await remove('/api/attachments/{id}/', { path: { id: file.id } });
  toast('The file is deleted.');
  onDone();
}
