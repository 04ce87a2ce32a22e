// Measures the curators' queue and the measures of review on 100 000 works of 5 000 learners in 20 courses, of which 2 000 wait. Run by
// scripts/bench.sh, which starts the server, on a database that is thrown away. Works are made in it directly, with their rounds.
// Usage: node bench/works.mjs BASE_URL — prints lines of a table.
import { execFileSync } from 'node:child_process';
import http from 'node:http';

const [base] = process.argv.slice(2);
const [LEARNERS, COURSES, EACH, WAITING, PAGES] = [5_000, 20, 20, 2_000, 300];
const psql = (sql) => execFileSync('psql', ['-Atq', '-v', 'ON_ERROR_STOP=1', process.env.DATABASE_URL], { encoding: 'utf8', input: sql, maxBuffer: 1 << 26 }).trim();

psql(`
  create temp table c as select n, gen_random_uuid() as id, gen_random_uuid() as version_id, gen_random_uuid() as module_id from generate_series(1, ${COURSES}) n;
  insert into courses (id, slug, title, status, position, created_at, updated_at)
    select id, 'works-' || n, 'Works ' || n, 'published', 1000 + n, now(), now() from c;
  insert into course_versions (id, course_id, number, state, title, created_at, published_at) select version_id, id, 1, 'published', 'Works ' || n, now(), now() from c;
  update courses set published_version_id = c.version_id from c where c.id = courses.id;
  insert into modules (id, course_id, title, position, created_at) select module_id, id, 'Module', 1, now() from c;
  create temp table a as select c.id as course_id, c.module_id, c.version_id as course_version_id, k, gen_random_uuid() as id, gen_random_uuid() as version_id,
    gen_random_uuid() as lesson_id from c, generate_series(1, ${EACH}) k;
  insert into lessons (id, module_id, slug, title, position, created_at) select lesson_id, module_id, 'w' || k, 'Lesson ' || k, k, now() from a;
  insert into assignments (id, lesson_id, title, created_at) select id, lesson_id, 'Work ' || k, now() from a;
  insert into assignment_versions (id, assignment_id, number, title, task_md, task_html, created_at, published_at)
    select version_id, id, 1, 'Work ' || k, '', '', now(), now() from a;
  update assignments set published_version_id = a.version_id from a where a.id = assignments.id;
  insert into course_version_assignments (course_version_id, assignment_id) select course_version_id, id from a;
  insert into course_curators (course_id, user_id, created_at) select c.id, u.id, now() from c, users u where u.email = 'curator@example.com' and c.n <= 10;
  create temp table p as select n, gen_random_uuid() as id, gen_random_uuid() as enrollment_id from generate_series(1, ${LEARNERS}) n;
  insert into users (id, email, full_name, role, is_demo, created_at, updated_at)
    select id, 'works' || n || '@example.com', 'Learner ' || n, 'student', true, now(), now() from p;
  insert into course_enrollments (id, user_id, course_id, course_version_id, state, starts_at, created_at, updated_at)
    select p.enrollment_id, p.id, c.id, c.version_id, 'active', now(), now(), now() from p join c on c.n = p.n % ${COURSES} + 1;
  create temp table w as select row_number() over (order by random()) as r, gen_random_uuid() as id, gen_random_uuid() as round_id, p.id as user_id, p.enrollment_id,
    a.id as assignment_id, a.version_id, now() - random() * interval '360 days' as at, u.id as curator_id
    from p join c on c.n = p.n % ${COURSES} + 1 join a on a.course_id = c.id, users u where u.email = 'curator@example.com';
  update w set at = now() - random() * interval '4 days' where r <= ${WAITING};
  insert into assignment_submissions (id, assignment_id, assignment_version_id, user_id, enrollment_id, state, owner_id, submitted_at, due_at, verdict_at, created_at, updated_at)
    select id, assignment_id, version_id, user_id, enrollment_id, case when r <= ${WAITING} then 'submitted' when r % 9 = 0 then 'returned' else 'accepted' end,
      curator_id, at, at + interval '3 days', case when r > ${WAITING} then at + interval '2 days' end, at, at from w;
  insert into assignment_rounds (id, submission_id, number, assignment_version_id, text_md, text_html, created_at, saved_at, submitted_at, due_at, first_taken_at,
      verdict, verdict_at, reviewer_id)
    select round_id, id, 1, version_id, 'Text', '<p>Text</p>', at, at, at, at + interval '3 days', case when r > ${WAITING} then at + interval '1 day' end,
      case when r <= ${WAITING} then null when r % 9 = 0 then 'returned' else 'accepted' end,
      case when r > ${WAITING} then at + random() * interval '4 days' end, case when r > ${WAITING} then curator_id end from w;
`);
psql('vacuum analyze');
const works = Number(psql('select count(*) from assignment_submissions'));

