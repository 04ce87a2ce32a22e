// Measures what large files take: a gigabyte up and down, and fifty listeners of one video at once, small and large. Run by
// scripts/bench.sh, which starts the server, on a database that is thrown away. Memory is the most that was resident since the
// server stood idle (VmHWM, set back before each part).
// Usage: node bench/files.mjs BASE_URL SERVER_PID — prints lines of a table.
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';

const [base, pid] = process.argv.slice(2);
const MB = 1024 * 1024;
const [SIZE, CHUNK, LISTENERS] = [1024 * MB, 8 * MB, 50];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const psql = (sql) => execFileSync('psql', ['-Atqc', sql, process.env.DATABASE_URL], { encoding: 'utf8' }).trim();
const kb = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
const forgetPeak = () => writeFileSync(`/proc/${pid}/clear_refs`, '5');

let cookie = '';
function ask(method, path, headers = {}, body = undefined, onData = () => {}) {
  return new Promise((done, fail) => {
    const request = http.request(`${base}${path}`, { method, headers: { cookie, origin: base, ...headers }, agent: false }, (response) => {
      response.on('data', onData);
      response.on('end', () => done(response));
      response.on('error', fail);
    });
    request.on('error', fail);
    request.end(body);
  });
}
function expect(response, status) {
  if (response.statusCode !== status) throw new Error(`${response.req.method} ${response.req.path} answered ${response.statusCode}`);
  return response;
}

const signedIn = expect(await ask('POST', '/login', { 'content-type': 'application/x-www-form-urlencoded' },
  new URLSearchParams({ email: 'admin@example.com', password: 'admin123' }).toString()), 303);
cookie = signedIn.headers['set-cookie'].map((one) => one.split(';')[0]).join('; ');
const [course, lesson] = psql('select m.course_id, l.id from lessons l join modules m on m.id = l.module_id limit 1').split('|');

/** Uploads bytes (tus 1.0): a beginning, then pieces of noise; gives id and SHA-256. */
async function upload(size, role, name, begin) {
  const meta = Object.entries({ filename: name, role, course, lesson }).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
  const made = expect(await ask('POST', '/uploads', { 'tus-resumable': '1.0.0', 'upload-length': size, 'upload-metadata': meta }), 201);
  const at = new URL(made.headers.location, base).pathname;
  const hash = createHash('sha256');
  const noise = randomBytes(CHUNK);
  let id = '';
  for (let offset = 0; offset < size; offset += CHUNK) {
    noise.writeUInt32LE(offset / CHUNK, 64);
    const piece = Buffer.from(noise.subarray(0, Math.min(CHUNK, size - offset)));
    if (offset === 0) begin.copy(piece);
    hash.update(piece);
    const headers = { 'tus-resumable': '1.0.0', 'upload-offset': offset, 'content-type': 'application/offset+octet-stream', 'content-length': piece.length };
    id = expect(await ask('PATCH', at, headers, piece), 204).headers['upload-file'] ?? id;
  }
  if (!id) throw new Error('no file was made');
  return { id, sha256: hash.digest('hex') };
}

await ask('GET', '/');
await sleep(10_000);
const idle = kb('VmRSS') / 1024;
const above = () => Math.round(kb('VmHWM') / 1024 - idle);

forgetPeak();
const large = await upload(SIZE, 'attachment', 'large.bin', Buffer.from('PK'));
const up = above();

forgetPeak();
const hash = createHash('sha256');
const from = performance.now();
expect(await ask('GET', `/files/${large.id}`, {}, undefined, (bytes) => hash.update(bytes)), 200);
if (hash.digest('hex') !== large.sha256) throw new Error('what came down is not what went up');
const down = above();
const rate = Math.round(SIZE / MB / ((performance.now() - from) / 1000));

/** What fifty listeners take, each of another place, reading a megabyte every half second. */
async function listen(id, size) {
  forgetPeak();
  const part = 4 * MB;
  await Promise.all(Array.from({ length: LISTENERS }, async (_, number) => {
    for (let round = 0; round < 4; round += 1) {
      const begin = Math.floor((size - part) * (number / LISTENERS));
      const answer = expect(await ask('GET', `/files/${id}`, { range: `bytes=${begin}-${begin + part - 1}` }), 206);
      if (Number(answer.headers['content-length']) !== part) throw new Error('a part of another length');
      await sleep(200);
    }
  }));
  return above();
}
const video = Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1');
const small = await upload(16 * MB, 'video', 'small.mp4', video);
const few = await listen(small.id, 16 * MB);
const many = await listen(large.id, SIZE);
console.log(`| a gigabyte up (tus, pieces of 8 MB), and down: memory above idle (${Math.round(idle)} MB) | within 40 MB | ${up} MB, ${down} MB at ${rate} MB/s |`);
console.log(`| 50 listeners at once of a video of 16 MB, and of a file of 1 GB: memory above idle | no growth with the size | ${few} MB, ${many} MB |`);
