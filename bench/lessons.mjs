// Measures lesson pages of a large school: 10 000 people, 100 courses of 48 lessons, 500 000 rows of progress. Run by
// scripts/bench.sh, which starts the server, on a database that is thrown away. Requests go out by the clock, whether or not the
// ones before were answered, so that a slow answer does not lighten the load; the client shares the machine with the server.
// Usage: node bench/lessons.mjs BASE_URL — prints a line of a table.
import { execFileSync } from 'node:child_process';
import http from 'node:http';

const [base] = process.argv.slice(2);
const [PEOPLE, COURSES, LESSONS, READERS] = [10_000, 100, 48, 60];
const [RATE, SECONDS] = [200, 30];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const psql = (sql) => execFileSync('psql', ['-Atq', '-v', 'ON_ERROR_STOP=1', process.env.DATABASE_URL], { encoding: 'utf8', input: sql, maxBuffer: 1 << 26 }).trim();

psql(`
  create temp table model as
    select v.content_md, v.content_html, v.renderer_version, v.minutes from lessons l join lesson_versions v on v.id = l.published_version_id
    order by length(v.content_html) desc limit 1;
  create temp table c as select n, gen_random_uuid() as id, gen_random_uuid() as version_id from generate_series(1, ${COURSES}) n;
  insert into courses (id, slug, title, status, position, created_at, updated_at)
    select id, 'large-' || n, 'Large ' || n, 'published', 1000 + n, now(), now() from c;
  insert into course_versions (id, course_id, number, state, title, created_at, published_at)
    select version_id, id, 1, 'published', 'Large ' || n, now(), now() from c;
  update courses set published_version_id = c.version_id from c where c.id = courses.id;
  create temp table m as select c.id as course_id, c.version_id, k, gen_random_uuid() as id from c, generate_series(1, 4) k;
  insert into modules (id, course_id, title, position, created_at) select id, course_id, 'Module ' || k, k, now() from m;
  insert into course_version_modules (course_version_id, module_id, position, title) select version_id, id, k, 'Module ' || k from m;
  create temp table l as select m.course_id, m.version_id, m.id as module_id, (m.k - 1) * ${LESSONS / 4} + j as n, gen_random_uuid() as id, gen_random_uuid() as text_id
    from m, generate_series(1, ${LESSONS / 4}) j;
  insert into lessons (id, module_id, slug, title, position, created_at) select id, module_id, 'l' || n, 'Lesson ' || n, n, now() from l;
  insert into lesson_versions (id, lesson_id, number, title, summary, minutes, content_md, content_html, renderer_version, created_at, published_at)
    select text_id, id, 1, 'Lesson ' || n, 'About ' || n, minutes, content_md, content_html, renderer_version, now(), now() from l, model;
  update lessons set published_version_id = l.text_id from l where l.id = lessons.id;
  insert into course_version_lessons (course_version_id, lesson_id, module_id, position) select version_id, id, module_id, n from l;
  create temp table p as select n, gen_random_uuid() as id from generate_series(1, ${PEOPLE}) n;
  insert into users (id, email, password_hash, full_name, role, locale, is_demo, email_confirmed_at, created_at, updated_at)
    select p.id, 'large' || n || '@example.com', s.password_hash, 'Large ' || n, 'student', 'ru', true, now(), now(), now()
    from p, users s where s.email = 'student@example.com';
  create temp table e as select gen_random_uuid() as id, p.id as user_id, c.id as course_id, c.version_id
    from p join c on c.n in (p.n % ${COURSES} + 1, (p.n + 7) % ${COURSES} + 1);
  insert into course_enrollments (id, user_id, course_id, course_version_id, state, starts_at, created_at, updated_at)
    select id, user_id, course_id, version_id, 'active', now(), now(), now() from e;
  insert into course_progress (user_id, course_id, enrollment_id, required_lessons, started_at, updated_at)
    select user_id, course_id, id, ${LESSONS}, now(), now() from e;
  insert into lesson_progress (user_id, lesson_id, state, first_visited_at, last_visited_at, marked_read_at, completed_at, completed_by)
    select e.user_id, l.id, 'completed', now(), now(), now(), now(), 'marked' from e join l on l.course_id = e.course_id where l.n <= 25;
`);
psql('analyze');

function signIn(number) {
  const body = new URLSearchParams({ email: `large${number}@example.com`, password: 'student123' }).toString();
  const headers = { origin: base, 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length };
  return new Promise((done, fail) => {
    const request = http.request(`${base}/login`, { method: 'POST', headers }, (response) => {
      response.resume();
      if (response.statusCode !== 303) return fail(new Error(`sign-in answered ${response.statusCode}`));
      done(response.headers['set-cookie'].map((cookie) => cookie.split(';')[0]).join('; '));
    });
    request.on('error', fail);
    request.end(body);
  });
}
const readers = [];
for (let number = 1; number <= READERS; number += 1) {
  const cookie = await signIn(number);
  const lessons = psql(`select '/learn/' || c.slug || '/lessons/' || l.lesson_id from users u join course_enrollments e on e.user_id = u.id
    join courses c on c.id = e.course_id join course_version_lessons l on l.course_version_id = e.course_version_id
    where u.email = 'large${number}@example.com' and l.position <= 26`).split('\n');
  readers.push({ cookie, lessons });
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const times = [];
let failed = 0;
function read(at) {
  const { cookie, lessons } = readers[at % READERS];
  const begin = performance.now();
  return new Promise((done) => {
    http.get(`${base}${lessons[at % lessons.length]}`, { agent, headers: { cookie } }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) times.push(performance.now() - begin);
        else failed += 1;
        done();
      });
    }).on('error', () => { failed += 1; done(); });
  });
}
for (let at = 0; at < 200; at += 1) await read(at);
times.length = 0;
const begin = performance.now();
const all = [];
for (let at = 0; at < RATE * SECONDS; at += 1) {
  const wait = begin + (at * 1_000) / RATE - performance.now();
  if (wait > 1) await sleep(wait);
  all.push(read(at));
}
await Promise.all(all);
times.sort((a, b) => a - b);
const at = (share) => times[Math.floor(times.length * share)].toFixed(1);
if (failed > 0) console.error(`FAILED: ${failed} pages`);
console.log(`| a lesson's page, ${PEOPLE} people, ${COURSES} courses of ${LESSONS} lessons, ${psql('select count(*) from lesson_progress')} rows of progress, ${RATE} a second: median, 95th percentile | 95 % under 25 ms | ${at(0.5)} ms, ${at(0.95)} ms |`);
process.exit(failed > 0 ? 1 : 0);
