// A work through three rounds: a phone on a line that breaks hands in, a curator answers by keyboard, rounds are compared; and the
// desk's way through its queue.
import { join } from 'node:path';
import { learner } from './support/http';
import { DEMO, origin } from './support/people';
import { expect, hydrated, test } from './support/test';
import { beginWork, breakUploads } from './support/works';
import type { Page } from '@playwright/test';
import type { Words } from './support/words';

const media = (name: string): string => join(__dirname, '..', 'demo', 'school-photography', 'media', name);

async function handIn(page: Page, t: Words, text: string): Promise<void> {
  await page.getByLabel(t('works.text')).fill(text);
  await expect(page.locator('.save')).toHaveAttribute('data-state', 'saved');
  await page.getByRole('button', { name: t('works.submit') }).click();
  await expect(page.getByText(t('works.state_submitted')).first()).toBeVisible();
}

/** The desk of a work, from the queue. */
async function desk(curator: Page, name: string): Promise<string> {
  await curator.goto('/curate');
  await curator.getByRole('row').filter({ hasText: name }).getByRole('link').first().click();
  await expect(curator).toHaveURL(/\/curate\/submissions\/[0-9a-f-]{36}/);
  await hydrated(curator);
  return new URL(curator.url()).pathname;
}

test('three rounds, with a broken line, keys and a comparison', async ({ open, t, guard }) => {
  test.setTimeout(180_000);
  guard.allow(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource/);
  const who = await learner('Вера Соколова');
  const page = await open(who, { viewport: { width: 390, height: 844 }, hasTouch: true });
  const curator = await open(DEMO.curator);
  const address = await beginWork(page, t);
  await hydrated(page);

  await test.step('the line breaks while the photograph goes up', async () => {
    const broken = await breakUploads(page);
    await page.getByLabel(t('works.choose')).setInputFiles(media('window-near.jpg'));
    await expect(page.getByRole('button', { name: t('works.remove', { name: 'window-near.jpg' }) })).toBeVisible({ timeout: 30_000 });
    expect(broken()).toBe(2);
    await handIn(page, t, 'Первый круг.');
  });

  const stamp = Date.now().toString(36);
  const [point, box] = [`Точка ${stamp}`, `Рамка ${stamp}`];
  const place = await test.step('a pin and a box, by pointer and keys, and the work goes back by a key', async () => {
    const place = await desk(curator, who.name);
    const glass = curator.locator('.canvas .glass').first();
    await glass.click({ position: { x: 60, y: 40 } });
    await curator.keyboard.type(point);
    await curator.keyboard.press('Control+Enter');
    const remarks = curator.getByRole('list', { name: t('desk.remarks') });
    await expect(remarks.getByText(point)).toBeVisible();
    await glass.hover({ position: { x: 80, y: 60 } });
    await curator.mouse.down();
    await glass.hover({ position: { x: 160, y: 120 } });
    await curator.mouse.up();
    await curator.keyboard.type(box);
    await curator.keyboard.press('Control+Enter');
    await expect(remarks.getByText(box)).toBeVisible();
    await curator.getByRole('heading', { level: 1 }).click();
    await curator.keyboard.press('r');
    await expect(curator).not.toHaveURL(new RegExp(place));
    return place;
  });

  await test.step('the learner marks one as done, and hands in the second round with another photograph', async () => {
    await page.goto(address);
    const lines = page.locator('.remarks li');
    await expect(lines.filter({ hasText: point })).toBeVisible();
    await expect(lines.filter({ hasText: box })).toBeVisible();
    await expect(page.locator('.looked svg').first()).toBeVisible();
    const line = lines.filter({ hasText: point });
    await line.getByLabel(t('works.done_note')).fill('Переснято');
    await line.getByRole('button', { name: t('works.mark_done') }).click();
    await expect(lines.filter({ hasText: point }).getByText('Переснято')).toBeVisible();
    await hydrated(page);
    await page.getByLabel(t('works.choose')).setInputFiles(media('window-far.jpg'));
    await expect(page.getByRole('button', { name: t('works.remove', { name: 'window-far.jpg' }) })).toBeVisible({ timeout: 30_000 });
    await handIn(page, t, 'Второй круг.');
  });

  await test.step('the curator compares both rounds, and returns it once more', async () => {
    await curator.goto(place);
    await hydrated(curator);
    await expect(curator.getByText('Переснято')).toBeVisible();
    await curator.locator('#comparing').getByRole('link', { name: t('works.round', { number: 1 }) }).click();
    await expect(curator).toHaveURL(/compare=1/);
    const slider = curator.getByRole('slider', { name: t('works.compare_slider') });
    await slider.focus();
    await curator.keyboard.press('Home');
    await expect(curator.locator('.compare clipPath rect').first()).toHaveAttribute('width', '0');
    await curator.getByLabel(t('desk.reason')).fill('Ещё немного света.');
    await curator.getByRole('heading', { level: 1 }).click();
    await curator.keyboard.press('r');
    await expect(curator).not.toHaveURL(new RegExp(place));
  });

  await test.step('the third round is accepted by a key, and its mark is told', async () => {
    await page.goto(address);
    await hydrated(page);
    await handIn(page, t, 'Третий круг.');
    await curator.goto(place);
    await hydrated(curator);
    await expect(curator.getByText('Третий круг.').first()).toBeVisible();
    const confirm = curator.getByLabel(t('desk.confirm'));
    if (await confirm.isVisible()) await confirm.check();
    await curator.getByLabel(t('desk.points', { most: 10 })).fill('8');
    await curator.getByRole('heading', { level: 1 }).click();
    await curator.keyboard.press('a');
    await expect(curator).not.toHaveURL(new RegExp(place));
    await page.goto(address);
    await expect(page.getByText(t('works.state_accepted')).first()).toBeVisible();
    await expect(page.getByText(t('works.mark', { points: '8', most: 10 })).first()).toBeVisible();
  });
});

