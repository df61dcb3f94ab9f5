#!/usr/bin/env node
'use strict';

/*
 * check-schema.js [--official FILE] [DOCUMENT.graphql…]
 *
 * Holds our schema against Linear's own: everything of ours must be there with the same name,
 * type and nullability. Then holds every document against both. Linear's schema is not part of
 * the project; where its file is missing, the comparison is skipped and said to be.
 */

const fs = require('fs');
const path = require('path');
const {
  buildSchema, parse, validate, printError,
  isSpecifiedScalarType, isSpecifiedDirective,
  isObjectType, isInterfaceType, isInputObjectType, isEnumType, isRequiredInputField,
  isRequiredArgument,
} = require('./sim/graphql-js.js');

const OURS = path.join(__dirname, 'schema.graphql');
const OFFICIAL = path.join(__dirname, '../../../shared/linear/schema.graphql');
const USAGE = 'usage: check-schema.js [--official FILE] [DOCUMENT.graphql…]';

function parseArguments(words) {
  const options = { official: OFFICIAL, documents: [] };
  for (let i = 0; i < words.length; i += 1) {
    if (words[i] === '--help') {
      console.log(USAGE);
      process.exit(0);
    } else if (words[i] === '--official' && i + 1 < words.length) {
      i += 1;
      options.official = words[i];
    } else if (words[i].startsWith('-')) {
      console.error(USAGE);
      process.exit(2);
    } else {
      options.documents.push(words[i]);
    }
  }
  return options;
}

const same = (a, b) => String(a) === String(b);

/** Faults of one list of arguments or input fields: `where` says of what. */
function compareInputs(where, ours, theirs, isRequired) {
  const faults = [];
  for (const [name, input] of Object.entries(ours)) {
    const other = theirs[name];
    if (!other) {
      faults.push(`${where}.${name}: Linear has none`);
    } else if (!same(input.type, other.type)) {
      faults.push(`${where}.${name}: ${input.type}, at Linear ${other.type}`);
    } else if (input.defaultValue !== other.defaultValue) {
      faults.push(`${where}.${name}: default ${input.defaultValue}, at Linear `
        + `${other.defaultValue}`);
    }
  }
  for (const [name, other] of Object.entries(theirs)) {
    if (isRequired(other) && !ours[name]) {
      faults.push(`${where}.${name}: missing here, required at Linear`);
    }
  }
  return faults;
}

const byName = (args) => Object.fromEntries(args.map((arg) => [arg.name, arg]));

function compareFields(type, other) {
  const theirs = other.getFields();
  return Object.values(type.getFields()).flatMap((field) => {
    const where = `${type.name}.${field.name}`;
    const counterpart = theirs[field.name];
    if (!counterpart) {
      return [`${where}: Linear has none`];
    }
    const faults = same(field.type, counterpart.type)
      ? []
      : [`${where}: ${field.type}, at Linear ${counterpart.type}`];
    return faults.concat(compareInputs(
      where,
      byName(field.args),
      byName(counterpart.args),
      isRequiredArgument,
    ));
  });
}

function compareType(type, other) {
  if (!other) {
    return [`${type.name}: Linear has none`];
  }
  if (type.constructor !== other.constructor) {
    return [`${type.name}: another kind of type at Linear`];
  }
  if (isEnumType(type)) {
    return type.getValues()
      .filter((value) => !other.getValue(value.name))
      .map((value) => `${type.name}.${value.name}: Linear has none`);
  }
  if (isInputObjectType(type)) {
    return compareInputs(
      type.name,
      type.getFields(),
      other.getFields(),
      isRequiredInputField,
    );
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    const interfaces = other.getInterfaces().map(String);
    return compareFields(type, other).concat(type.getInterfaces()
      .filter((name) => !interfaces.includes(String(name)))
      .map((name) => `${type.name} implements ${name}: not at Linear`));
  }
  return [];
}

function compareSchemas(ours, official) {
  const types = Object.values(ours.getTypeMap())
    .filter((type) => !isSpecifiedScalarType(type) && !type.name.startsWith('__'));
  const directives = ours.getDirectives()
    .filter((directive) => !isSpecifiedDirective(directive))
    .map((directive) => `@${directive.name}: directives are not compared`);
  return directives.concat(
    types.flatMap((type) => compareType(type, official.getType(type.name))),
  );
}

/** Faults of the documents in one file under one schema. */
function checkDocument(schema, file, of) {
  try {
    const document = parse(fs.readFileSync(file, 'utf8'));
    return validate(schema, document)
      .map((error) => `${file}: not valid under ${of}: ${printError(error)}`);
  } catch (error) {
    return [`${file}: ${error.message}`];
  }
}

function main() {
  const options = parseArguments(process.argv.slice(2));
  const ours = buildSchema(fs.readFileSync(OURS, 'utf8'));
  let faults = options.documents.flatMap((file) => checkDocument(ours, file, 'our schema'));

  if (fs.existsSync(options.official)) {
    const official = buildSchema(fs.readFileSync(options.official, 'utf8'));
    faults = faults.concat(
      compareSchemas(ours, official),
      options.documents.flatMap((file) => checkDocument(official, file, "Linear's schema")),
    );
    console.log('our schema, held against that of Linear:', faults.length ? 'faults' : 'the same');
  } else {
    console.log(`skipped the comparison: no copy of Linear's schema at ${options.official}`);
  }

  console.log(`documents checked: ${options.documents.length}`);
  faults.forEach((fault) => console.error(fault));
  process.exitCode = faults.length ? 1 : 0;
}

main();
