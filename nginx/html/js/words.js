// The API's words, and people's.
export const STATUS = { open: 'Open', in_progress: 'In progress', resolved: 'Resolved', closed: 'Closed' };
export const PRIORITY = { urgent: 'Urgent', high: 'High', medium: 'Medium', low: 'Low' };
export const CATEGORY = {
  general: 'General issue',
  delivery: 'Delivery delay',
  quality: 'Quality issue',
  billing: 'Billing problem',
  communication: 'Communication issue',
  technical: 'Technical problem',
  other: 'Other',
};
export const ROLE = { customer: 'Customer', employee: 'Employee', vendor: 'Owner' };
export const SYNC = { synced: 'In sync', pending: 'Waiting to sync', failed: 'Sync failed', off: 'Not connected' };

/** "Customer" or "Owner of Demo Company". */
export function profileText(profile) {
  const role = ROLE[profile.profile_type] ?? profile.profile_type;
  const where = profile.profile_type === 'customer' ? null : profile.organization_name;
  return where ? `${role}, ${where}` : role;
}

/** 1 → "1 issue", 2 → "2 issues". */
export const count = (n, one, many = `${one}s`) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** 1536 → "1.5 KB". */
export function sizeText(bytes) {
  if (bytes < 1024) return count(bytes, 'byte');
  const units = ['KB', 'MB', 'GB'];
  let n = bytes / 1024;
  let at = 0;
  for (; n >= 999.5 && at < units.length - 1; at += 1) n /= 1024;
  return `${n < 9.95 ? n.toFixed(1).replace('.0', '') : Math.round(n)} ${units[at]}`;
}

/** "Erin Walsh" → "EW". */
export const initials = (name) =>
  (name ?? '?').split(/\s+/).filter(Boolean).slice(0, 2).map((w) => [...w][0].toUpperCase()).join('');
