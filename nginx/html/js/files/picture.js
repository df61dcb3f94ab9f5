// A picture in the conversation. Its box has its size from the start, so that
// nothing moves when it comes; it is fetched when it is about to be seen.
import { html, useEffect, useRef, useState } from '../lib.js';
import { Icon } from '../ui/icons.js';
import { show, usePicture } from './open.js';

// How far below the edge of the window it is fetched already.
const NEAR = '400px';

function useNear(node) {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (isNear) return undefined;
    const watcher = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setNear(true);
    }, { rootMargin: NEAR });
    watcher.observe(node.current);
    return () => watcher.disconnect();
  }, [isNear]);
  return isNear;
}

/** `alt`: what it shows, in words; else its name stands for that. */
export function Picture({ file, alt = '' }) {
  const node = useRef(null);
  const isNear = useNear(node);
  const { url, error } = usePicture(file, isNear);
  const [isBroken, setBroken] = useState(false);
  const { width, height } = file;
  const text = alt || file.filename;
  const isMissing = Boolean(error) || isBroken;
  return html`
    <button type="button" class="picture" ref=${node} aria-label=${`Show ${text}`} style=${{ width: `${width}px`, aspectRatio: `${width} / ${height}` }}
      onClick=${() => show(file, text)}>
      ${url && !isBroken
        ? html`<img src=${url} alt=${text} onError=${() => setBroken(true)} />`
        : html`<span class="picture-wait" aria-busy=${String(!isMissing)}><${Icon} name=${isMissing ? 'warning' : 'file'} /><bdi>${text}</bdi></span>`}
    </button>`;
}
