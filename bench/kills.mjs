// Kills the server (`kill -9`) again and again while people buy, and counts afterwards: whatever the provider took opened its course
// once, what it gave back is known, and nothing opened that was not paid. The provider (bench/shop.mjs) lives in this process, so its
// memory outlives the server; some of its callbacks are lost for good, as real ones are. Run by scripts/chaos.sh.
// Usage: [KILLS=50] node bench/kills.mjs PROGRAM FOLDER — prints a line of a table; ends with 1 when something is wrong.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';
import { count, form, forSale, freePort, listens, psql, send, sleep } from './lib.mjs';
import { openShop, settings } from './shop.mjs';

const [program, folder] = process.argv.slice(2);
const KILLS = Number(process.env.KILLS ?? 50);
const BUYERS = 30;
const log = openSync(`${folder}/log`, 'a');
const [port, shopPort] = [await freePort(), await freePort()];
const site = `http://127.0.0.1:${port}`;
const shop = await openShop(shopPort);
const env = {
  ...process.env, ...settings(shopPort), LISTEN_ADDR: `127.0.0.1:${port}`, BASE_URL: site, LECTERN_DATA_DIR: `${folder}/a`, STORAGE_URL: `file:${folder}/files`,
  JWT_SECRET: 'of the test that kills, long enough', TRUSTED_PROXIES: '127.0.0.1', LECTERN_LOG: 'error', PAYMENTS_VAT: 'none',
};
let server;
async function start() {
  server = spawn(program, ['serve'], { env, stdio: ['ignore', log, log] });
  for (let tries = 0; !(await listens(port)); tries += 1) {
    if (tries > 1_500 || server.exitCode !== null) throw new Error('the server does not start');
    await sleep(20);
  }
}
process.on('exit', () => server?.kill('SIGKILL'));
await start();
const { slug, offer } = forSale();

// ---- people buy, one after the other in each of the places, until the last kill

let isOver = false;
let sold = 0;
/** Sends until it is answered; a click that gets no answer is made again, with the same form. */
async function insist(what, until = Infinity) {
  for (let tries = 0; tries < until; tries += 1) {
    const answer = await what().catch(() => undefined);
    if (answer && answer.status < 500 && answer.status !== 429) return answer;
    await sleep(50 + 250 * Math.random());
  }
  return undefined;
}
async function purchase(number) {
  const fields = { offer_id: offer, provider: 'yookassa', email: `killed${number}@example.com`, consent: 'yes', key: randomBytes(32).toString('hex') };
  const answer = await insist(() => form(site, `/courses/${slug}/buy`, fields, number));
  if (answer.status !== 303) throw new Error(`an order answered ${answer.status}`);
  const own = `payments p join users u on u.id = p.user_id where u.email = '${fields.email}'`;
  let payment;
  // A server that was killed while it asked the provider is found out when its time is up.
  for (let tries = 0; !payment; tries += 1) {
    if (tries > 900) throw new Error('a payment was never made');
    payment = shop.of(psql(`select p.id from ${own}`));
    if (!payment) await sleep(300);
  }
  await sleep(500 * Math.random());
  if (Math.random() < 0.1) shop.decline(payment); else { shop.pay(payment); sold += 1; }
  const event = payment.status === 'succeeded' ? 'payment.succeeded' : 'payment.canceled';
  // Some are lost for good; others come several times, and again until they are answered, for a while.
  for (let times = [0, 1, 1, 2, 3][Math.floor(5 * Math.random())]; times > 0; times -= 1) {
    await insist(() => send(`${site}/webhooks/yookassa`, 'application/json', shop.notification(payment, event)), 6);
  }
  if (payment.status === 'succeeded' && Math.random() < 0.15) shop.giveBack(payment, 1 + Math.floor(shop.minor(payment) * Math.random()));
}
let next = 0;
const buying = Promise.all(Array.from({ length: BUYERS }, async () => {
  while (!isOver) {
    next += 1;
    await purchase(next);
    await sleep(300 * Math.random());
  }
}));
const killing = (async () => {
  for (let kills = 0; kills < KILLS; kills += 1) {
    await sleep(100 + 1_400 * Math.random());
    // Its address is free when it is gone.
    const gone = new Promise((done) => { server.once('exit', done); });
    server.kill('SIGKILL');
    await gone;
    await start();
  }
  isOver = true;
})();
await Promise.all([killing, buying]);

