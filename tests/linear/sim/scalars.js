'use strict';

const { GraphQLError, valueFromASTUntyped } = require('./graphql-js.js');

/*
 * Linear's scalars. Times are kept as text in the one form that Linear writes, which sorts and
 * compares as time does; a duration such as -P2W1D is taken as that far from now.
 */

const DURATION = new RegExp(
  '^([+-])?P(?:(\\d+)Y)?(?:(\\d+)M)?(?:(\\d+)W)?(?:(\\d+)D)?'
  + '(?:T(?:(\\d+)H)?(?:(\\d+)M)?(?:(\\d+(?:\\.\\d+)?)S)?)?$',
);

function addDuration(now, match) {
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(2)
    .map((part) => Number(part || 0) * (match[1] === '-' ? -1 : 1));
  const date = new Date(now);
  date.setUTCFullYear(date.getUTCFullYear() + years, date.getUTCMonth() + months);
  date.setUTCDate(date.getUTCDate() + weeks * 7 + days);
  return new Date(date.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1000);
}

function parseTime(name, value, now) {
  const duration = typeof value === 'string' && DURATION.exec(value);
  const date = duration ? addDuration(now, duration) : new Date(value);
  if (typeof value !== 'string' || Number.isNaN(date.getTime())) {
    throw new GraphQLError(`${name} cannot represent the value ${JSON.stringify(value)}`);
  }
  return date.toISOString();
}

function parseDay(value) {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) {
    throw new GraphQLError(`TimelessDate cannot represent ${JSON.stringify(value)}`);
  }
  return value;
}

const parseAny = (value) => value;

function parseObject(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GraphQLError(`JSONObject cannot represent ${JSON.stringify(value)}`);
  }
  return value;
}

/** Gives the schema's scalars their meaning. */
function defineScalars(schema, clock) {
  const parsers = {
    DateTime: (value) => parseTime('DateTime', value, clock.now()),
    DateTimeOrDuration: (value) => parseTime('DateTimeOrDuration', value, clock.now()),
    TimelessDate: parseDay,
    JSONObject: parseObject,
    JSON: parseAny,
  };
  for (const [name, parse] of Object.entries(parsers)) {
    Object.assign(schema.getType(name), {
      serialize: (value) => value,
      parseValue: parse,
      parseLiteral: (node, variables) => parse(valueFromASTUntyped(node, variables)),
    });
  }
}

module.exports = { defineScalars };
