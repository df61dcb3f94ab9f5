// The lists that something is chosen from: staff, suppliers, orders, customers. Their
// first entries are fetched when a choice is opened, and shared by all pages; the
// others are searched by the API.
import { get } from './api.js';
import { useDebounced, useLive } from './data.js';
import { signal, useMemo } from './lib.js';
import { session } from './session.js';

const FRESH_FOR = 60_000;
const FIRST = 100;
const FOUND = 25;
const WAIT = 200; // ms without another letter

const everybody = () => true;
const idOf = (entry) => entry.id;
const nameAndAddress = (k) => `${k.full_name} (${k.email})`;

/** What the lists are of: the path, and what an entry is called. */
export const STAFF = { path: '/api/employees/', title: 'Search the staff', textOf: (p) => p.full_name || p.username, isOffered: everybody, idOf };
export const SUPPLIERS = { path: '/api/vendors/', title: 'Search the suppliers', textOf: (v) => v.name, isOffered: everybody, idOf };
export const ORDERS = {
  path: '/api/orders/', title: 'Search the orders', isOffered: everybody, idOf,
  textOf: (o) => (o.title ? `${o.order_number}: ${o.title}` : o.order_number),
};
export const CUSTOMERS = { path: '/api/customers/', title: 'Search the customers', textOf: nameAndAddress, isOffered: everybody, idOf };

/** Customers that an issue can be raised for, by the id of their login. */
export const RAISERS = { ...CUSTOMERS, isOffered: (k) => k.is_active, idOf: (k) => k.user };

const lists = new Map();

function listOf(of, query) {
  const key = JSON.stringify([of.path, query, session.profile?.id]);
  if (!lists.has(key)) lists.set(key, signal({ entries: /** @type {any[]} */ ([]), isAll: true, at: 0 }));
  return lists.get(key);
}

/** @typedef {'/api/orders/'} ListPath one of them stands for all: their queries are alike */

const pairsOf = (of, entries) => entries.filter(of.isOffered).map((entry) => [String(of.idOf(entry)), of.textOf(entry)]);

/** The first entries as [[id, text], …], after load(); isAll: there are no others. */
export function useDirectory(of, query = {}) {
  const list = useMemo(() => listOf(of, query), [of.path, JSON.stringify(query), session.profile?.id]);

  async function load() {
    if (Date.now() - list.value.at < FRESH_FOR) return;
    list.value = { ...list.value, at: Date.now() };
    try {
      const page = await get(/** @type {ListPath} */ (of.path), { query: { ...query, page_size: FIRST } });
      list.value = { entries: page.results, isAll: page.next === null, at: Date.now() };
    } catch {
      // the choice stays as it is, and the next opening tries again
      list.value = { ...list.value, at: 0 };
    }
  }

  const { entries, isAll } = list.value;
  return { pairs: pairsOf(of, entries), isAll, load };
}

/** What the words find, as they are typed: `pairs` is null until the first answer. */
export function useFound(of, query, words) {
  const search = useDebounced(words.trim(), WAIT);
  const { data, error, again } = useLive(/** @type {ListPath} */ (of.path), { query: { ...query, search, page_size: FOUND }, isExtra: true });
  return { pairs: data && pairsOf(of, data.results), count: data?.count ?? 0, error, again };
}
