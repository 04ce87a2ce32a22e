// Measures the search over 10 000 lessons. Run by scripts/bench.sh, which starts the server, on a database that is thrown away:
// lessons and people are made in it directly, the lessons' words are those of the demo school's lessons.
// Usage: node bench/search.mjs BASE_URL SERVER_PID PROGRAM — prints lines of a table.
import { execFileSync } from 'node:child_process';
import http from 'node:http';

const [base, , program] = process.argv.slice(2);
const LESSONS = 10_000;
const WORDS = 700;
const PEOPLE = 10;
const QUERIES = 300;
const psql = (sql) => execFileSync('psql', ['-Atq', '-v', 'ON_ERROR_STOP=1', '-c', sql, process.env.DATABASE_URL], { encoding: 'utf8', maxBuffer: 1e8 }).trim();
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function post(path, headers, body) {
  return new Promise((done, fail) => {
    const bytes = Buffer.from(body);
    const request = http.request(`${base}${path}`, { method: 'POST', agent, headers: { origin: base, 'content-length': bytes.length, ...headers } }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() }));
    });
    request.on('error', fail);
    request.end(bytes);
  });
}

async function signIn(email) {
  const answer = await post('/login', { 'content-type': 'application/x-www-form-urlencoded' }, new URLSearchParams({ email, password: 'admin123' }).toString());
  if (answer.status !== 303) throw new Error(`${email}: ${answer.status}`);
  return answer.headers['set-cookie'].map((cookie) => cookie.split(';')[0]).join('; ');
}

psql(`insert into users (id, email, password_hash, full_name, role, locale, is_demo, email_confirmed_at, created_at, updated_at)
  select gen_random_uuid(), 'bench' || n || '@example.com', s.password_hash, 'Bench ' || n, 'admin', 'ru', true, now(), now(), now()
  from generate_series(1, ${PEOPLE}) n, users s where s.email = 'admin@example.com'`);
psql(`create table bench_words as select row_number() over () as number, word
  from lesson_versions, regexp_split_to_table(content_md, '\\s+') word where word ~ '[[:alpha:]]|[^[:ascii:]]';
  create index on bench_words (number); analyze bench_words;
  create table bench_course as select c.published_version_id as version_id, m.id as module_id from courses c join modules m on m.course_id = c.id order by c.position, m.position limit 1;
  insert into lessons (id, module_id, slug, title, position, created_at)
    select gen_random_uuid(), module_id, 'bench-' || n, 'Урок ' || n, 1000 + n, now() from bench_course, generate_series(1, ${LESSONS}) n;
  insert into lesson_versions (id, lesson_id, number, title, content_md, renderer_version, created_at, published_at)
    select gen_random_uuid(), l.id, 1, l.title, t.text, 1000, now(), now()
    from lessons l, lateral (select string_agg(w.word, ' ') as text
      from (select 1 + floor(random() * (select count(*) from bench_words))::bigint as number from generate_series(1, ${WORDS}) where l.id is not null) pick
      join bench_words w using (number)) t where l.slug like 'bench-%';
  update lessons l set published_version_id = v.id from lesson_versions v where v.lesson_id = l.id and l.slug like 'bench-%';
  insert into course_version_lessons (course_version_id, lesson_id, module_id, position)
    select version_id, l.id, l.module_id, l.position from bench_course, lessons l where l.slug like 'bench-%'`);

const begin = performance.now();
execFileSync(program, ['search', 'rebuild'], { encoding: 'utf8' });
const rebuilt = (performance.now() - begin) / 1_000;
psql('vacuum analyze');

const words = psql(`select word from bench_words where char_length(word) > 3 order by random() limit ${QUERIES * 3}`).split('\n').map((word) => word.replace(/[^\p{L}\p{N}]/gu, ''));
const queries = Array.from({ length: QUERIES }, (_, index) => {
  const [a, b, c] = words.slice(index * 3, index * 3 + 3);
  return [a, `${a} ${b}`, `${a} ${b} ${c.slice(0, 4)}`, `"${a} ${b}"`, `${a} -${b}`][index % 5];
});
const cookies = [];
for (let number = 1; number <= PEOPLE; number += 1) cookies.push(await signIn(`bench${number}@example.com`));
const times = [];
let hits = 0;
for (const [index, query] of queries.entries()) {
  const from = performance.now();
  const answer = await post('/api/search/find', { 'content-type': 'application/json', cookie: cookies[index % PEOPLE] }, JSON.stringify({ query, kind: null, after: null }));
  times.push([performance.now() - from, query]);
  if (answer.status !== 200) throw new Error(`${query}: ${answer.status} ${answer.text}`);
  hits += answer.text.includes('"lesson"') ? 1 : 0;
}
if (hits < QUERIES / 2) throw new Error(`only ${hits} queries found a lesson`);
times.sort((a, b) => a[0] - b[0]);
const at = (share) => times[Math.floor(times.length * share)][0].toFixed(0);
console.error(`slowest: ${times.slice(-5).map(([time, query]) => `${query}: ${time.toFixed(0)} ms`).join(', ')}; ${hits} of ${QUERIES} found a lesson`);
console.log(`| a search in ${LESSONS} lessons by who may open all of them: median, 95th percentile of ${QUERIES} | under 100 ms | ${at(0.5)} ms, ${at(0.95)} ms |`);
console.log(`| the same lessons indexed anew | – | ${rebuilt.toFixed(1)} s |`);
process.exit(0);
