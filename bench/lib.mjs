// What several measurements need: the database, forms sent as a browser without scripts does, ports, figures.
import { execFileSync } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
export const psql = (sql) => execFileSync('psql', ['-Atq', '-v', 'ON_ERROR_STOP=1', process.env.DATABASE_URL], { encoding: 'utf8', input: sql, maxBuffer: 1 << 26 }).trim();
export const count = (from) => Number(psql(`select count(*) from ${from}`));

export const freePort = () => new Promise((found) => {
  const probe = net.createServer().listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => found(port)); });
});
export const listens = (port) => new Promise((done) => {
  const line = net.connect(port, '127.0.0.1', () => { line.destroy(); done(true); }).on('error', () => done(false));
});

/** Sends a body; answers with status and headers, or fails when there is no answer. */
export function send(url, type, body, headers = {}, agent = undefined) {
  return new Promise((done, fail) => {
    const request = http.request(url, { method: 'POST', agent, timeout: 10_000, headers: { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers } }, (response) => {
      response.resume();
      response.on('end', () => done({ status: response.statusCode, headers: response.headers }));
      response.on('error', fail);
    });
    request.on('error', fail);
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.end(body);
  });
}

/** Sends a form of a page of `origin`, as it came through a proxy from an address of its own. */
export const form = (origin, path, fields, number, agent) => send(`${origin}${path}`, 'application/x-www-form-urlencoded', new URLSearchParams(fields).toString(),
  { origin, 'x-forwarded-for': `203.0.${(number >> 8) & 255}.${number & 255}` }, agent);

/** The cheapest thing that is for sale for money: the course's slug and the offer. */
export const forSale = () => {
  const [slug, offer] = psql(`select c.slug || '|' || o.id from offers o join offer_items i on i.offer_id = o.id and i.module_id is null
    join courses c on c.id = i.course_id where o.state = 'active' and o.price_minor > 0 and c.status = 'published' order by o.price_minor limit 1`).split('|');
  return { slug, offer };
};

export const sorted = (times) => [...times].sort((a, b) => a - b);
export const at = (times, share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
