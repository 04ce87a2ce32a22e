// Uploads by a tus client from npm through a line that breaks, and by the page itself.
import { first } from './support/http';
import { DEMO, origin, signIn } from './support/people';
import { expect, hydrated, test } from './support/test';
import { breakUploads } from './support/works';
import type { BrowserContext, Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { createServer, connect, type AddressInfo } from 'node:net';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Upload } from 'tus-js-client';

const MEGABYTE = 1024 * 1024;
/** The whole size takes half a minute; the gate takes a tenth of it. */
const SIZE = (process.env.PROOF === '1' ? 300 : 30) * MEGABYTE;
const DROPS = 10;

/** A line to the server that breaks each time so many bytes went up, until it broke often enough. */
async function brokenLine(every: number, times: number): Promise<{ at: string; drops: () => number; close: () => void }> {
  const { hostname, port } = new URL(origin());
  let dropped = 0;
  const line = createServer((near) => {
    const far = connect(Number(port), hostname);
    let sent = 0;
    const end = () => {
      near.destroy();
      far.destroy();
    };
    near.on('data', (bytes) => {
      sent += bytes.length;
      if (sent > every && dropped < times) {
        dropped += 1;
        end();
        return;
      }
      if (!far.write(bytes)) near.pause();
    });
    far.on('drain', () => near.resume());
    far.on('data', (bytes) => near.write(bytes));
    near.on('error', end).on('close', end);
    far.on('error', end).on('close', end);
  });
  await new Promise<void>((ready) => line.listen(0, '127.0.0.1', ready));
  return { at: `http://127.0.0.1:${(line.address() as AddressInfo).port}`, drops: () => dropped, close: () => line.close() };
}

/** The address of the editor of the first course's first lesson. */
async function editor(context: BrowserContext): Promise<string> {
  const get = async (path: string) => (await context.request.get(path)).text();
  const course = first(await get('/admin/courses'), /href="(\/admin\/courses\/[0-9a-f-]{36})"/);
  return first(await get(course), new RegExp(`href="(${course}/lessons/[0-9a-f-]{36})"`));
}

test('300 MB by a client from npm over a line that breaks ten times', async ({ context }) => {
  test.setTimeout(300_000);
  await signIn(context, DEMO.admin);
  const [, course = '', lesson = ''] = /courses\/([0-9a-f-]{36})\/lessons\/([0-9a-f-]{36})/.exec(await editor(context)) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'lectern-upload.'));
  const file = join(folder, 'a.bin');
  const piece = Buffer.alloc(MEGABYTE);
  const hash = createHash('sha256');
  for (let at = 0; at < SIZE; at += MEGABYTE) {
    piece.fill(`${at} `);
    hash.update(piece);
    writeFileSync(file, piece, { flag: 'a' });
  }
  const line = await brokenLine(SIZE / (DROPS + 2), DROPS);
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  let id = '';
  try {
    await new Promise<void>((done, failed) => {
      const upload = new Upload(createReadStream(file), {
        endpoint: `${line.at}/uploads`,
        chunkSize: 5 * MEGABYTE,
        uploadSize: SIZE,
        retryDelays: Array(30).fill(200),
        headers: { cookie },
        metadata: { filename: 'Большой файл.bin', role: 'attachment', course, lesson },
        onAfterResponse: (_, answer) => {
          id = answer.getHeader('upload-file') ?? id;
        },
        onError: failed,
        onSuccess: () => done(),
      });
      upload.start();
    });
  } finally {
    line.close();
    rmSync(folder, { recursive: true });
  }
  expect(line.drops()).toBe(DROPS);
  const got = await context.request.get(`/files/${id}`);
  expect(got.headers()['content-disposition']).toContain(`filename*=UTF-8''${encodeURIComponent('Большой файл.bin')}`);
  expect(createHash('sha256').update(await got.body()).digest('hex')).toBe(hash.digest('hex'));
  await context.request.post(`/admin/courses/${course}/lessons/${lesson}/files/${id}/remove`, { headers: { origin: origin() }, form: {} });
});

async function openEditor(open: (who: typeof DEMO.admin) => Promise<Page>): Promise<Page> {
  const page = await open(DEMO.admin);
  await page.goto(await editor(page.context()));
  await hydrated(page);
  return page;
}

test('a page uploads with progress, goes on after a broken line, and keeps what was being typed', async ({ open, t, guard }) => {
  guard.allow(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource/);
  const page = await openEditor(open);
  const summary = page.getByLabel(t('authoring.summary'), { exact: true });
  await summary.fill('Ещё не сохранено');
  const broken = await breakUploads(page);
  const name = `Разбор ${Date.now()}.txt`;
  await page.getByLabel(t('files.choose')).setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from('Свет слева\n'.repeat(1000)) });
  await page.getByRole('button', { name: t('files.upload') }).click();
  const line = page.locator('.files li').filter({ hasText: name }).first();
  await expect(line.getByRole('link', { name })).toBeVisible({ timeout: 30_000 });
  expect(broken()).toBe(2);
  await expect(summary).toHaveValue('Ещё не сохранено');
  await line.getByRole('button', { name: t('files.remove') }).click();
  await expect(page.getByRole('link', { name })).toHaveCount(0);
  await expect(summary).toHaveValue('Ещё не сохранено');
});

test('a file that is not what it says is refused in words', async ({ open, t, guard }) => {
  guard.allow(/415/);
  const page = await openEditor(open);
  await page.getByLabel(t('files.choose')).setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<script>alert(1)</script>') });
  await page.getByRole('button', { name: t('files.upload') }).click();
  await expect(page.getByText(t('problem.wrong_file_type'))).toBeVisible();
});
