// A client library of CloudPayments: checks what our tests sign, signs what our door checks, and reads our strict server's answers.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { given, ours, post } from './common.mjs';

const require = createRequire(import.meta.url);
const { ClientService } = require('cloudpayments');
const { signString } = require('cloudpayments/dist/utils');
const service = new ClientService({ publicId: given.public_id, privateKey: given.secret, endpoint: given.api });
const api = service.getClientApi();

// What our tests sign is what CloudPayments signs.
const arriving = (headers, body) => Object.assign(Readable.from([Buffer.from(body)]), { method: 'POST', url: '/', headers });
const handlers = service.getNotificationHandlers();
const { request } = await handlers.handlePayRequest(arriving(ours.headers, ours.body));
assert.equal(request.InvoiceId, given.number);
await assert.rejects(handlers.handlePayRequest(arriving(ours.headers, `${ours.body}&Amount=1.00`)));

// What the library signs our door takes, and nothing else.
const type = 'application/x-www-form-urlencoded';
const bring = (body, secret = given.secret, kind = type) => post({ 'content-type': kind, 'content-hmac': signString(secret, body) }, body);
const body = `${ours.body}&Name=${encodeURIComponent('АННА П')}&Description=%26Amount%3D1.00`;
assert.deepEqual(await bring(body), { status: 200, text: '{"code":0}' });
assert.deepEqual(await bring(JSON.stringify({ TransactionId: request.TransactionId, InvoiceId: given.number }), given.secret, 'application/json'), { status: 200, text: '{"code":0}' });
assert.equal((await bring(body, 'another secret')).status, 401);
assert.equal((await post({ 'content-type': type, 'content-hmac': signString(given.secret, body) }, `${body} `)).status, 401);
assert.equal((await post({ 'content-type': type }, body)).status, 401);

// Our strict server speaks as CloudPayments does.
const id = Number(request.TransactionId);
const payment = await api.getPayment({ TransactionId: id });
assert.ok(payment.isSuccess());
assert.deepEqual([payment.getResponse().Model.Status, payment.getResponse().Model.InvoiceId], ['Completed', given.number]);
const found = await api.call('/v2/payments/find', { InvoiceId: given.number });
assert.equal(found.Model.TransactionId, id);
assert.equal((await api.call('/v2/payments/find', { InvoiceId: 'absent' })).Message, 'Not found');
const list = await api.getPaymentsList({ Date: given.day, TimeZone: 'UTC' });
assert.ok(list.getResponse().Model.some(({ TransactionId }) => TransactionId === id));
const back = await api.call('/payments/refund', { TransactionId: id, Amount: 100.25 }, 'peer-1');
assert.ok(back.Success && back.Model.TransactionId > id);
assert.deepEqual(await api.call('/payments/refund', { TransactionId: id, Amount: 100.25 }, 'peer-1'), back);
console.log('cloudpayments: checked');
