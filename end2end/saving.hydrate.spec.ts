// "Saved" is said on the server's acknowledgement of that very value, and never otherwise. One learner, one attempt, test after
// test: what a test needs, it gives anew.
import { cast } from './support/cast';
import { QUESTIONS } from './support/course';
import { DEMO } from './support/people';
import { choose, handIn, openField, saveLine, startTest } from './support/school';
import { expect, hydrated, test } from './support/test';
import { savedAt, words } from './support/words';
import type { Page, Route } from '@playwright/test';

const SAVE = '**/api/tests/save*';
const { distance, triangle, balance, shadows, lamps } = QUESTIONS;
const t = words('ru');

/** Opens the running attempt, ready to be answered. */
async function attempt(open: (who: ReturnType<typeof cast>['saver']) => Promise<Page>): Promise<Page> {
  const page = await open(cast().saver);
  await startTest(page, t);
  await hydrated(page);
  return page;
}

const option = (page: Page, number: number, text: string) => page.locator(`#q${number}`).getByLabel(text, { exact: true });

test('says saved only after the reply to the newest value', async ({ open }) => {
  const page = await attempt(open);
  const held: Route[] = [];
  await page.route(SAVE, (route) => void held.push(route));
  await choose(page, distance.number, distance.wrong);
  await expect(saveLine(page, distance.number)).toHaveText(t('quizzes.saving'));
  await expect(saveLine(page)).toHaveText(t('quizzes.saving'));
  await choose(page, distance.number, distance.right);
  await expect.poll(() => held.length).toBe(1);
  await page.waitForTimeout(300);
  expect(held.length, 'one operation at a time').toBe(1);
  await expect(saveLine(page, distance.number)).toHaveText(t('quizzes.saving'));

  await held[0]?.continue();
  await expect.poll(() => held.length, 'the newer value follows').toBe(2);
  await expect(saveLine(page, distance.number), 'the reply was to the older value').toHaveText(t('quizzes.saving'));
  await held[1]?.continue();
  await expect(saveLine(page, distance.number)).toHaveText(savedAt(t));
  await page.unroute(SAVE);
  await page.reload();
  await expect(option(page, distance.number, distance.right)).toBeChecked();
});

test('says that nothing is saved while the line is away, and saves when it is back', async ({ open, guard }) => {
  guard.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  const page = await attempt(open);
  await page.context().setOffline(true);
  await choose(page, triangle.number, triangle.right);
  await openField(page).fill('Написано без связи');
  await expect(saveLine(page, triangle.number)).toHaveText(t('quizzes.not_saved'));
  await expect(saveLine(page, QUESTIONS.place.number)).toHaveText(t('quizzes.not_saved'));
  await expect(saveLine(page)).toHaveText(t('quizzes.not_saved'));
  await expect(option(page, triangle.number, triangle.right), 'what was given stays').toBeChecked();
  await page.context().setOffline(false);
  await expect(saveLine(page, triangle.number)).toHaveText(savedAt(t), { timeout: 20_000 });
  await expect(saveLine(page, QUESTIONS.place.number)).toHaveText(savedAt(t), { timeout: 20_000 });
  await expect(saveLine(page)).toHaveText(savedAt(t));
  await page.reload();
  await expect(option(page, triangle.number, triangle.right)).toBeChecked();
  await expect(openField(page)).toHaveValue('Написано без связи');
});

test('tries again by itself after a server that was away', async ({ open, guard }) => {
  guard.allow(/503/);
  const page = await attempt(open);
  await page.route(SAVE, (route) => route.fulfill({ status: 503, contentType: 'text/html', body: '<!DOCTYPE html><p>503' }), { times: 2 });
  await choose(page, balance.number, balance.wrong);
  await expect(saveLine(page, balance.number)).toHaveText(t('quizzes.not_saved'));
  await expect(saveLine(page, balance.number)).toHaveText(savedAt(t), { timeout: 20_000 });
  await page.reload();
  await expect(option(page, balance.number, balance.wrong)).toBeChecked();
});

