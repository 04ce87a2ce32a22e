// Measures the curator's desk in Chromium: from the press of "accept" to the next work on the screen, its photograph included, over
// fifty works. Run by scripts/bench.sh, which starts the server, on a database that is thrown away: learners and their works are made
// in it directly, with one photograph that was uploaded. Wants the packages of end2end/ and a Chromium.
// Usage: node bench/desk.mjs BASE_URL — prints a line of a table.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../end2end/package.json', import.meta.url))('@playwright/test');
const [base] = process.argv.slice(2);
const WORKS = 51;
const LOOKS_FOR = 700;
const psql = (sql) => execFileSync('psql', ['-Atqc', sql, process.env.DATABASE_URL], { encoding: 'utf8' }).trim();

const course = psql(`select cc.course_id from course_curators cc join users u on u.id = cc.user_id and u.email = 'curator@example.com'
  join course_enrollments e on e.course_id = cc.course_id join users s on s.id = e.user_id and s.email = 'student@example.com' limit 1`);
if (!course) throw new Error('the demo curator has no course that the demo student learns');
const assignment = psql(`with made as (
    insert into assignments (id, lesson_id, title, created_at)
    select gen_random_uuid(), l.id, 'Bench', now() from courses c join course_version_lessons v on v.course_version_id = c.published_version_id
    join lessons l on l.id = v.lesson_id where c.id = '${course}' order by v.position limit 1 returning id
  ), version as (
    insert into assignment_versions (id, assignment_id, number, title, task_md, task_html, created_at, published_at)
    select id, id, 1, 'Bench', 'Bench', '<p>Bench</p>', now(), now() from made
  ), placed as (
    insert into course_version_assignments (course_version_id, assignment_id) select c.published_version_id, made.id from made, courses c where c.id = '${course}'
  ) select id from made`);
psql(`update assignments set published_version_id = id where id = '${assignment}'`);

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
async function signedIn(email, password) {
  const context = await browser.newContext({ locale: 'ru-RU', timezoneId: 'Europe/Moscow', viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const answer = await context.request.post(`${base}/login`, { form: { email, password }, headers: { origin: base }, maxRedirects: 0 });
  if (answer.status() !== 303) throw new Error(`${email}: ${answer.status()}`);
  return context;
}

// The photograph, by the demo student.
const student = await signedIn('student@example.com', 'student123');
const picture = readFileSync(new URL('../demo/school-photography/media/window-near.jpg', import.meta.url));
const sent = await student.request.post(`${base}/learn/assignments/${assignment}/files`, {
  headers: { origin: base }, maxRedirects: 0, multipart: { file: { name: 'window-near.jpg', mimeType: 'image/jpeg', buffer: picture } },
});
if (sent.status() !== 303) throw new Error(`the photograph: ${sent.status()}`);
const photo = psql(`select f.file_id from assignment_round_files f join assignment_rounds r on r.id = f.round_id
  join assignment_submissions s on s.id = r.submission_id where s.assignment_id = '${assignment}'`);
while (psql(`select count(*) from file_photos where file_id = '${photo}'`) !== '1') await new Promise((done) => setTimeout(done, 200));

psql(`insert into users (id, email, password_hash, full_name, role, locale, is_demo, email_confirmed_at, created_at, updated_at)
  select gen_random_uuid(), 'desk' || n || '@example.com', s.password_hash, 'Bench ' || n, 'student', 'ru', true, now(), now(), now()
  from generate_series(1, ${WORKS}) n, users s where s.email = 'student@example.com'`);
psql(`insert into course_enrollments (id, user_id, course_id, course_version_id, state, starts_at, created_at, updated_at)
  select gen_random_uuid(), u.id, c.id, c.published_version_id, 'active', now(), now(), now()
  from users u, courses c where u.email like 'desk%@example.com' and c.id = '${course}'`);
psql(`with works as (
    insert into assignment_submissions (id, assignment_id, assignment_version_id, user_id, enrollment_id, state, created_at, updated_at)
    select gen_random_uuid(), '${assignment}', '${assignment}', e.user_id, e.id, 'draft', now(), now()
    from course_enrollments e join users u on u.id = e.user_id and u.email like 'desk%@example.com' returning id
  ) insert into assignment_rounds (id, submission_id, number, assignment_version_id, text_md, text_html, created_at, saved_at)
    select id, id, 1, '${assignment}', 'Свет слева', '<p>Свет слева</p>', now(), now() from works`);
psql(`insert into assignment_round_files (round_id, file_id, kind, position) select r.id, '${photo}', 'photo', 1 from assignment_rounds r where r.id = r.submission_id`);
psql(`update assignment_rounds set submitted_at = now(), due_at = now() + interval '1 day' where id = submission_id`);
psql(`update assignment_submissions s set state = 'submitted', submitted_at = now(), due_at = now() - interval '30 days' + (random() * interval '1 hour')
  from assignment_rounds r where r.id = s.id`);

const curator = await signedIn('curator@example.com', 'curator123');
const page = await curator.newPage();
await page.addInitScript(() => {
  const listen = window.addEventListener.bind(window);
  window.addEventListener = (...given) => {
    if (given[0] === 'click') window.isHydrated = true;
    listen(...given);
  };
});
const first = psql(`select id from assignment_submissions where state = 'submitted' order by due_at, id limit 1`);
await page.goto(`${base}/curate/submissions/${first}`);
await page.waitForFunction(() => window.isHydrated === true);

const times = [];
for (let turn = 1; turn < WORKS; turn += 1) {
  await page.waitForTimeout(LOOKS_FOR);
  times.push(await page.evaluate(() => new Promise((done, fail) => {
    const name = () => document.querySelector('#main .person strong')?.textContent;
    const before = name();
    const begun = performance.now();
    const look = () => {
      const picture = document.querySelector('.canvas img');
      if (name() && name() !== before && picture?.complete && picture.naturalWidth > 0) requestAnimationFrame(() => done(performance.now() - begun));
      else if (performance.now() - begun > 10_000) fail(new Error(`the work after ${before} did not come`));
      else requestAnimationFrame(look);
    };
    document.getElementById('accept').click();
    look();
  })));
}
await browser.close();
times.sort((a, b) => a - b);
const at = (share) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))]);
console.log(`| from the verdict to the next work on the screen, with its photograph (${times.length} works, Chromium): median, p95 | 200 ms | ${at(0.5)} ms, ${at(0.95)} ms |`);
