// A text area for Markdown, with a preview, and a memory for what was typed.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../lib.js';
import { Field } from './form.js';

const HELP = '**bold** · _italic_ · `code` · - list · > quote';

/** The rendered text; the reader of Markdown is fetched when it is first needed. */
function Preview({ text }) {
  const [Markdown, setMarkdown] = useState(/** @type {any} */ (null));
  useEffect(() => {
    import('../markdown.js').then((module) => setMarkdown(() => module.Markdown), () => {});
  }, []);
  if (!text.trim()) return html`<div class="editor-preview"><p class="muted">Nothing to show yet.</p></div>`;
  return html`<div class="editor-preview">${Markdown ? html`<${Markdown} text=${text} />` : 'Loading…'}</div>`;
}

/** A field like Input. Ctrl+Enter sends the form. */
export function Editor({ form, name, label, hint = null, optional = false, wide = false, rows = 6, max, required = false, area = null }) {
  const [isPreview, setPreview] = useState(false);
  const own = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const node = area ?? own;
  const wasPreview = useRef(false);
  const text = form.values[name];

  useLayoutEffect(() => {
    if (wasPreview.current && !isPreview) node.current?.focus();
    wasPreview.current = isPreview;
  }, [isPreview]);
  useEffect(() => {
    if (!text) setPreview(false);
  }, [text]);

  const onKeyDown = (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.submit();
  };
  return html`
    <${Field} ...${{ form, name, label, hint, optional, wide }}>${(attributes) => html`
      <div class="editor">
        <textarea ref=${node} dir="auto" ...${{ rows, required }} maxlength=${max} hidden=${isPreview} onKeyDown=${onKeyDown} ...${attributes} />
        ${isPreview && html`<${Preview} text=${text} />`}
        <div class="editor-foot">
          <span class="muted small">${HELP}</span>
          <button type="button" class="quiet small" aria-pressed=${String(isPreview)} onClick=${() => setPreview(!isPreview)}>
            ${isPreview ? 'Back to writing' : 'Preview'}</button>
        </div>
      </div>`}
    </${Field}>`;
}
