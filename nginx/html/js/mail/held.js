// How many e-mails wait for a decision, for the navigation of staff. Where none has
// ever come in, it is asked once.
import { useLive } from '../data.js';

const EVERY = 60_000;

/** Whether any e-mail came in, and how many of them are held. */
export function useHeld() {
  const all = useLive('/api/mail/inbox/', { query: { page_size: 1 }, isExtra: true, isOptional: true });
  const isUsed = (all.data?.count ?? 0) > 0;
  const held = useLive('/api/mail/inbox/', { query: { state: 'held', page_size: 1 }, every: isUsed ? EVERY : 0, isExtra: true, isOptional: true });
  return { isUsed, count: held.data?.count ?? 0 };
}
