// A client library of Sberbank's old gateway reads our strict server's answers, and is understood by it.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { given } from './common.mjs';

const Acquiring = createRequire(import.meta.url)('sberbank-acquiring');
const bank = new Acquiring({ userName: 'school-api', password: 'fixture-password' }, 'https://school.example/orders/{order}');
bank.entry = `${given.api}/rest/`;

const paid = await bank.get(null, given.number);
assert.deepEqual([paid.orderStatus, paid.amount, paid.currency, paid.orderNumber], [2, given.minor, '643', given.number]);
assert.equal(await bank.status(paid.attributes.find(({ name }) => name === 'mdOrder').value), 2);
assert.equal(await bank.status(null, 'absent'), null);
const more = { currency: '643', failUrl: 'https://school.example/orders/N-2' };
const made = await bank.register('N-2', 1490, 'Введение', more);
assert.match(made.formUrl, /^https:/);
assert.equal(await bank.status(made.orderId), 0);
await assert.rejects(bank.register('N-2', 1490, 'Введение', more), { sberErrorCode: 1 });
const order = paid.attributes[0].value;
await bank.refund(order, 100, { externalRefundId: 'peer-1' });
await bank.refund(order, 100, { externalRefundId: 'peer-1' });
const after = await bank.get(order);
assert.deepEqual([after.orderStatus, after.paymentAmountInfo.refundedAmount], [4, 10_000]);
const wrong = new Acquiring({ userName: 'school-api', password: 'another' }, 'https://school.example/');
wrong.entry = bank.entry;
await assert.rejects(wrong.get(order), { sberErrorCode: 2 });
console.log('sberbank: checked');
