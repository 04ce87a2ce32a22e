// Measures tests under load: answers saved at a steady rate, and a class that begins one test within ten seconds and is ended by the
// clock in one moment. Run by scripts/bench.sh, which starts the server on a database that is thrown away, but that writes as a
// school's does: an answer counts as saved only when it is on the disk. Requests go out by the clock, whether or not the ones before
// were answered; the client shares the machine with the server.
// Usage: [SCALE=0.1] node bench/tests.mjs BASE_URL — prints lines of a table; ends with 1 when something is lost or late.
import { execFileSync } from 'node:child_process';
import http from 'node:http';

const [base] = process.argv.slice(2);
const SCALE = Number(process.env.SCALE ?? 1);
const PEOPLE = Math.ceil(500 * SCALE);
const RATE = Math.ceil(300 * SCALE);
const [SECONDS, START_WITHIN, ANSWER_WITHIN, QUESTIONS, TOLERANCE] = [30, 10, 20, 10, 30];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const psql = (sql) => execFileSync('psql', ['-Atq', '-v', 'ON_ERROR_STOP=1', process.env.DATABASE_URL], { encoding: 'utf8', input: sql, maxBuffer: 1 << 26 }).trim();
const count = (from) => Number(psql(`select count(*) from ${from}`));
if (psql("select current_setting('fsync') || current_setting('synchronous_commit')") !== 'onon') throw new Error('this database does not write to the disk');

// ---- a class and its two tests. The hash is of `student123` at the lowest cost: signing in is not what is measured.

const HASH = '$2b$04$abcdefghijklmnopqrstuuegLTUKgxxCrXITa0C8mhrNSRLadAqsO';
psql(`
  create temp table c as select c.id, c.published_version_id as version_id, v.lesson_id from courses c
    join course_version_lessons v on v.course_version_id = c.published_version_id where c.status = 'published' order by c.position, v.position limit 1;
  with people as (
    insert into users (id, email, password_hash, full_name, role, locale, is_demo, email_confirmed_at, created_at, updated_at)
      select gen_random_uuid(), 'class' || n || '@example.com', '${HASH}', 'Class ' || n, 'student', 'ru', true, now(), now(), now()
      from generate_series(1, ${PEOPLE}) n returning id
  ), enrolled as (
    insert into course_enrollments (id, user_id, course_id, course_version_id, state, starts_at, created_at, updated_at)
      select gen_random_uuid(), p.id, c.id, c.version_id, 'active', now(), now(), now() from people p, c returning id, user_id, course_id
  )
  insert into course_progress (user_id, course_id, enrollment_id, required_lessons, started_at, updated_at)
    select user_id, course_id, id, 10, now(), now() from enrolled;
  create temp table q as select n, gen_random_uuid() as id, gen_random_uuid() as version_id from generate_series(1, ${QUESTIONS}) n;
  insert into questions (id, course_id, kind, created_at) select q.id, c.id, 'single_choice', now() from q, c;
  insert into question_versions (id, question_id, number, prompt_md, prompt_html, created_at)
    select version_id, id, 1, 'Question ' || n, '<p>Question ' || n || '</p>', now() from q;
  update questions set published_version_id = q.version_id from q where q.id = questions.id;
  insert into answers (id, question_id, question_version_id, position, content_md, content_html, is_correct)
    select gen_random_uuid(), q.id, q.version_id, k, 'Option ' || k, 'Option ' || k, k = 1 from q, generate_series(1, 4) k;
  create temp table t as select title, gen_random_uuid() as id, gen_random_uuid() as version_id from unnest(array['Steady', 'Class']) title;
  insert into tests (id, lesson_id, title, position, created_at) select t.id, c.lesson_id, t.title, 100, now() from t, c;
  insert into test_versions (id, test_id, number, title, created_at, published_at) select version_id, id, 1, title, now(), now() from t;
  update tests set published_version_id = t.version_id from t where t.id = tests.id;
  insert into test_version_questions (test_version_id, question_id, position) select t.version_id, q.id, q.n from t, q;
  insert into course_version_tests (course_version_id, test_id, must_pass) select c.version_id, t.id, true from c, t;
`);
psql('analyze users, courses, course_enrollments, questions, question_versions, answers, tests, test_versions, test_version_questions');
const tests = Object.fromEntries(psql("select title, id from tests where title in ('Steady', 'Class')").split('\n').map((line) => line.split('|')));
const questions = psql("select v.question_id, string_agg(a.id::text, ',' order by a.position) from answers a join question_versions v on v.id = a.question_version_id where v.prompt_md like 'Question %' group by 1")
  .split('\n').map((line) => { const [id, options] = line.split('|'); return { id, options: options.split(',') }; });