// ---- a night later

const until = Date.now() + 400_000;
// Of a worker that died the work comes back when its lease is over.
const KINDS = "kind in ('handle_callback', 'check_payment', 'open_payment', 'send_refund', 'close_payment')";
const waits = [`jobs where state = 'running' and ${KINDS}`, `jobs where state = 'waiting' and run_at < now() and ${KINDS}`];
while (waits.some((from) => count(from) > 0)) {
  if (Date.now() > until) throw new Error(`not done: ${waits.map((from) => `${count(from)} ${from}`).join(', ')}`);
  await sleep(500);
}
// Not in this thread: the provider has to answer meanwhile.
const reconciled = spawn(program, ['payments', 'reconcile', '--days', '1'], { env, stdio: ['ignore', log, log] });
if (await new Promise((done) => { reconciled.on('exit', done); })) throw new Error('the payments could not be reconciled');

// ---- the count

const rows = psql(`select p.id, p.state, o.state, (select count(*) from order_grants g join order_lines l on l.id = g.order_line_id where l.order_id = o.id),
    (select count(*) from course_enrollments e where e.user_id = o.buyer_id and e.state = 'active'),
    coalesce((select sum(r.amount_minor) from refunds r where r.payment_id = p.id and r.state = 'succeeded'), 0),
    (select count(*) from letters t where t.user_id = o.buyer_id and t.template = 'notification'), p.receipt is not null
  from payments p join orders o on o.id = p.order_id`).split('\n').filter(Boolean).map((line) => line.split('|'));
const ours = new Map(rows.map(([id, ...rest]) => [id, rest]));
const wrong = { 'paid and not open once': 0, 'open and not paid': 0, 'money that we do not know of': 0, 'several of one order': 0, 'letters or receipts not once': 0 };
for (const payment of shop.payments.values()) {
  const [state, order, grants, active, refunded, letters, receipt] = ours.get(payment.metadata.number) ?? [];
  const isPaid = payment.status === 'succeeded';
  const isBack = payment.refunded === shop.minor(payment);
  if (isPaid && !(Number(grants) === 1 && Number(active) === (isBack ? 0 : 1))) wrong['paid and not open once'] += 1;
  if (!isPaid && (Number(grants) > 0 || Number(active) > 0)) wrong['open and not paid'] += 1;
  const expected = payment.refunded === 0 ? 'succeeded' : isBack ? 'refunded' : 'partially_refunded';
  if (isPaid && (state !== expected || Number(refunded) !== payment.refunded)) wrong['money that we do not know of'] += 1;
  if (isPaid && (Number(letters) !== 1 || receipt !== 't')) wrong['letters or receipts not once'] += 1;
  if (isPaid && !order) wrong['money that we do not know of'] += 1;
}
wrong['several of one order'] = Math.abs(shop.payments.size - rows.length) + (count('orders') - next);
wrong['something that wants a person'] = count('payment_tasks');
wrong['a job that was given up'] = count("jobs where state = 'dead'");
wrong['nothing was sold'] = sold < KILLS ? 1 : 0;
for (const [what, many] of Object.entries(wrong)) if (many) console.error(`FAILED: ${many} times ${what}`);
const isFine = Object.values(wrong).every((many) => many === 0);
const taken = [...shop.payments.values()].filter(({ status }) => status === 'succeeded').reduce((sum, payment) => sum + shop.minor(payment) - payment.refunded, 0);
const booked = Number(psql(`select coalesce(sum(amount_minor), 0) - coalesce((select sum(amount_minor) from refunds where state = 'succeeded'), 0) from payments
  where state in ('succeeded', 'partially_refunded', 'refunded')`));
if (taken !== booked) console.error(`FAILED: the provider has ${taken}, the books say ${booked}`);
console.log(`| ${next} orders while the server is killed (\`kill -9\`) ${KILLS} times, callbacks lost and repeated: paid and not open once, open and not paid, money not in the books | 0 | ${isFine && taken === booked ? 0 : 'SOME'}; ${sold} sold, ${(taken / 100).toFixed(2)} at the provider and in the books |`);
process.exit(isFine && taken === booked ? 0 : 1);
