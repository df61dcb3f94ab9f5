// The documentation of the API in the colours of the system.
const docs = /** @type {HTMLElement} */ (document.querySelector('rapi-doc'));
const dark = matchMedia('(prefers-color-scheme: dark)');

function paint() {
  docs.setAttribute('theme', dark.matches ? 'dark' : 'light');
  docs.setAttribute('primary-color', dark.matches ? '#5fc9b5' : '#0b6b5d');
}

dark.addEventListener('change', paint);
paint();
