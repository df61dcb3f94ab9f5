// Who is logged in, and which profile they act as. Each tab keeps its own profile and
// sends it along, so that a switch in one does not turn the others around.
import { clearDrafts, local, tab } from './storage.js';

export const session = {
  token: null,
  user: null,
  profile: null,
  /** 'change' after a login, a logout or a switch; 'expired' on a 401. */
  events: new EventTarget(),

  /** The token that an earlier visit left here. */
  restore() {
    this.token = tab.get('token') ?? local.get('token');
    return Boolean(this.token);
  },

  begin(token, user, keep) {
    this.token = token;
    (keep ? local : tab).set('token', token);
    this.know(user);
  },

  know(user) {
    const wanted = tab.get('profile') ?? user.active_profile?.id;
    const mine = user.profiles.filter((p) => p.is_active);
    this.user = user;
    this.act(mine.find((p) => p.id === wanted) ?? user.active_profile ?? mine[0] ?? null);
  },

  act(profile) {
    this.profile = profile;
    tab.set('profile', profile?.id);
    this.events.dispatchEvent(new Event('change'));
  },

  end({ expired = false } = {}) {
    if (!this.token) return;
    this.token = this.user = this.profile = null;
    for (const area of [local, tab]) area.set('token', null);
    tab.set('profile', null);
    // a session that ran out must not lose what somebody wrote; logging out
    // means to leave nothing behind
    if (!expired) clearDrafts();
    this.events.dispatchEvent(new Event(expired ? 'expired' : 'change'));
  },

  get role() {
    return this.profile?.profile_type ?? null;
  },
  get isStaff() {
    return this.role === 'employee' || this.role === 'vendor';
  },
  get isOwner() {
    return this.role === 'vendor';
  },
  /** Of staff; a customer's profile names one only as a hint for other clients. */
  get organization() {
    return this.isStaff ? this.profile.organization : null;
  },
};
