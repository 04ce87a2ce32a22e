// Stripe's own client: checks what our tests sign, signs what our door checks, and reads our strict server's answers.
import assert from 'node:assert/strict';
import Stripe from 'stripe';
import { given, ours, post } from './common.mjs';

const { hostname, port } = new URL(given.api);
const stripe = new Stripe(given.key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });
const at = given.time * 1_000;

// What our tests sign is what Stripe signs.
const event = stripe.webhooks.constructEvent(ours.body, ours.headers['stripe-signature'], given.secret, 300, undefined, at);
assert.equal(event.type, 'checkout.session.completed');
assert.equal(event.data.object.client_reference_id, given.number);
assert.throws(() => stripe.webhooks.constructEvent(`${ours.body} `, ours.headers['stripe-signature'], given.secret, 300, undefined, at));

// What Stripe's client signs our door takes, and nothing else.
const sign = (payload, more = {}) => stripe.webhooks.generateTestHeaderString({ payload, secret: given.secret, timestamp: given.time, ...more });
const payload = JSON.stringify({ ...event, id: 'evt_of_a_peer' });
const bring = (body, signature) => post({ 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature }, body);
assert.deepEqual(await bring(payload, sign(payload)), { status: 200, text: 'ok' });
assert.equal((await bring(payload, sign(payload, { secret: 'whsec_of_another' }))).status, 400);
assert.equal((await bring(payload, sign(payload, { timestamp: given.time - 301 }))).status, 400);
assert.equal((await bring(`${payload}\n`, sign(payload))).status, 400);
assert.equal((await bring(payload, sign(payload).slice(0, -2))).status, 400);

// Our strict server speaks as Stripe does.
const session = await stripe.checkout.sessions.retrieve(given.session);
assert.equal(session.client_reference_id, given.number);
assert.deepEqual([session.status, session.payment_status, session.amount_total, session.currency], ['complete', 'paid', given.minor, 'rub']);
const intent = await stripe.paymentIntents.retrieve(session.payment_intent, { expand: ['latest_charge'] });
assert.deepEqual([intent.status, intent.amount_received, intent.latest_charge.amount_refunded], ['succeeded', given.minor, 0]);
const found = [];
for await (const one of stripe.checkout.sessions.list({ limit: 100, created: { gte: given.time - 3_600, lt: given.time + 3_600 } })) found.push(one.id);
assert.ok(found.includes(given.session));
const order = {
  mode: 'payment', success_url: 'https://school.example/r', client_reference_id: 'N-2',
  line_items: [{ quantity: 1, price_data: { currency: 'eur', unit_amount: 4_900, product_data: { name: 'Introduction' } } }],
};
const made = await stripe.checkout.sessions.create(order, { idempotencyKey: 'peer-1' });
assert.equal((await stripe.checkout.sessions.create(order, { idempotencyKey: 'peer-1' })).id, made.id);
await assert.rejects(stripe.checkout.sessions.create({ ...order, client_reference_id: 'N-3' }, { idempotencyKey: 'peer-1' }), { type: 'StripeIdempotencyError' });
const back = await stripe.refunds.create({ payment_intent: intent.id, amount: 100 }, { idempotencyKey: 'peer-2' });
assert.deepEqual([back.object, back.status, (await stripe.refunds.retrieve(back.id)).amount], ['refund', 'succeeded', 100]);
await assert.rejects(stripe.paymentIntents.retrieve('pi_absent', { expand: ['latest_charge'] }), { statusCode: 404 });
console.log('stripe: checked');
