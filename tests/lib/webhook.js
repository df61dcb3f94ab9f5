'use strict';

const { createHmac, randomUUID } = require('crypto');
const { request } = require('./http.js');

/** The secret of the instance; while secrets are rotated, the present one is the first. */
const webhookSecret = () => process.env.LINEAR_WEBHOOK_SECRET.split(',')[0];

/** Sends a payload (an object, or JSON text) to the webhook endpoint as Linear does: signed with a
 * secret, with a new delivery id. Resolves to the response. Further options are those of
 * request(). */
function deliverWebhook(payload, { secret = webhookSecret(), headers = {}, ...options } = {}) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return request('POST', '/api/webhooks/linear/', {
    ...options,
    body,
    headers: {
      'Linear-Delivery': randomUUID(),
      'Linear-Signature': createHmac('sha256', secret).update(body).digest('hex'),
      ...headers,
    },
  });
}

module.exports = { deliverWebhook };
