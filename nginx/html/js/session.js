// Who is logged in, and which profile they act as. Each tab keeps its own profile and
// sends it along, so that a switch in one does not turn the others around.
// Components that read a member are drawn again when it changes.
import { signal } from './lib.js';
import { clearDrafts, local, tab } from './storage.js';

/** @import {Schemas} from 'docket/api' */

/** @type {{value: string | null}} */
const token = signal(null);
/** @type {{value: Schemas['User'] | null}} */
const user = signal(null);
/** @type {{value: Schemas['Profile'] | null}} */
const profile = signal(null);

/** How often a session ended by itself. */
export const expiries = signal(0);

export const session = {
  get token() { return token.value; },
  get user() { return user.value; },
  get profile() { return profile.value; },

  /** The one that is sent along; of an earlier visit of this tab before more is known. */
  get profileId() { return profile.value ? profile.value.id : tab.get('profile'); },

  /** Forgets the profile that this tab chose; false if it chose none. */
  forgetProfile() {
    const had = tab.get('profile') !== null;
    tab.set('profile', null);
    return had;
  },

  /** The token that an earlier visit left here. */
  restore() {
    token.value = tab.get('token') ?? local.get('token');
    return Boolean(token.value);
  },

  begin(fresh, person, keep) {
    token.value = fresh;
    (keep ? local : tab).set('token', fresh);
    this.know(person);
  },

  know(person) {
    const wanted = tab.get('profile') ?? person.active_profile?.id;
    const mine = person.profiles.filter((p) => p.is_active);
    user.value = person;
    this.act(mine.find((p) => p.id === wanted) ?? person.active_profile ?? mine[0] ?? null);
  },

  act(chosen) {
    profile.value = chosen;
    tab.set('profile', chosen?.id);
  },

  end({ expired = false } = {}) {
    if (!token.value) return;
    token.value = null;
    user.value = null;
    profile.value = null;
    for (const area of [local, tab]) area.set('token', null);
    tab.set('profile', null);
    // a session that ran out must not lose what somebody wrote; logging out
    // means to leave nothing behind
    if (expired) expiries.value += 1;
    else clearDrafts();
  },

  get role() {
    return profile.value?.profile_type ?? null;
  },
  get isStaff() {
    return this.role === 'employee' || this.role === 'vendor';
  },
  get isOwner() {
    return this.role === 'vendor';
  },
  /** Of staff; a customer's profile names one only as a hint for other clients. */
  get organization() {
    return this.isStaff ? profile.value?.organization ?? null : null;
  },
};
