// Measures selling: callbacks answered at a steady rate, and the time from a provider's success to open access while nobody looks
// (each buyer sends the form that buys and is not heard of again). Run by scripts/bench.sh, which starts the server with the provider
// of bench/shop.mjs, on a database that is thrown away but writes as a school's does. Callbacks go out by the clock, whether or not
// the ones before were answered; the client, the provider and the database share the machine with the server.
// Usage: [SCALE=0.1] node bench/payments.mjs BASE_URL — prints lines of a table; ends with 1 when something is lost or late.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { at, count, form, forSale, psql, send, sleep, sorted } from './lib.mjs';
import { openShop } from './shop.mjs';

const [base] = process.argv.slice(2);
const SCALE = Number(process.env.SCALE ?? 1);
const RATE = Math.ceil(200 * SCALE);
const SECONDS = 30;
/** So many callbacks about each payment: its success first, then the same again and others, in disorder. */
const EACH = 20;
const ORDERS = Math.floor((RATE * SECONDS) / EACH);
const LEAD = 3_000;
if (psql("select current_setting('fsync') || current_setting('synchronous_commit')") !== 'onon') throw new Error('this database does not write to the disk');

const shop = await openShop(Number(process.env.SHOP_PORT));
const { slug, offer } = forSale();
const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
const failures = [];
const expected = (holds, what) => { if (!holds) failures.push(what); };

// ---- who watches: what is open, asked every 50 ms over one line

const openAt = new Map();
const watcher = spawn('psql', ['-Atq', process.env.DATABASE_URL], { stdio: ['pipe', 'pipe', 'inherit'] });
let told = '';
watcher.stdout.on('data', (data) => {
  told += data;
  const lines = told.split('\n');
  told = lines.pop();
  for (const line of lines) if (line && !openAt.has(line)) openAt.set(line, Date.now());
});
const OPEN = `select p.id from payments p join order_lines l on l.order_id = p.order_id join order_grants g on g.order_line_id = l.id
  join course_enrollments e on e.id = g.enrollment_id where e.state = 'active' and g.closed_at is null and g.granted_at > now() - interval '3 seconds';\n`;
const watching = setInterval(() => watcher.stdin.write(OPEN), 50);

// ---- buyers, by the clock: each is gone before the payment is

const numbers = [];
async function buy(index) {
  const before = performance.now();
  const fields = { offer_id: offer, provider: 'yookassa', email: `buyer${index}@example.com`, consent: 'yes', key: randomBytes(32).toString('hex') };
  const answer = await form(base, `/courses/${slug}/buy`, fields, index, agent).catch((error) => ({ status: String(error) }));
  expected(answer.status === 303, `an order answered ${answer.status}`);
  return performance.now() - before;
}
const made = [];
const buying = (async () => {
  const from = performance.now();
  for (let index = 0; index < ORDERS; index += 1) {
    const wait = from + (index * EACH * 1_000) / RATE - performance.now();
    if (wait > 1) await sleep(wait);
    made.push(buy(index));
  }
})();

// ---- callbacks, by the clock

await sleep(LEAD);
const EVENTS = ['payment.succeeded', 'payment.succeeded', 'payment.waiting_for_capture', 'payment.succeeded', 'payment.canceled'];
const answers = [];
async function call(payment, event) {
  const from = performance.now();
  const answer = await send(`${base}/webhooks/yookassa`, 'application/json', shop.notification(payment, event), {}, agent).catch((error) => ({ status: String(error) }));
  expected(answer.status === 200, `a callback was answered ${answer.status}`);
  return performance.now() - from;
}
const from = performance.now();
for (let index = 0; index < ORDERS * EACH; index += 1) {
  const wait = from + (index * 1_000) / RATE - performance.now();
  if (wait > 1) await sleep(wait);
  const payments = [...shop.payments.values()];
  // One payment's callbacks are spread over those of its neighbours.
  const round = Math.floor(index / EACH);
  const place = index % EACH;
  const payment = payments[place === 0 ? round : Math.max(0, round - (place % 5))];
  if (!payment) { expected(false, 'a payment was not made in time'); continue; }
  if (place === 0) { shop.pay(payment); numbers.push(payment.metadata.number); }
  answers.push(call(payment, place === 0 ? EVENTS[0] : EVENTS[place % EVENTS.length]));
}
await buying;
await Promise.all(made);
const times = sorted(await Promise.all(answers));
for (let tries = 0; tries < 600 && numbers.some((number) => !openAt.has(number)); tries += 1) await sleep(50);
clearInterval(watching);
watcher.kill();

const waits = sorted([...shop.payments.values()].filter(({ paidAt }) => paidAt).map(({ paidAt, metadata }) => (openAt.get(metadata.number) ?? Infinity) - paidAt));
expected(waits.length === ORDERS && waits.every(Number.isFinite), `${waits.filter((wait) => !Number.isFinite(wait)).length} of ${ORDERS} are paid and not open`);
expected(count('order_grants') === ORDERS && count("payments where state = 'succeeded'") === ORDERS, 'not each is open once');
expected(count('payment_tasks') === 0, 'something wants a person');
expected(at(times, 0.95) < 100, 'callbacks are answered late');
expected(at(waits, 0.95) < 2_000, 'access opens late');
console.log(`| ${times.length} callbacks, ${RATE} a second, about ${ORDERS} payments: median, 95th, 99th percentile of the answer | 95 % under 100 ms | ${at(times, 0.5).toFixed(1)} ms, ${at(times, 0.95).toFixed(1)} ms, ${at(times, 0.99).toFixed(1)} ms |`);
console.log(`| meanwhile from the provider's success to open access, with the buyer's browser closed: median, 95th percentile, the longest of ${waits.length} | 95 % under 2 s | ${[0.5, 0.95, 1].map((share) => `${(at(waits, share) / 1_000).toFixed(2)} s`).join(', ')} |`);
const summary = new Map();
for (const failure of failures) summary.set(failure, (summary.get(failure) ?? 0) + 1);
for (const [failure, many] of summary) console.error(`FAILED: ${failure} (${many} times)`);
process.exit(failures.length > 0 ? 1 : 0);