function ask(method, path, headers, body = '') {
  return new Promise((done, fail) => {
    const request = http.request(`${base}${path}`, { method, agent, headers: { origin: base, 'content-length': Buffer.byteLength(body), ...headers } }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() }));
    });
    request.on('error', fail);
    request.end(body);
  });
}
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
async function signIn(email, password) {
  const answer = await ask('POST', '/login', { 'content-type': 'application/x-www-form-urlencoded' }, new URLSearchParams({ email, password }).toString());
  if (answer.status !== 303) throw new Error(`${email}: ${answer.status}`);
  return answer.headers['set-cookie'].map((cookie) => cookie.split(';')[0]).join('; ');
}

/** The times of a page, by turns over its addresses, after some that warm up. */
async function times(cookie, paths, holds) {
  const all = [];
  for (let index = -20; index < PAGES; index += 1) {
    const path = paths[(index + 20) % paths.length];
    const from = performance.now();
    const answer = await ask('GET', path, { cookie });
    if (answer.status !== 200 || !answer.text.includes(holds)) throw new Error(`${path}: ${answer.status}, ${holds} is missing`);
    if (index >= 0) all.push(performance.now() - from);
  }
  all.sort((a, b) => a - b);
  return [0.5, 0.95].map((share) => all[Math.floor(all.length * share)].toFixed(1));
}

const curator = await signIn('curator@example.com', 'curator123');
const admin = await signIn('admin@example.com', 'admin123');
const first = await ask('GET', '/curate', { cookie: admin });
const next = first.text.match(/href="(\/curate\?[^"]*after=[^"]+)"/)?.[1].replaceAll('&amp;', '&');
if (!next) throw new Error('the queue has no second page');
const course = psql("select id from courses where slug = 'works-1'");
const assignment = psql("select a.id from assignments a join lessons l on l.id = a.lesson_id join modules m on m.id = l.module_id join courses c on c.id = m.course_id where c.slug = 'works-1' limit 1");
const mine = await times(curator, ['/curate', '/curate?whose=mine'], '/curate/submissions/');
const all = await times(admin, ['/curate', next, `/curate?course=${course}`, `/curate?course=${course}&assignment=${assignment}&round=1`], '<main');
const found = await times(curator, ['/curate?state=accepted', '/curate?state=returned'], '/curate/submissions/');
const measures = await times(admin, ['/admin/reviews', '/admin/reviews?days=365'], '<svg');
const line = (what, goal, [median, late]) => console.log(`| ${what} | ${goal} | ${median} ms, ${late} ms |`);
line(`the curator's queue in ${works} works, ${WAITING} of which wait: median, 95th percentile of ${PAGES}`, '95 % under 30 ms', mine);
line('the same for an administrator: pages, by course, by assignment and round', '95 % under 30 ms', all);
line('accepted and returned works of the same', '–', found);
line('the measures of review over 90 days and a year of them', '–', measures);
process.exit(0);