test('a reload keeps every answer', async ({ open }) => {
  const page = await attempt(open);
  const text = `Окно слева.\n\n  Отступ, "кавычки", <b>скобки</b> &amp; ${Date.now()}`;
  await choose(page, distance.number, distance.wrong);
  await choose(page, triangle.number, triangle.wrong);
  await choose(page, balance.number, balance.right);
  for (const right of shadows.right) await choose(page, shadows.number, right);
  await option(page, shadows.number, shadows.right[1]).uncheck();
  await choose(page, lamps.number, lamps.wrong);
  await openField(page).fill(text);
  for (let number = 1; number <= 6; number += 1) await expect(saveLine(page, number)).toHaveText(savedAt(t));
  await page.reload();
  await expect(option(page, distance.number, distance.wrong)).toBeChecked();
  await expect(option(page, triangle.number, triangle.wrong)).toBeChecked();
  await expect(option(page, balance.number, balance.right)).toBeChecked();
  await expect(option(page, shadows.number, shadows.right[0])).toBeChecked();
  await expect(option(page, shadows.number, shadows.right[1])).not.toBeChecked();
  await expect(option(page, lamps.number, lamps.wrong)).toBeChecked();
  await expect(openField(page)).toHaveValue(text);
  await hydrated(page);
  await expect(openField(page), 'after hydration too').toHaveValue(text);
  for (let number = 1; number <= 6; number += 1) await expect(saveLine(page, number)).toHaveText(savedAt(t));
});

test('two tabs converge on the latest deed', async ({ open }) => {
  const first = await attempt(open);
  const second = await first.context().newPage();
  await second.goto(first.url());
  await hydrated(second);
  for (const [page, answer] of [[first, distance.right], [second, distance.wrong], [first, distance.right]] as const) {
    // The same option twice is no change, so it is left first.
    if (await option(page, distance.number, answer).isChecked()) await choose(page, distance.number, 'почти не изменится, окно большое');
    await choose(page, distance.number, answer);
    await expect(saveLine(page, distance.number)).toHaveText(savedAt(t));
    await expect(saveLine(page)).toHaveText(savedAt(t));
  }
  for (const page of [first, second]) {
    await page.reload();
    await expect(option(page, distance.number, distance.right)).toBeChecked();
  }
});

test('an answer given before the scripts came is saved once they are there', async ({ open }) => {
  const page = await open(cast().saver);
  await startTest(page, t);
  await hydrated(page);
  await choose(page, lamps.number, lamps.wrong);
  await expect(saveLine(page, lamps.number)).toHaveText(savedAt(t));

  let release = (): void => undefined;
  const gate = new Promise<void>((done) => (release = done));
  await page.route('**/*.wasm', async (route) => {
    await gate;
    await route.continue();
  });
  await page.reload({ waitUntil: 'commit' });
  const early = lamps.right[0];
  const isTicked = await option(page, lamps.number, early).isChecked();
  await option(page, lamps.number, early).setChecked(!isTicked);
  await openField(page).fill('Набрано, пока страница оживала');
  release();
  await hydrated(page);
  await expect(option(page, lamps.number, early)).toBeChecked({ checked: !isTicked });
  await expect(openField(page)).toHaveValue('Набрано, пока страница оживала');
  await page.getByRole('button', { name: t('quizzes.check_and_submit') }).click();
  await page.waitForURL(/review=1/);
  await page.goto(page.url().replace(/\?.*/, ''));
  await expect(option(page, lamps.number, early)).toBeChecked({ checked: !isTicked });
  await expect(openField(page)).toHaveValue('Набрано, пока страница оживала');
});

test('the browser asks before it leaves what is not saved', async ({ open }) => {
  const page = await attempt(open);
  await page.route(SAVE, () => undefined);
  await choose(page, balance.number, balance.wrong);
  await choose(page, balance.number, balance.right);
  await expect(saveLine(page, balance.number)).toHaveText(t('quizzes.saving'));
  const asked = page.waitForEvent('dialog');
  void page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.accept();
});

test('what waited for the line does not replace a later answer from another device', async ({ open, guard }) => {
  guard.allow(/ERR_FAILED|Failed to fetch/);
  const phone = await attempt(open);
  await phone.route(SAVE, (route) => route.abort());
  await choose(phone, distance.number, distance.wrong);
  await expect(saveLine(phone, distance.number)).toHaveText(t('quizzes.not_saved'));
  const laptop = await attempt(open);
  await choose(laptop, distance.number, 'почти не изменится, окно большое');
  await choose(laptop, distance.number, distance.right);
  await expect(saveLine(laptop, distance.number)).toHaveText(savedAt(t));
  await phone.unroute(SAVE);
  await expect(saveLine(phone, distance.number), 'said in words').toHaveText(t('quizzes.given_elsewhere'), { timeout: 20_000 });
  await laptop.reload();
  await expect(option(laptop, distance.number, distance.right), 'what was shown as saved is there').toBeChecked();
  // Given again it is meant.
  await choose(phone, distance.number, 'почти не изменится, окно большое');
  await expect(saveLine(phone, distance.number)).toHaveText(savedAt(t));
});

