'use strict';

/* Checks for programs that are not run by node's test runner. A check prints nothing if it passes. */

let checks = 0;
let failures = 0;

/** `details` is printed if it fails. */
function check(what, holds, details = '') {
  checks += 1;
  if (!holds) {
    failures += 1;
    console.log(`failed: ${what}${details && `\n${details}`}`);
  }
}

/** Prints the numbers, and makes the process fail if a check did. */
function report(name) {
  console.log(`${name}: ${checks} checks, ${failures} failures`);
  process.exitCode = failures ? 1 : 0;
}

module.exports = { check, report };
