// Answers that the line does not take are kept in the browser: over a reload and over the browser's end, shared by its tabs, and gone
// when they are not needed any more.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { cast } from './support/cast';
import { QUESTIONS } from './support/course';
import { fillSignIn } from './support/people';
import { choose, handIn, openField, saveLine, startTest } from './support/school';
import { expect, hydrated, markHydration, test } from './support/test';
import { savedAt, words } from './support/words';

const SAVE = '**/api/tests/save*';
const { distance, triangle, balance, place } = QUESTIONS;
const t = words('ru');
const option = (page: Page, number: number, text: string) => page.locator(`#q${number}`).getByLabel(text, { exact: true });

/** Opens the running attempt, ready to be answered. */
async function attempt(page: Page, at = ''): Promise<Page> {
  await startTest(page, t, at);
  await hydrated(page);
  return page;
}

/** Waits until the browser has written what was given: its store is asked for it. */
async function kept(page: Page, count: number): Promise<void> {
  const read = () =>
    page.evaluate(
      () =>
        new Promise<number>((done) => {
          const opened = indexedDB.open('lectern', 1);
          opened.onupgradeneeded = () => opened.result.createObjectStore('answers');
          opened.onsuccess = () => {
            const found = opened.result.transaction('answers').objectStore('answers').count();
            found.onsuccess = () => {
              opened.result.close();
              done(found.result);
            };
          };
        }),
    );
  await expect.poll(read).toBe(count);
}

test('what the line did not take outlives a reload', async ({ open, guard }) => {
  guard.allow(/ERR_FAILED|Failed to fetch/);
  const page = await attempt(await open(cast().traveller));
  await page.context().route(SAVE, (route) => route.abort());
  const text = `Написано без связи ${Date.now()}`;
  await choose(page, triangle.number, triangle.wrong);
  await choose(page, triangle.number, triangle.right);
  await openField(page).fill(text);
  await expect(saveLine(page, place.number)).toHaveText(t('quizzes.not_saved'));
  await kept(page, 2);
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await hydrated(page);
  await expect(option(page, triangle.number, triangle.right)).toBeChecked();
  await expect(openField(page)).toHaveValue(text);
  await expect(saveLine(page), 'and is not called saved').toHaveText(t('quizzes.not_saved'));
  await page.goto(`${page.url()}?review=1`);
  await hydrated(page);
  await expect(page.getByText(t('quizzes.not_sent_yet', { count: 2 }))).toBeVisible();
  await page.getByRole('link', { name: t('quizzes.back_to_questions') }).click();
  await expect(openField(page)).toHaveValue(text);
  await page.context().unroute(SAVE);
  await expect(saveLine(page, triangle.number)).toHaveText(savedAt(t), { timeout: 30_000 });
  await expect(saveLine(page, place.number)).toHaveText(savedAt(t), { timeout: 30_000 });
  await kept(page, 0);
  await page.reload();
  await expect(option(page, triangle.number, triangle.right)).toBeChecked();
  await expect(openField(page)).toHaveValue(text);
});

test('the line is back: what waits is sent at once', async ({ open, guard }) => {
  guard.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  const page = await attempt(await open(cast().traveller));
  await page.context().setOffline(true);
  await choose(page, balance.number, balance.wrong);
  await choose(page, balance.number, balance.right);
  await expect(saveLine(page, balance.number)).toHaveText(t('quizzes.not_saved'));
  // By now the pauses have grown to 8 s.
  await page.waitForTimeout(9_000);
  await page.context().setOffline(false);
  await expect(saveLine(page, balance.number)).toHaveText(savedAt(t), { timeout: 3_000 });
});

test('the tabs of one browser agree', async ({ open, guard }) => {
  guard.allow(/ERR_FAILED|Failed to fetch/);
  const first = await attempt(await open(cast().traveller));
  const second = await first.context().newPage();
  await second.goto(first.url());
  await hydrated(second);
  await choose(first, distance.number, distance.wrong);
  await expect(saveLine(first, distance.number)).toHaveText(savedAt(t));
  await expect(option(second, distance.number, distance.wrong), 'the other tab shows it').toBeChecked();
  await expect(saveLine(second, distance.number)).toHaveText(savedAt(t));
  await first.context().route(SAVE, (route) => route.abort());
  await choose(second, distance.number, distance.right);
  await expect(option(first, distance.number, distance.right)).toBeChecked();
  await openField(first).fill('Набрано в первой');
  await expect(openField(second)).toHaveValue('Набрано в первой');
  // The tab that goes on sends what the one that is gone had given.
  first.on('dialog', (dialog) => void dialog.accept());
  await first.close();
  await second.context().unroute(SAVE);
  await expect(saveLine(second, distance.number)).toHaveText(savedAt(t), { timeout: 30_000 });
  await expect(saveLine(second, place.number)).toHaveText(savedAt(t), { timeout: 30_000 });
  await second.reload();
  await expect(option(second, distance.number, distance.right)).toBeChecked();
  await expect(openField(second)).toHaveValue('Набрано в первой');
});

