'use strict';

const { GraphQLError } = require('./graphql-js.js');

/*
 * Linear's refusals, each in the shape that Linear gives it. `http` is the status of the whole
 * answer: most refusals come at 200, which is why a client must read `errors` and not the status.
 * Where Linear's status was never recorded, `http` is left out and the workspace's
 * `refusal_status` setting decides.
 */
function refusal(message, extensions, http) {
  const error = new GraphQLError(message, { extensions });
  Object.defineProperty(error, 'http', { value: http });
  return error;
}

function invalidInput(message, presentable, http) {
  return refusal(message, {
    type: 'invalid input',
    code: 'INPUT_ERROR',
    statusCode: 400,
    userError: true,
    userPresentableMessage: presentable,
  }, http);
}

/** What the arguments' own validation says, before anything is looked up. */
function invalidArgument(fault) {
  return refusal('Argument Validation Error', {
    type: 'invalid input',
    code: 'INVALID_INPUT',
    statusCode: 400,
    userError: true,
    userPresentableMessage: `${fault}.`,
  });
}

const notFound = (entity) => invalidInput(
  `Entity not found: ${entity}`,
  `Could not find referenced ${entity}.`,
  200,
);

const conflict = (entity, id, { conflict_words: words = true }) => invalidInput(
  `conflict on insert of ${entity}`,
  words ? `Entity ${entity} with id ${id} already exists.` : undefined,
);

const discrepancy = () => refusal(
  'Discrepancy between issue team and state, cycle or project',
  {
    type: 'invalid input',
    code: 'INVALID_INPUT',
    statusCode: 400,
    userError: true,
    userPresentableMessage: 'The state, cycle or project is not of the team of the issue.',
  },
);

const planLimit = () => invalidInput(
  'issue limit exceeded',
  "You've exceeded the free issue limit. Upgrade the workspace to create more issues.",
);

const duplicateLabel = (name) => invalidInput(
  'duplicate label name',
  `A label named "${name}" exists in the team already.`,
);

const archived = (entity) => invalidInput(
  `${entity} is archived`,
  `An archived ${entity.toLowerCase()} cannot be changed. Unarchive it first.`,
);

const featureNotAccessible = (feature) => refusal(
  'feature not accessible',
  {
    type: 'feature not accessible',
    code: 'FEATURE_NOT_ACCESSIBLE',
    statusCode: 403,
    userError: true,
    userPresentableMessage: `${feature} are not part of the plan of the workspace.`,
  },
);

const notAuthenticated = () => refusal(
  'Authentication required, not authenticated',
  {
    type: 'authentication error',
    code: 'AUTHENTICATION_ERROR',
    statusCode: 401,
    userError: true,
    userPresentableMessage: 'You need to authenticate to access this operation.',
    http: { status: 401 },
  },
  401,
);

const keySentAsBearer = () => invalidInput(
  "It looks like you're trying to use an API key as a Bearer token. Remove the Bearer prefix "
    + 'from the Authorization header.',
  'Remove the Bearer prefix from the Authorization header.',
  400,
);

const rateLimited = (limit, kind) => refusal(
  `Rate limit exceeded. Only ${limit} ${kind} are allowed per 1 hour.`,
  {
    type: 'ratelimited',
    code: 'RATELIMITED',
    statusCode: 429,
    userError: true,
    userPresentableMessage: 'Rate limit exceeded. Please try again later.',
  },
  400,
);

const tooComplex = (complexity, limit) => invalidInput(
  'Query too complex',
  `The query's complexity is ${complexity}, maximum allowed is ${limit}.`,
  400,
);

const lockTimeout = () => refusal(
  'lock timeout',
  {
    type: 'lock timeout',
    code: 'LOCK_TIMEOUT',
    statusCode: 409,
    userError: false,
  },
  200,
);

const internal = (http = 200) => refusal(
  'Internal server error',
  {
    type: 'internal error',
    code: 'INTERNAL_SERVER_ERROR',
    statusCode: 500,
    userError: false,
  },
  http,
);

const graphqlFault = (error, code) => refusal(
  error.message,
  {
    type: 'graphql error',
    code,
    statusCode: 400,
    userError: true,
    http: { status: 400 },
  },
  400,
);

module.exports = {
  invalidInput,
  invalidArgument,
  notFound,
  conflict,
  discrepancy,
  planLimit,
  duplicateLabel,
  archived,
  featureNotAccessible,
  notAuthenticated,
  keySentAsBearer,
  rateLimited,
  tooComplex,
  lockTimeout,
  internal,
  graphqlFault,
};
