// Measures what photographs of works take: two of 61 megapixels and 60 MB at once, from the upload's end until they are ready for review
// (sizes for screens, tones, tiles), and the server's memory meanwhile. Run by scripts/bench.sh, which starts the server, on a database
// that is thrown away. Memory is the most that was resident since the server stood idle (VmHWM, set back before).
// Usage: node bench/photos.mjs BASE_URL SERVER_PID — prints lines of a table. Wants ffmpeg.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [base, pid] = process.argv.slice(2);
const MB = 1024 * 1024;
const CHUNK = 8 * MB;
const [WIDTH, HEIGHT] = [9504, 6336];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const psql = (sql) => execFileSync('psql', ['-Atqc', sql, process.env.DATABASE_URL], { encoding: 'utf8' }).trim();
const kb = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

/** A photograph as a camera's: shapes and shades under noise, as strong as makes it about 60 MB. */
function photograph(folder, seed) {
  const path = join(folder, `${seed}.jpg`);
  let [low, high] = [1, 60];
  for (let turn = 0; turn < 6; turn += 1) {
    const strength = Math.round((low + high) / 2);
    const picture = `gradients=s=${WIDTH}x${HEIGHT}:n=6:seed=${seed}:speed=0.00001,noise=alls=${strength}:allf=t:all_seed=${seed}`;
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', picture, '-frames:v', '1', '-pix_fmt', 'yuvj422p', '-q:v', '2', path]);
    const size = statSync(path).size / MB;
    if (size > 57 && size < 63) break;
    if (size > 60) high = strength;
    else low = strength;
  }
  return readFileSync(path);
}

function client() {
  let cookie = '';
  const ask = (method, path, headers = {}, body = undefined) => new Promise((done, fail) => {
    const request = http.request(`${base}${path}`, { method, headers: { cookie, origin: base, ...headers }, agent: false }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => done(Object.assign(response, { bytes: Buffer.concat(parts) })));
      response.on('error', fail);
    });
    request.on('error', fail);
    request.end(body);
  });
  const signIn = async (email, password) => {
    const answer = await ask('POST', '/login', { 'content-type': 'application/x-www-form-urlencoded' }, new URLSearchParams({ email, password }).toString());
    if (answer.statusCode !== 303) throw new Error(`${email}: ${answer.statusCode}`);
    cookie = answer.headers['set-cookie'].map((one) => one.split(';')[0]).join('; ');
  };
  return { ask, signIn };
}
function expect(response, status) {
  if (response.statusCode !== status) throw new Error(`${response.req.method} ${response.req.path} answered ${response.statusCode}: ${response.bytes}`);
  return response;
}

/** An assignment that takes photographs, in the first lesson of a course that the demo student learns. */
const assignment = psql(`with made as (
    insert into assignments (id, lesson_id, title, created_at)
    select gen_random_uuid(), l.id, 'Bench', now() from course_enrollments e join users u on u.id = e.user_id and u.email = 'student@example.com'
    join courses c on c.id = e.course_id join course_version_lessons v on v.course_version_id = coalesce(e.course_version_id, c.published_version_id)
    join lessons l on l.id = v.lesson_id order by e.created_at, v.position limit 1 returning id, lesson_id
  ), version as (
    insert into assignment_versions (id, assignment_id, number, title, task_md, task_html, created_at, published_at)
    select id, id, 1, 'Bench', 'Bench', '<p>Bench</p>', now(), now() from made
  ), placed as (
    insert into course_version_assignments (course_version_id, assignment_id)
    select v.course_version_id, made.id from made join course_version_lessons v on v.lesson_id = made.lesson_id
  ) select id from made`);
psql(`update assignments set published_version_id = id where id = '${assignment}'`);

const folder = mkdtempSync(join(tmpdir(), 'lectern-photos-'));
const photographs = [1, 2].map((seed) => photograph(folder, seed));
rmSync(folder, { recursive: true });

const student = client();
await student.signIn('student@example.com', 'student123');
expect(await student.ask('GET', `/learn/assignments/${assignment}`), 200);
await sleep(10_000);
const idle = kb('VmRSS') / 1024;
writeFileSync(`/proc/${pid}/clear_refs`, '5');

/** Uploads a photograph (tus 1.0) and waits until it is ready; gives the seconds from the upload's end. */
async function upload(bytes, name) {
  const tus = { 'tus-resumable': '1.0.0' };
  const meta = Object.entries({ filename: name, role: 'picture', assignment }).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
  const made = expect(await student.ask('POST', '/uploads', { ...tus, 'upload-length': bytes.length, 'upload-metadata': meta }), 201);
  const at = new URL(made.headers.location, base).pathname;
  let id = '';
  for (let offset = 0; offset < bytes.length; offset += CHUNK) {
    const piece = bytes.subarray(offset, offset + CHUNK);
    const headers = { ...tus, 'upload-offset': offset, 'content-type': 'application/offset+octet-stream', 'content-length': piece.length };
    id = expect(await student.ask('PATCH', at, headers, piece), 204).headers['upload-file'] ?? id;
  }
  const end = performance.now();
  while (psql(`select count(*) from file_pyramids where file_id = '${id}'`) !== '1') {
    if (performance.now() - end > 120_000) throw new Error('a photograph did not become ready');
    await sleep(100);
  }
  return { id, seconds: (performance.now() - end) / 1000 };
}
const alone = await upload(photographs[0], 'alone.jpg');
await sleep(5_000);
const other = photographs.map((bytes) => Buffer.from(bytes));
// The same bytes would be one blob, and still two photographs.
const both = await Promise.all(other.map((bytes, number) => upload(bytes, `${number}.jpg`)));
const above = Math.round(kb('VmHWM') / 1024 - idle);
for (const path of ['480', '2400', 'tiles/0/18_12', 'tiles/1/9_6']) expect(await student.ask('GET', `/files/${both[1].id}/${path}`), 200);
const megabytes = photographs.map((bytes) => Math.round(bytes.length / MB)).join(' and ');
const told = (one) => `${one.seconds.toFixed(1)} s`;
console.log(`| a photograph of 61 megapixels (${megabytes} MB): from the upload's end until it is ready | within 10 s | ${told(alone)} |`);
console.log(`| two of them at once: each; memory above idle (${Math.round(idle)} MB) | 450 MB | ${both.map(told).join(', ')}; ${above} MB |`);
