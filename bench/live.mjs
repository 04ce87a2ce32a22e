// Measures what follows from an action: events through the outbox, from event to bell, open streams. Run by scripts/bench.sh, which
// starts the server, on a database that is thrown away: people and events are made in it directly.
// Usage: node bench/live.mjs BASE_URL SERVER_PID — prints lines of a table.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';

const [base, pid] = process.argv.slice(2);
const PEOPLE = 170;
const STREAMS = 2_000;
const EVENTS = 10_000;
const address = (number) => `bench${number}@example.com`;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const psql = (sql) => execFileSync('psql', ['-Atqc', sql, process.env.DATABASE_URL], { encoding: 'utf8' }).trim();
const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** An event of the outbox: a person is enrolled, by nobody in particular. */
const event = (person) => `insert into outbox_events (id, kind, subject_type, subject_id, after, occurred_at)
  select gen_random_uuid(), 'enrolled', 'enrollment', gen_random_uuid(),
         jsonb_build_object('user_id', u.id, 'course_id', (select id from courses limit 1)), now() from ${person}`;

function signIn(email) {
  const body = new URLSearchParams({ email, password: 'student123' }).toString();
  const headers = { origin: base, 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length };
  return new Promise((done, fail) => {
    const request = http.request(`${base}/login`, { method: 'POST', headers }, (response) => {
      response.resume();
      if (response.statusCode !== 303) return fail(new Error(`${email}: ${response.statusCode}`));
      done(response.headers['set-cookie'].map((cookie) => cookie.split(';')[0]).join('; '));
    });
    request.on('error', fail);
    request.end(body);
  });
}

/** Opens a stream and calls `heard` at each piece of news. */
function stream(cookie, heard) {
  return new Promise((done, fail) => {
    const request = http.get(`${base}/events`, { headers: { cookie }, agent: false }, (response) => {
      if (response.statusCode !== 200) return fail(new Error(`a stream answered ${response.statusCode}`));
      response.on('data', (data) => String(data).includes('event: news') && heard());
      done(request);
    });
    request.on('error', fail);
  });
}

psql(`insert into users (id, email, password_hash, full_name, role, locale, is_demo, email_confirmed_at, created_at, updated_at)
  select gen_random_uuid(), 'bench' || n || '@example.com', s.password_hash, 'Bench ' || n, 'student', 'ru', true, now(), now(), now()
  from generate_series(1, ${PEOPLE}) n, users s where s.email = 'student@example.com'`);
const cookies = [];
for (let number = 1; number <= PEOPLE; number += 1) cookies.push(await signIn(address(number)));

const before = memory();
let news = () => {};
for (let opened = 0; opened < STREAMS; opened += 1) {
  const isFirst = opened === 0;
  await stream(cookies[opened % PEOPLE], () => isFirst && news());
}
await sleep(5_000);
const open = memory();
console.log(`| ${STREAMS} idle live connections | under 100 MB | ${(open - before).toFixed(0)} MB |`);

const waits = [];
for (let round = 0; round < 100; round += 1) {
  const begin = performance.now();
  const arrived = new Promise((done) => { news = done; });
  psql(event(`users u where u.email = '${address(1)}'`));
  await arrived;
  waits.push(performance.now() - begin);
  await sleep(30);
}
waits.sort((a, b) => a - b);
console.log(`| from an event's commit to the bell, with ${STREAMS} connections: median, 95th percentile of 100 | under 1 s | ${waits[50].toFixed(0)} ms, ${waits[95].toFixed(0)} ms |`);

const count = (from) => Number(psql(`select count(*) from ${from}`));
const drained = async (from) => { while (count(from) > 0) await sleep(200); };
await drained("jobs where state in ('waiting', 'running') and run_at <= now()");
const begin = performance.now();
psql(event(`users u join generate_series(1, ${Math.ceil(EVENTS / PEOPLE)}) n on true where u.email like 'bench%'`));
await drained('outbox_events where processed_at is null');
const told = (performance.now() - begin) / 1_000;
const total = Math.ceil(EVENTS / PEOPLE) * PEOPLE;
console.log(`| ${total} events at once through outbox, log and notifications | 10 000 a minute | ${told.toFixed(1)} s: ${Math.round((total / told) * 60)} a minute |`);
await drained("jobs where state in ('waiting', 'running') and run_at <= now()");
const all = (performance.now() - begin) / 1_000;
console.log(`| and until the letters of all of them are written and shown | – | ${all.toFixed(1)} s |`);
process.exit(0);