test('after signing out nothing is kept', async ({ open, guard }) => {
  // The page that is open meanwhile asks for its news in vain.
  guard.allow(/ERR_FAILED|Failed to fetch|401 \(Unauthorized\)/);
  const page = await attempt(await open(cast().traveller));
  await page.context().route(SAVE, (route) => route.abort());
  await openField(page).fill('Не для следующего за этим компьютером');
  await kept(page, 1);
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto('/account');
  await page.evaluate(async () => fetch('/logout', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } }));
  await page.goto('/');
  await kept(page, 0);
});

/** A browser with a folder of its own, which may be killed. */
async function start(folder: string): Promise<{ process: ChildProcess; browser: Browser; context: BrowserContext }> {
  const program = chromium.executablePath();
  const process_ = spawn(process.env['CHROMIUM'] ?? program, ['--headless=new', '--no-sandbox', '--accept-lang=ru', '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank']);
  const address = await new Promise<string>((done, fail) => {
    let said = '';
    process_.on('error', fail);
    process_.stderr.on('data', (data) => {
      said += String(data);
      const found = /DevTools listening on (ws:\S+)/.exec(said);
      if (found?.[1]) done(found[1]);
    });
  });
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  if (!context) throw new Error('no context');
  await context.addInitScript(markHydration);
  return { process: process_, browser, context };
}

test('what the line did not take outlives the end of the browser', async ({ baseURL }) => {
  test.setTimeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'lectern-browser-'));
  const signedIn = async (context: BrowserContext): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${baseURL}/login`);
    // A browser that was killed may have its cookies still.
    if (page.url().endsWith('/login')) await fillSignIn(page, t, cast().traveller);
    await page.waitForURL(/\/learn/);
    return page;
  };
  let run = await start(folder);
  try {
    const page = await signedIn(run.context);
    await attempt(page, baseURL);
    const address = page.url();
    await run.context.route(SAVE, (route) => route.abort());
    const text = `Перед самым концом ${Date.now()}`;
    await openField(page).fill(text);
    await kept(page, 1);
    run.process.kill('SIGKILL');
    run = await start(folder);
    const again = await signedIn(run.context);
    await again.goto(address);
    await hydrated(again);
    await expect(openField(again)).toHaveValue(text);
    await expect(saveLine(again, place.number)).toHaveText(savedAt(t), { timeout: 30_000 });
    await again.reload();
    await expect(openField(again)).toHaveValue(text);
  } finally {
    run.process.kill('SIGKILL');
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    } catch {
      // The browser's other processes may write there a moment longer; the folder is in /tmp.
    }
  }
});

test('what came too late says so once the attempt is over', async ({ open, guard }) => {
  guard.allow(/ERR_FAILED|Failed to fetch/);
  const page = await attempt(await open(cast().traveller));
  const address = page.url();
  await page.context().route(SAVE, (route) => route.abort());
  const text = `Слишком поздно ${Date.now()}`;
  await openField(page).fill(text);
  await kept(page, 1);
  const elsewhere = await open(cast().traveller);
  await elsewhere.goto(address);
  await hydrated(elsewhere);
  await handIn(elsewhere, t);
  await page.context().unroute(SAVE);
  await expect(saveLine(page, place.number)).toHaveText(t('quizzes.over'), { timeout: 30_000 });
  await expect(openField(page), 'what was written stays in sight').toHaveValue(text);

  // And a browser that comes back only after the end.
  const late = await attempt(await open(cast().traveller));
  await late.context().route(SAVE, (route) => route.abort());
  await openField(late).fill(text);
  await kept(late, 1);
  await attempt(elsewhere);
  await handIn(elsewhere, t);
  late.on('dialog', (dialog) => void dialog.accept());
  await late.reload();
  await expect(late.getByText(t('quizzes.came_too_late', { count: 1 }))).toBeVisible();
  await expect(late.getByText(text)).toBeVisible();
  await kept(late, 0);
});
