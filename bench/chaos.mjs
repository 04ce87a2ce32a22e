// Kills servers, Redis and the mail server in turn (`kill -9`) while learners write, and counts afterwards: whatever was answered is
// there once, has its event in the log once, its news once, and its letter. Run by scripts/chaos.sh, which gives a throw-away
// database with the demo school and a certificate; the processes are started here.
// Usage: node bench/chaos.mjs PROGRAM FOLDER — prints a line of a table; ends with 1 when something is lost.
import { spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { randomUUID } from 'node:crypto';
import { count, freePort, listens, psql, sleep } from './lib.mjs';

const [program, folder] = process.argv.slice(2);
const PEOPLE = 80;
const POSTS = 5;
const KILLS = 16;
const letters = `${folder}/letters`;
const log = openSync(`${folder}/log`, 'a');
writeFileSync(letters, '');

// ---- the processes

const ports = { a: await freePort(), b: await freePort(), redis: await freePort(), mail: await freePort(), secureMail: await freePort() };
const site = { a: `http://127.0.0.1:${ports.a}`, b: `http://127.0.0.1:${ports.b}` };
const server = (name, smtp) => ({
  port: ports[name],
  command: [program, 'serve'],
  env: {
    LISTEN_ADDR: `127.0.0.1:${ports[name]}`, BASE_URL: site.a, LECTERN_DATA_DIR: `${folder}/${name}`, STORAGE_URL: `file:${folder}/files`,
    JWT_SECRET: 'of the test that kills, long enough', REDIS_URL: `redis://127.0.0.1:${ports.redis}`, SMTP_URL: smtp,
    SMTP_CA_FILE: `${folder}/certificate.pem`, MAIL_FROM: 'school@example.com', LECTERN_LOG: 'error',
  },
});
const processes = {
  redis: { port: ports.redis, command: ['redis-server', '--port', String(ports.redis), '--save', '', '--dir', folder] },
  mail: {
    port: ports.mail,
    command: ['node', 'end2end/support/mail-server.mjs', String(ports.mail), String(ports.secureMail), `${folder}/key.pem`, `${folder}/certificate.pem`, letters],
  },
  a: server('a', `smtp://localhost:${ports.mail}?tls=required&timeout=5`),
  b: server('b', `smtps://localhost:${ports.secureMail}?timeout=5`),
};
async function start(name) {
  const { command, env, port } = processes[name];
  const child = spawn(command[0], command.slice(1), { env: { ...process.env, ...env }, stdio: ['ignore', log, log] });
  processes[name].child = child;
  for (let tries = 0; tries < 300 && !(await listens(port)); tries += 1) await sleep(50);
}
process.on('exit', () => Object.values(processes).forEach(({ child }) => child?.kill('SIGKILL')));
for (const name of ['redis', 'mail', 'a', 'b']) await start(name);

// ---- the people

function post(origin, path, fields, cookie) {
  const body = new URLSearchParams(fields).toString();
  const headers = { origin: site.a, host: new URL(site.a).host, 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body), ...(cookie && { cookie }) };
  return new Promise((done, fail) => {
    const request = http.request(`${origin}${path}`, { method: 'POST', headers, timeout: 10_000 }, (response) => { response.resume(); response.on('end', () => done(response)); response.on('error', fail); });
    request.on('error', fail);
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.end(body);
  });
}

psql(`with people as (
    insert into users (id, email, password_hash, full_name, role, locale, is_demo, email_confirmed_at, created_at, updated_at)
    select gen_random_uuid(), 'chaos' || n || '@example.com', s.password_hash, 'Chaos ' || n, 'student', 'ru', true, now(), now(), now()
    from generate_series(1, ${PEOPLE}) n, users s where s.email = 'student@example.com' returning id
  )
  insert into course_enrollments (id, user_id, course_id, course_version_id, state, starts_at, created_at, updated_at)
  select gen_random_uuid(), p.id, c.id, c.published_version_id, 'active', now(), now(), now()
  from people p, (select * from courses where status = 'published' order by position limit 1) c`);
const [slug, lesson] = psql(`select c.slug || '|' || l.lesson_id from courses c join course_version_lessons l on l.course_version_id = c.published_version_id
  where c.status = 'published' order by c.position, l.position limit 1`).split('|');