test('keys lead through what was asked for of the queue, and back to it', async ({ open, t }) => {
  test.setTimeout(120_000);
  const stamp = Date.now().toString(36);
  const people = [await learner(`Ася ${stamp}`), await learner(`Борис ${stamp}`)];
  for (const who of people) {
    const page = await open(who);
    await beginWork(page, t);
    await hydrated(page);
    await handIn(page, t, `Работа: ${who.name}`);
  }
  const curator = await open(DEMO.curator);
  await curator.goto('/curate?round=1');
  const [first, second] = people.map((who) => curator.getByRole('row').filter({ hasText: who.name }).getByRole('link').first());
  if (!first || !second) throw new Error('two works');
  await expect(second).toBeVisible();
  await first.click();
  await hydrated(curator);
  await expect(curator).toHaveURL(/round=1/);
  /** Other tests hand in meanwhile: their works may stand between. */
  const walk = async (key: string, name: string | undefined): Promise<void> => {
    const text = curator.getByText(`Работа: ${name}`);
    for (let works = 0; works < 8 && !(await text.isVisible()); works += 1) {
      const before = curator.url();
      await curator.keyboard.press(key);
      await expect(curator).not.toHaveURL(before);
      await expect(curator.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(curator.locator('#desk-queue')).toBeVisible();
    }
    await expect(text).toBeVisible();
  };
  await expect(curator.getByText(`Работа: ${people[0]?.name}`)).toBeVisible();
  await walk('n', people[1]?.name);
  await walk('p', people[0]?.name);
  await curator.keyboard.press('q');
  await expect(curator).toHaveURL(/\/curate\?round=1/);
});

test('deadlines come by an address of their own, which a new one ends', async ({ open, t }) => {
  const page = await open(await learner('Глеб Календарёв'));
  await page.goto('/learn');
  await page.locator('#calendar summary').click();
  const field = page.getByLabel(t('deadlines.link'), { exact: true });
  const feed = await field.inputValue();
  const anybody = await open();
  const read = async (address: string) => anybody.request.get(new URL(new URL(address).pathname, origin()).href);
  const answer = await read(feed);
  expect(answer.status()).toBe(200);
  expect(answer.headers()['content-type']).toContain('text/calendar');
  expect(await answer.text()).toContain('BEGIN:VCALENDAR');
  await page.getByRole('button', { name: t('deadlines.renew') }).click();
  await expect(page).toHaveURL(/\/learn/);
  await expect(field).not.toHaveValue(feed);
  expect((await read(feed)).status()).toBe(404);
  expect((await read(await field.inputValue())).status()).toBe(200);
});
