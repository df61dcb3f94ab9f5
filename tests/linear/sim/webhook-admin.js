'use strict';

const crypto = require('crypto');
const errors = require('./errors.js');
const { isUuid, namedUuid, randomUuid } = require('./uuid.js');
const { given, requireNewId } = require('./arguments.js');

/*
 * The webhooks that a workspace has. In one thing the simulator is kinder than Linear: a webhook
 * may point to plain http and to this machine, which is where tests live.
 */

/** The webhook that the command line or POST /control/webhook sets up. */
const DEFAULT_WEBHOOK_ID = namedUuid('webhook');
const DEFAULT_RESOURCE_TYPES = ['Issue', 'Comment', 'Attachment'];

function find(tx, id) {
  const webhook = isUuid(id) ? tx.get('webhooks', id.toLowerCase()) : undefined;
  if (!webhook) {
    throw errors.notFound('Webhook');
  }
  return webhook;
}

function checkUrl(url) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    throw errors.invalidArgument('url must be a URL address');
  }
  if (!['http:', 'https:'].includes(parsed.protocol)) {
    throw errors.invalidArgument('url must be a URL address');
  }
}

/** Webhooks name their team by id or by key. */
function findTeam(tx, name) {
  const team = tx.store.all('teams').find((row) => row.id === name || row.key === name);
  if (!team) {
    throw errors.notFound('Team');
  }
  return team;
}

function create(tx, input) {
  requireNewId(input.id);
  checkUrl(input.url);
  if (input.resourceTypes.length === 0) {
    throw errors.invalidArgument('resourceTypes should not be empty');
  }
  if (given(input.teamId) === Boolean(input.allPublicTeams)) {
    throw errors.invalidInput(
      'webhook needs a team or all public teams',
      'Give either teamId or allPublicTeams.',
    );
  }
  return tx.put('webhooks', given(input.id) ? input.id.toLowerCase() : randomUuid(), {
    url: input.url,
    label: given(input.label) ? input.label : null,
    enabled: input.enabled,
    secret: given(input.secret) ? input.secret : crypto.randomBytes(24).toString('hex'),
    previousSecret: null,
    resourceTypes: input.resourceTypes,
    teamId: given(input.teamId) ? findTeam(tx, input.teamId).id : null,
    allPublicTeams: Boolean(input.allPublicTeams),
    creatorId: tx.userId,
    /** The latest failed attempts, newest last. */
    failures: [],
    failuresInRow: 0,
    createdAt: tx.now,
    updatedAt: tx.now,
    archivedAt: null,
  });
}

function update(tx, id, input) {
  const webhook = find(tx, id);
  if (given(input.url)) {
    checkUrl(input.url);
  }
  const fields = Object.fromEntries(Object.entries(input).filter(([, value]) => given(value)));
  if (fields.secret && fields.secret !== webhook.secret) {
    fields.previousSecret = webhook.secret;
  }
  if (fields.enabled) {
    fields.failuresInRow = 0;
  }
  return tx.put('webhooks', webhook.id, { ...fields, updatedAt: tx.now });
}

function remove(tx, id) {
  const webhook = find(tx, id);
  tx.remove('webhooks', webhook.id);
  return webhook;
}

/** Makes or changes the default webhook; fields that are not given stay or take defaults. */
function setDefault(tx, {
  url, secret, previous_secret: previous, enabled, resource_types: types,
}) {
  if (!tx.get('webhooks', DEFAULT_WEBHOOK_ID)) {
    create(tx, {
      id: DEFAULT_WEBHOOK_ID,
      url,
      secret,
      label: 'Docket',
      enabled: true,
      allPublicTeams: true,
      resourceTypes: types || DEFAULT_RESOURCE_TYPES,
    });
  }
  const webhook = update(tx, DEFAULT_WEBHOOK_ID, { url, secret, enabled, resourceTypes: types });
  return previous === undefined
    ? webhook
    : tx.put('webhooks', webhook.id, { previousSecret: previous });
}

module.exports = { DEFAULT_WEBHOOK_ID, create, update, remove, setDefault };