test('what waits is sent also after going on to another page', async ({ open, guard }) => {
  guard.allow(/ERR_FAILED|Failed to fetch/);
  const page = await attempt(open);
  const address = page.url();
  const text = `Написано и оставлено ${Date.now()}`;
  await page.route(SAVE, (route) => route.abort());
  await openField(page).fill(text);
  await expect(saveLine(page, QUESTIONS.place.number)).toHaveText(t('quizzes.not_saved'));
  await page.getByRole('banner').getByRole('link', { name: t('nav.learning') }).click();
  await expect(page.getByRole('heading', { level: 1, name: t('learning.title') })).toBeVisible();
  const sent = page.waitForResponse(SAVE);
  await page.unroute(SAVE);
  expect((await sent).status()).toBe(200);
  await page.goto(address);
  await expect(openField(page)).toHaveValue(text);
});

/** Comes to the open attempt by a click. The school's tests have no limit; the server's answer gets one here. */
async function limit(page: Page, left: { seconds: number }): Promise<void> {
  const address = new URL(page.url()).pathname;
  await page.clock.install();
  await page.route('**/api/tests/attempt*', async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { Running: { seconds_left: number } };
    body.Running.seconds_left = left.seconds;
    await route.fulfill({ response, json: body });
  });
  await page.goto('/learn');
  await hydrated(page);
  await page.evaluate((path) => {
    const link = document.createElement('a');
    link.href = path;
    document.querySelector('main')?.append(link);
    link.click();
  }, address);
}

test('a clock that is set changes nothing: the server is asked what is left', async ({ open }) => {
  const page = await attempt(open);
  const left = { seconds: 90 };
  await limit(page, left);
  const timer = page.getByRole('timer');
  await expect(timer).toHaveText(/01:[23]\d/);
  for (const [days, shown] of [[2, /11:[23]\d/], [-2, /21:[23]\d/]] as const) {
    // What the server says counts, not what the page counted.
    left.seconds += 600;
    const asked = page.waitForResponse('**/api/tests/attempt*');
    await page.clock.setSystemTime((await page.evaluate(() => Date.now())) + days * 86_400_000);
    await asked;
    await expect(timer).toHaveText(shown);
    await expect(openField(page)).toBeEnabled();
  }
  const asks: string[] = [];
  page.on('request', (request) => asks.push(request.url()));
  await page.waitForTimeout(3_000);
  expect(asks.filter((url) => url.includes('/api/tests/attempt')), 'it is asked once').toEqual([]);
});

test('at the end of the time the fields rest, and the page shows what the server has', async ({ open }) => {
  const page = await attempt(open);
  await limit(page, { seconds: 90 });
  await expect(page.getByRole('timer')).toHaveText(/01:[23]\d/);
  // A page that slept has had no ticks.
  await page.clock.fastForward(80_000);
  await expect(page.getByRole('timer')).toHaveText(/00:\d\d/);
  await expect(openField(page)).toBeEnabled();
  await page.clock.fastForward(15_000);
  await expect(page.getByRole('timer')).toHaveText(t('quizzes.time_is_over'));
  await expect(openField(page)).toBeDisabled();
  const again = page.waitForEvent('load');
  await page.clock.fastForward(40_000);
  await again;
  await expect(page.getByRole('timer')).toHaveCount(0);
  await expect(openField(page)).toBeEnabled();
});

test('what looks like markup stays text, everywhere', async ({ open }) => {
  const hostile = '\n</textarea><script>window.hacked = true</script><img src=x onerror="window.hacked=true">';
  const page = await attempt(open);
  await openField(page).fill(hostile);
  // Typed and handed in at once: the page waits for the server.
  await page.getByRole('button', { name: t('quizzes.check_and_submit') }).click();
  await page.waitForURL(/review=1/);
  await expect(page.getByText('window.hacked = true')).toBeVisible();
  await page.reload();
  await page.getByRole('link', { name: t('quizzes.back_to_questions') }).click();
  await expect(openField(page)).toHaveValue(hostile);
  await page.reload();
  await hydrated(page);
  await expect(openField(page)).toHaveValue(hostile);
  const isHacked = (of: Page): Promise<unknown> => of.evaluate(() => (window as unknown as { hacked?: boolean }).hacked);
  expect(await isHacked(page)).toBeUndefined();

  await handIn(page, t);
  await page.reload();
  await hydrated(page);
  await expect(page.locator('.own')).toContainText('</textarea><script>');
  expect(await isHacked(page)).toBeUndefined();

  const curator = await open(DEMO.curator);
  await curator.goto(page.url().replace('/learn/', '/curate/'));
  await hydrated(curator);
  await expect(curator.locator('.own')).toContainText('</textarea><script>');
  expect(await isHacked(curator)).toBeUndefined();
});
