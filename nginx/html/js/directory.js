// The lists that something is chosen from: staff, suppliers, orders. They are
// fetched when a choice is opened, and shared by all pages.
import { get } from './api.js';
import { signal, useMemo } from './lib.js';
import { session } from './session.js';

const FRESH_FOR = 60_000;
const FIRST = 100;
const NEXT = 500;

/** What the lists are of: the path, and what an entry is called. */
export const STAFF = {
  path: '/api/employees/', title: 'Search the staff',
  textOf: (p) => p.full_name || p.username, isOffered: (p) => p.is_active !== false,
};
export const SUPPLIERS = { path: '/api/vendors/', title: 'Search the suppliers', textOf: (v) => v.name, isOffered: () => true };
export const ORDERS = {
  path: '/api/orders/', title: 'Search the orders',
  textOf: (o) => (o.title ? `${o.order_number}: ${o.title}` : o.order_number), isOffered: () => true,
};

const lists = new Map();

function listOf(of, query) {
  const key = JSON.stringify([of.path, query, session.profile?.id]);
  if (!lists.has(key)) lists.set(key, signal({ pairs: /** @type {[string, string][]} */ ([]), isAll: true, at: 0 }));
  return lists.get(key);
}

/** One page of a list. */
const fetchPage = (of, query) => get(/** @type {'/api/orders/'} */ (of.path), { query });

const pairsOf = (of, results) => results.filter(of.isOffered).map((entry) => [String(entry.id), of.textOf(entry)]);

/** Entries as [[id, text], …]: the first ones, and all of them only after loadAll(). */
export function useDirectory(of, query = {}) {
  const list = useMemo(() => listOf(of, query), [of.path, JSON.stringify(query), session.profile?.id]);

  async function load() {
    if (Date.now() - list.value.at < FRESH_FOR) return;
    list.value = { ...list.value, at: Date.now() };
    try {
      const page = await fetchPage(of, { ...query, page_size: FIRST });
      list.value = { pairs: pairsOf(of, page.results), isAll: page.next === null, at: Date.now() };
    } catch {
      // the choice stays as it is, and the next opening tries again
      list.value = { ...list.value, at: 0 };
    }
  }

  async function loadAll() {
    const pairs = [];
    for (let page = 1, more = true; more; page += 1) {
      const answer = await fetchPage(of, { ...query, page, page_size: NEXT });
      pairs.push(...pairsOf(of, answer.results));
      more = answer.next !== null;
    }
    return pairs;
  }

  return { ...list.value, load, loadAll };
}
