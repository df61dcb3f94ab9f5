// A text area for Markdown, with a preview, and a memory for what was typed.
import { fill, h, uid } from '../dom.js';
import { renderMarkdown } from '../markdown.js';

const HELP = '**bold** · _italic_ · `code` · - list · > quote';

/**
 * Gives the <textarea>; its `field` is what goes onto the page. `memory` is a
 * draft of storage.js. Ctrl+Enter calls onSend.
 */
export function editor({ rows = 6, max, required = false, placeholder = null, memory = null, onSend = null }) {
  const id = uid('text');
  const area = h('textarea', {
    id, rows, maxlength: max, required, placeholder,
    oninput: () => memory?.set(area.value || null),
    onkeydown: (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && onSend) {
        event.preventDefault();
        onSend();
      }
    },
  });
  area.value = memory?.get() ?? '';

  const preview = h('div', { class: 'markdown editor-preview', hidden: true });
  const toggle = h('button', { type: 'button', class: 'quiet small', 'aria-pressed': 'false', onclick: flip }, 'Preview');

  function flip() {
    const on = preview.hidden;
    preview.hidden = !on;
    area.hidden = on;
    toggle.setAttribute('aria-pressed', String(on));
    toggle.textContent = on ? 'Back to writing' : 'Preview';
    if (on) fill(preview, area.value.trim() ? renderMarkdown(area.value) : h('p', { class: 'muted' }, 'Nothing to show yet.'));
    else area.focus();
  }

  area.field = h('div', { class: 'editor' }, area, preview,
    h('div', { class: 'editor-foot' }, h('span', { class: 'muted small' }, HELP), toggle));
  area.reset = (text = '') => {
    area.value = text;
    memory?.set(text || null);
    if (!preview.hidden) flip();
  };
  return area;
}