const people = [];
for (let number = 1; number <= PEOPLE; number += 1) {
  const signedIn = await post(site.a, '/login', { email: `chaos${number}@example.com`, password: 'student123' });
  if (signedIn.statusCode !== 303) throw new Error(`sign-in answered ${signedIn.statusCode}`);
  const cookie = signedIn.headers['set-cookie'].map((cookie) => cookie.split(';')[0]).join('; ');
  people.push({ number, cookie });
}

// ---- the load and the killing

const answered = [];
let unanswered = 0;
/** One question. Whoever gets no answer sends the same form again, to whichever server is there. */
async function ask(person, text) {
  const key = randomUUID();
  for (let tries = 0; tries < 60; tries += 1) {
    const response = await post(site[(tries + person.number) % 2 ? 'a' : 'b'], `/learn/${slug}/lessons/${lesson}/questions`, { body: text, key }, person.cookie).catch(() => undefined);
    if (response?.statusCode === 303) return answered.push(text);
    if (response && response.statusCode < 500 && response.statusCode !== 429) throw new Error(`a question answered ${response.statusCode}`);
    await sleep(100 + 100 * Math.random());
  }
  unanswered += 1;
}
const load = Promise.all(people.map(async (person) => {
  for (let number = 1; number <= POSTS; number += 1) {
    await ask(person, `Chaos ${person.number}-${number}`);
    await sleep(2_000 + 2_000 * Math.random());
  }
}));
let isLoaded = false;
load.then(() => { isLoaded = true; });
let kills = 0;
while (kills < KILLS || !isLoaded) {
  const name = ['a', 'mail', 'b', 'redis'][kills % 4];
  processes[name].child.kill('SIGKILL');
  kills += 1;
  await sleep(300 + 700 * Math.random());
  await start(name);
  await sleep(300);
}
await load;

// ---- the count

const until = Date.now() + 240_000;
const waits = ['outbox_events where processed_at is null', "jobs where state in ('waiting', 'running') and run_at < now() + interval '20 minutes'"];
while (waits.some((from) => count(from) > 0)) {
  if (Date.now() > until) throw new Error(`not done: ${waits.map((from) => `${count(from)} ${from}`).join(', ')}`);
  await sleep(500);
}
const posts = "talk_posts where body_md like 'Chaos %'";
// The demo school has questions of its own.
const asked = `(select thread_id from ${posts})`;
const events = `activity_logs where action = 'question_asked' and subject_id in ${asked}`;
const told = `notifications where kind = 'question_asked' and (payload ->> 'thread_id')::uuid in ${asked}`;
const curators = count(`course_curators c join courses k on k.id = c.course_id where k.slug = '${slug}'`);
const sent = readFileSync(letters, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
const ids = new Set(sent.map((letter) => letter.id));
const written = psql("select message_id from letters where notification_id is not null and state = 'sent'").split('\n').filter(Boolean);
const lost = written.filter((id) => !ids.has(id)).length;
const checks = {
  'every question was answered in the end': unanswered === 0 && answered.length === PEOPLE * POSTS,
  'each stands once': count(posts) === answered.length && count(`(select distinct body_md from ${posts}) x`) === answered.length,
  'each is in the log once': count(events) === answered.length,
  'each was told once': curators > 0 && count(told) === answered.length * curators,
  'each has its letter': count(`letters where notification_id in (select id from ${told})`) === count(told),
  'each letter is sent': count("letters where state <> 'sent'") === 0,
  'and reached the mail server': lost === 0,
  'encrypted': sent.every((letter) => letter.isEncrypted),
  'no job was given up': count("jobs where state = 'dead'") === 0,
};
const twice = sent.length - ids.size;
for (const [what, holds] of Object.entries(checks)) if (!holds) console.error(`FAILED: ${what}`);
console.log(`| ${answered.length} questions while servers, Redis and mail server are killed ${kills} times: events, news and letters lost | 0 | ${Object.values(checks).every(Boolean) ? 0 : 'SOME'}; ${ids.size} letters, ${twice} of them twice |`);
process.exit(Object.values(checks).every(Boolean) ? 0 : 1);