// ---- what learners do

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
function post(path, type, body, cookie) {
  const headers = { origin: base, 'content-type': type, 'content-length': Buffer.byteLength(body), ...(cookie && { cookie }) };
  return new Promise((done, fail) => {
    const request = http.request(`${base}${path}`, { method: 'POST', agent, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() }));
    });
    request.on('error', fail);
    request.end(body);
  });
}
const form = (path, fields, cookie) => post(path, 'application/x-www-form-urlencoded', new URLSearchParams(fields).toString(), cookie);
const failures = [];
const expected = (holds, what) => { if (!holds) failures.push(what); };
async function begin(learner, test) {
  const answer = await form(`/learn/tests/${test}/start`, {}, learner.cookie).catch((error) => ({ status: String(error), headers: {} }));
  expected(answer.status === 303 && answer.headers.location?.startsWith('/learn/attempts/'), `a start answered ${answer.status}`);
  return answer.headers.location?.split('/').pop();
}
async function save(learner, attempt, question, sequence, option) {
  const call = { attempt_id: attempt, question_id: question.id, sequence, value: { choice: [option] } };
  const from = performance.now();
  const answer = await post('/api/tests/save', 'application/json', JSON.stringify(call), learner.cookie).catch((error) => ({ status: String(error), text: '' }));
  expected(answer.status === 200 && answer.text.startsWith('{"Saved"'), `a saved answer was answered ${answer.status} ${answer.text}`);
  return performance.now() - from;
}
const learners = [];
for (let number = 1; number <= PEOPLE; number += 1) {
  const answer = await form('/login', { email: `class${number}@example.com`, password: 'student123' });
  if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}`);
  learners.push({ cookie: answer.headers['set-cookie'].map((cookie) => cookie.split(';')[0]).join('; ') });
}
const sorted = (times) => times.sort((a, b) => a - b);
const at = (times, share) => times[Math.floor(times.length * share)].toFixed(1);

// ---- answers at a steady rate

for (const learner of learners) learner.steady = await begin(learner, tests.Steady);
for (let index = 0; index < RATE; index += 1) await save(learners[index % PEOPLE], learners[index % PEOPLE].steady, questions[0], index + 1, questions[0].options[1]);
const saving = [];
const from = performance.now();
for (let index = 0; index < RATE * SECONDS; index += 1) {
  const wait = from + (index * 1_000) / RATE - performance.now();
  if (wait > 1) await sleep(wait);
  const [learner, question] = [learners[index % PEOPLE], questions[Math.floor(index / PEOPLE) % QUESTIONS]];
  saving.push(save(learner, learner.steady, question, 1_000 + index, question.options[index % 4]));
}
const steady = sorted(await Promise.all(saving));
console.log(`| ${steady.length} saved answers, ${RATE} a second, each on the disk before it counts: median, 95th, 99th percentile | 95 % under 20 ms | ${at(steady, 0.5)} ms, ${at(steady, 0.95)} ms, ${at(steady, 0.99)} ms |`);

// ---- a class that the clock ends

const end = Date.now() + (START_WITHIN + ANSWER_WITHIN + 5) * 1_000;
psql(`update test_versions set closes_at = to_timestamp(${end} / 1000.0) where title = 'Class'`);
const room = performance.now();
const taken = await Promise.all(learners.map(async (learner, index) => {
  await sleep((index * START_WITHIN * 1_000) / PEOPLE);
  const begun = performance.now();
  const attempt = await begin(learner, tests.Class);
  const start = performance.now() - begun;
  const saves = [];
  for (const [place, question] of questions.entries()) {
    await sleep(room + (index * START_WITHIN * 1_000) / PEOPLE + ((place + 1) * ANSWER_WITHIN * 1_000) / QUESTIONS - performance.now());
    if (attempt) saves.push(await save(learner, attempt, question, place + 1, question.options[place % 2]));
  }
  return { start, saves };
}));
expected(Date.now() < end, 'the class was not through before the end');
const running = "test_attempts a join tests t on t.id = a.test_id where t.title = 'Class' and a.state";
await sleep(end + TOLERANCE * 1_000 - 500 - Date.now());
expected(count(`${running} = 'in_progress'`) === PEOPLE, 'somebody was handed in before the tolerance was over');
const due = end + TOLERANCE * 1_000;
while (count(`${running} = 'in_progress'`) > 0 && Date.now() < due + 60_000) await sleep(50);
const handedIn = (Date.now() - due) / 1_000;
while (count('outbox_events where processed_at is null') > 0 && Date.now() < due + 120_000) await sleep(200);
const right = QUESTIONS / 2;
expected(count(`${running} = 'graded' and a.finished_at = a.ends_at and a.points_numerator = ${right} and a.points_denominator = 1`) === PEOPLE, 'not all are graded with what they answered');
expected(count(`test_answers x join ${running.replace(' where', ' on a.id = x.attempt_id where')} = 'graded'`) === PEOPLE * QUESTIONS, 'answers are missing');
for (const action of ['attempt_submitted', 'attempt_graded']) {
  expected(psql(`select count(*) || ' ' || count(distinct l.subject_id) from activity_logs l join ${running.replace(' where', ' on a.id = l.subject_id where')} = 'graded' and l.action = '${action}'`) === `${PEOPLE} ${PEOPLE}`, `not each has its ${action} once`);
}
expected(handedIn < 5, `handed in ${handedIn.toFixed(1)} s after the end and the tolerance`);
const [starts, saves] = [sorted(taken.map((one) => one.start)), sorted(taken.flatMap((one) => one.saves))];
console.log(`| ${PEOPLE} learners begin a test within ${START_WITHIN} s and answer ${QUESTIONS} questions each: 95th percentile of a start, of a saved answer; errors | none | ${at(starts, 0.95)} ms, ${at(saves, 0.95)} ms; ${failures.length} |`);
console.log(`| and all end in one moment: until the last is handed in and graded, each once | 5 s after end and tolerance | ${handedIn.toFixed(1)} s |`);
const summary = new Map();
for (const failure of failures) summary.set(failure, (summary.get(failure) ?? 0) + 1);
for (const [failure, times] of summary) console.error(`FAILED: ${failure} (${times} times)`);
process.exit(failures.length > 0 ? 1 : 0);
