'use strict';

const { namedUuid } = require('./uuid.js');

/*
 * The workspace as it is on the first start and after a reset. Every id is fixed.
 *
 * What would trip a careless client is here on purpose: two states of type `started`, a
 * `duplicate` state, a second team whose states have the same names and other ids, and a viewer
 * who is a service user, not one of the people.
 */

const ORGANIZATION = {
  id: namedUuid('organization'),
  name: 'Too Good CRM',
  urlKey: 'too-good-crm',
};

const TEAMS = [
  { id: 'b95250db-8430-4dbc-88f8-9fc109369df0', key: 'TOO', name: 'Too Good CRM' },
  { id: '5d1f6a8e-2c47-4b0f-9a3e-6e8b7c1d2f40', key: 'OTH', name: 'Other Company' },
];

/** Name, type, position within the workflow, color. */
const STATES = [
  ['Backlog', 'backlog', 0, '#bec2c8'],
  ['Todo', 'unstarted', 1, '#e2e2e2'],
  ['In Progress', 'started', 2, '#f2c94c'],
  ['In Review', 'started', 1002, '#0f783c'],
  ['Done', 'completed', 3, '#5e6ad2'],
  ['Canceled', 'canceled', 4, '#95a2b3'],
  ['Duplicate', 'duplicate', 5, '#95a2b3'],
];

/** The first is who the API key belongs to. */
const USERS = [
  { name: 'Docket', email: 'docket@example.com', admin: true },
  { name: 'Ann', email: 'ann@example.com', admin: true },
  { name: 'Sahel', email: 'sahel@example.com', admin: false },
  { name: 'Erin', email: 'erin@example.com', admin: false },
  { name: 'Omar', email: 'omar@example.com', admin: false },
];

/** Those who write without being users: an integration, and a customer who writes by it. */
const BOT = {
  id: namedUuid('bot'), type: 'slack', name: 'Slack', service: 'slack', userDisplayName: 'Sue',
};
const EXTERNAL = {
  id: namedUuid('external user'), name: 'Max Muster', displayName: 'max', email: 'max@example.org',
};

const VIEWER_ID = namedUuid('user docket@example.com');
const DEFAULT_HUMAN = 'ann@example.com';

/** What POST /control/settings may change, and how it is at first. */
const SETTINGS = {
  /** Most issues that the plan allows; null is no limit. */
  plan_limit: null,
  /** Whether the plan has customer requests. */
  customers: true,
  /** HTTP status of those refusals whose status at Linear was never recorded: 200 or 400. */
  refusal_status: 200,
  /** Whether a conflict says in words for people which id it is about. */
  conflict_words: true,
  /** What a `remove` webhook carries: "full" or "minimal" (the id alone). */
  remove_payload: 'full',
  /** Waits before the retries of a delivery. */
  retries_ms: [60 * 1000, 3600 * 1000, 6 * 3600 * 1000],
  /** How long a receiver may take. */
  timeout_ms: 5000,
  /** Webhook timestamp of a retry: "old" (the bytes are those of the first) or "new". */
  retry_timestamp: 'old',
  /** Whether the edit and the deletion of a comment leave the issue's updatedAt alone. */
  silent_comments: false,
  /** The largest file that may be uploaded, in bytes; null is no limit. */
  file_limit: null,
  /** Whether the host of the files redirects to the storage, instead of sending them. */
  files_redirect: false,
  /** How far an issue's updatedAt stays behind the time of its newest comment: 21 ms were seen at
   * Linear. */
  comment_lag_ms: 21,
  /** Failed attempts in a row that disable a webhook; null is never. */
  disable_after: null,
};

function seedTeam(team, now) {
  const stateId = (name) => namedUuid(`state ${team.key} ${name}`);
  const states = STATES.map(([name, type, position, color]) => ['states', stateId(name), {
    name,
    type,
    position,
    color,
    description: null,
    teamId: team.id,
    createdAt: now,
    updatedAt: now,
    archivedAt: null,
  }]);
  return [
    ['teams', team.id, {
      key: team.key,
      name: team.name,
      displayName: team.name,
      description: null,
      private: false,
      triageEnabled: false,
      triageIssueStateId: null,
      defaultIssueStateId: stateId('Backlog'),
      /** Number of the latest issue; numbers are never used twice. */
      lastNumber: 0,
      createdAt: now,
      updatedAt: now,
      archivedAt: null,
      retiredAt: null,
    }],
    ...states,
  ];
}

function seedUser(user, now) {
  return ['users', namedUuid(`user ${user.email}`), {
    ...user,
    displayName: user.name.toLowerCase(),
    active: true,
    app: false,
    guest: false,
    avatarUrl: null,
    createdAt: now,
    updatedAt: now,
    archivedAt: null,
  }];
}

/** The changes that make an empty store the first workspace. */
function seed(now) {
  return [
    ['settings', 'workspace', SETTINGS],
    ...USERS.map((user) => seedUser(user, now)),
    ...TEAMS.flatMap((team) => seedTeam(team, now)),
  ];
}

module.exports = {
  seed, seedTeam, ORGANIZATION, VIEWER_ID, DEFAULT_HUMAN, SETTINGS, BOT, EXTERNAL,
};
