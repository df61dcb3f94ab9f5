// Where files are added to a form: chosen, photographed, dropped or pasted.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../lib.js';
import { Icon } from '../ui/icons.js';
import { sizeText } from '../words.js';
import { FILES_MAX, SIZE_MAX } from './uploads.js';

// Those that every browser draws, and none executes.
const DRAWN = /^image\/(png|jpeg|gif|webp|avif)$/;

function Preview({ file }) {
  const url = useMemo(() => URL.createObjectURL(file), [file]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return html`<img src=${url} alt="" width="40" height="40" />`;
}

function State({ upload: { state, share, name, problem } }) {
  if (state === 'failed') return html`<span class="field-error">${problem}</span>`;
  if (state === 'done') return html`<span class="muted small"><${Icon} name="check" /> Uploaded</span>`;
  return html`<progress value=${share} max="1" aria-label=${`Upload of ${name}`} />`;
}

function Row({ uploads, upload }) {
  const { key, name, size, state, file } = upload;
  return html`
    <li class=${`upload ${state}`}>
      ${file && DRAWN.test(file.type) ? html`<${Preview} file=${file} />` : html`<${Icon} name="file" />`}
      <span class="upload-name"><bdi>${name}</bdi> <span class="muted small">${sizeText(size)}</span></span>
      <${State} upload=${upload} />
      ${state === 'failed' && file && html`
        <button type="button" class="button small" aria-label=${`Upload ${name} again`} onClick=${() => uploads.retry(key)}>Try again</button>`}
      <button type="button" class="icon-button" onClick=${() => uploads.drop(key)}
        aria-label=${`${state === 'sending' || state === 'waiting' ? 'Cancel' : 'Remove'} ${name}`}><${Icon} name="close" /></button>
    </li>`;
}

/** Files that are pasted as such; a copied table is text and HTML, and has a picture of itself. */
const pasted = ({ clipboardData: data }) =>
  (data?.types.includes('text/plain') && data.types.includes('text/html') ? [] : [...data?.files ?? []]);

const hasFiles = (event) => event.dataTransfer?.types.includes('Files');

/** Takes what is dropped on the form, or pasted into it. True while files are over it. */
function useDropping(form, uploads) {
  const [isOver, setOver] = useState(false);
  useLayoutEffect(() => {
    const node = form.node.current;
    const stop = new AbortController();
    const on = (target, type, run) => target?.addEventListener(type, run, { signal: stop.signal });
    on(node, 'paste', (event) => {
      const files = pasted(event);
      if (!files.length) return;
      event.preventDefault();
      uploads.add(files);
    });
    on(node, 'dragover', (event) => hasFiles(event) && setOver(true));
    on(node, 'dragleave', (event) => !node.contains(event.relatedTarget) && setOver(false));
    on(node, 'drop', (event) => {
      setOver(false);
      if (hasFiles(event)) uploads.add(event.dataTransfer.files);
    });
    // a file that misses the form must not replace the page
    for (const type of ['dragover', 'drop']) on(window, type, (event) => hasFiles(event) && event.preventDefault());
    return () => stop.abort();
  }, [uploads]);
  return isOver;
}

/** Says what has happened since, to those who do not see it. */
function useNews(list) {
  const before = useRef(/** @type {Record<string, string>} */ ({}));
  const [words, setWords] = useState('');
  useEffect(() => {
    const news = list.filter((u) => before.current[u.key] !== u.state && ['done', 'failed'].includes(u.state));
    if (news.length) setWords(news.map((u) => (u.state === 'done' ? `${u.name} is uploaded.` : `${u.name}: ${u.problem}`)).join(' '));
    before.current = Object.fromEntries(list.map((u) => [u.key, u.state]));
  }, [list]);
  return words;
}

/** For the form of which `uploads` are a part. */
export function FileField({ form, uploads, wide = false }) {
  const isOver = useDropping(form, uploads);
  const list = uploads.list.value;
  const words = useNews(list);
  const take = (event) => {
    uploads.add(event.target.files);
    event.target.value = ''; // the same file can be chosen again
  };
  const fault = form.faults.attachments ?? uploads.notice.value;
  return html`
    <div class=${`file-field ${wide ? 'wide' : ''} ${isOver ? 'over' : ''}`} role="group" aria-label="Files">
      <div class="actions">
        <label class="button small"><${Icon} name="clip" />Attach files
          <input class="sr" type="file" name="attachments" multiple onChange=${take} /></label>
        <label class="button small camera"><${Icon} name="camera" />Take a photo
          <input class="sr" type="file" accept="image/*" capture="environment" onChange=${take} /></label>
        <span class="muted small drop-hint">or drop or paste them here: up to ${FILES_MAX}, of ${sizeText(SIZE_MAX)} each</span>
      </div>
      <p class="field-error" role="alert">${fault}</p>
      ${list.length > 0 && html`
        <ul class="uploads" aria-label="Files to send">${list.map((upload) => html`<${Row} key=${upload.key} uploads=${uploads} upload=${upload} />`)}</ul>`}
      <p class="sr" role="status">${words}</p>
    </div>`;
}
