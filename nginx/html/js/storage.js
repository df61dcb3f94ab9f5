// Web storage that may be full or switched off: then nothing is remembered,
// and nothing breaks.

const PREFIX = 'docket.';

function wrap(area) {
  return {
    get(key) {
      try {
        return JSON.parse(area().getItem(PREFIX + key));
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        if (value === null || value === undefined) area().removeItem(PREFIX + key);
        else area().setItem(PREFIX + key, JSON.stringify(value));
      } catch {
        // what cannot be kept is done without
      }
    },
    keys() {
      try {
        return Object.keys(area()).filter((k) => k.startsWith(PREFIX)).map((k) => k.slice(PREFIX.length));
      } catch {
        return [];
      }
    },
  };
}

/** Of this browser; and of this tab alone. */
export const local = wrap(() => localStorage);
export const tab = wrap(() => sessionStorage);

/**
 * What somebody has typed and not sent yet. Drafts belong to a user.
 * @typedef {{get: () => any, set: (value: any) => void, clear: () => void}} Draft
 * @returns {Draft}
 */
export function draft(user, name) {
  const key = `draft.${user}.${name}`;
  return {
    get: () => local.get(key),
    set: (value) => local.set(key, value),
    clear: () => local.set(key, null),
  };
}

export function clearDrafts() {
  for (const key of local.keys()) if (key.startsWith('draft.')) local.set(key, null);
}
