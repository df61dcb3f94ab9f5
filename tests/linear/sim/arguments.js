'use strict';

const errors = require('./errors.js');
const { isUuid, isUuidV4 } = require('./uuid.js');

/*
 * What Linear checks of the arguments themselves, before it looks anything up. GraphQL has
 * checked the types already; null counts as not given, as it does at Linear.
 */

const given = (value) => value !== undefined && value !== null;

function requireUuid(name, value) {
  if (given(value) && !isUuid(value)) {
    throw errors.invalidArgument(`${name} must be a UUID`);
  }
}

function requireUuids(name, values) {
  if (given(values) && !values.every(isUuid)) {
    throw errors.invalidArgument(`each value in ${name} must be a UUID`);
  }
}

/** Ids that clients choose have to be of version 4. */
function requireNewId(value) {
  if (given(value) && !isUuidV4(value)) {
    throw errors.invalidArgument('id must be a UUID');
  }
}

function requireText(name, value) {
  if (!given(value) || value.trim() === '') {
    throw errors.invalidArgument(`${name} should not be empty`);
  }
}

function requireRange(name, value, low, high) {
  if (!given(value)) {
    return;
  }
  if (value < low) {
    throw errors.invalidArgument(`${name} must not be less than ${low}`);
  }
  if (value > high) {
    throw errors.invalidArgument(`${name} must not be greater than ${high}`);
  }
}

function requirePast(name, value, now) {
  if (given(value) && Date.parse(value) > now) {
    throw errors.invalidInput(`${name} must be in the past`, `${name} cannot be in the future.`);
  }
}

/** Only an OAuth app may speak for others, and the simulator knows keys alone. */
function refuseImpersonation(input) {
  if (given(input.createAsUser) || given(input.displayIconUrl)) {
    throw errors.invalidInput(
      'createAsUser is only available to OAuth applications',
      'createAsUser and displayIconUrl can only be used with actor=app.',
    );
  }
}

module.exports = {
  given,
  requireUuid,
  requireUuids,
  requireNewId,
  requireText,
  requireRange,
  requirePast,
  refuseImpersonation,
};
