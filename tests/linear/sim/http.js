'use strict';

/* The little of HTTP that the API, the control endpoints and the pages share. */

const LARGEST_BODY = 10 * 1024 * 1024;
const LARGEST_FILE = 64 * 1024 * 1024;

class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function readBytes(request, largest) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > largest) {
      throw new HttpError(413, 'body too large');
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const readBody = async (request) => (await readBytes(request, LARGEST_BODY)).toString('utf8');

/** The body as a JSON object; an empty body is an empty object. */
async function readJson(request) {
  const text = await readBody(request);
  let value;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new HttpError(400, `not JSON: ${error.message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpError(400, 'the body must be a JSON object');
  }
  return value;
}

/** Answers, unless the client has gone. */
function send(response, status, headers, text) {
  if (response.destroyed) {
    return;
  }
  const body = Buffer.from(text);
  response.writeHead(status, { ...headers, 'Content-Length': body.length });
  response.end(body);
}

function sendJson(response, status, value, headers = {}) {
  send(response, status, {
    'Content-Type': 'application/json; charset=utf-8',
    ...headers,
  }, JSON.stringify(value));
}

const sleep = (ms) => new Promise((resolve) => {
  setTimeout(resolve, ms);
});

module.exports = {
  HttpError, LARGEST_FILE, readBody, readBytes, readJson, send, sendJson, sleep,
};
