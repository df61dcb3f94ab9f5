'use strict';

/*
 * html`…` makes a piece of HTML in which every value is escaped, except pieces made the same way
 * and lists of such. There is no other way to get markup into a page, and so none to forget.
 */

const ENTITIES = {
  '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;',
};

const escape = (text) => String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);

class Html {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

function render(value) {
  if (value instanceof Html) {
    return value.text;
  }
  if (Array.isArray(value)) {
    return value.map(render).join('');
  }
  return value === null || value === undefined ? '' : escape(value);
}

/** The last string has no value after it, which renders as nothing. */
const html = (strings, ...values) => new Html(
  strings.map((text, index) => text + render(values[index])).join(''),
);

module.exports = { html };
