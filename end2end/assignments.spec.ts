// A work goes round: handed in with a photograph, returned with a remark at a place of it, handed in again, accepted; with scripts
// and without.
import { join } from 'node:path';
import { learner } from './support/http';
import { DEMO } from './support/people';
import { expect, hydrated, test } from './support/test';
import { beginWork } from './support/works';

const PICTURE = join(__dirname, '..', 'demo', 'school-photography', 'media', 'window-near.jpg');

test('a work is returned with a pin on its photograph and accepted in the second round', async ({ open, t, javaScriptEnabled }) => {
  test.setTimeout(120_000);
  const scripts = javaScriptEnabled !== false;
  const who = await learner('Нина Лебедева');
  const page = await open(who);
  const address = await test.step('from the lesson to the assignment', () => beginWork(page, t));

  await test.step('nothing can be handed in', async () => {
    await page.getByRole('button', { name: t('works.submit') }).click();
    await expect(page.getByText(t('problem.nothing_handed_in'))).toBeVisible();
  });

  const text = page.getByLabel(t('works.text'));
  await test.step('a photograph and a text', async () => {
    if (scripts) await hydrated(page);
    await page.getByLabel(t('works.choose')).setInputFiles(PICTURE);
    if (!scripts) await page.getByRole('button', { name: t('files.upload') }).click();
    await expect(page.getByText('window-near.jpg').first()).toBeVisible();
    await text.fill('Тень слева, рука у щеки.');
    if (scripts) {
      await expect(page.locator('.save')).toHaveAttribute('data-state', 'saved');
      await page.reload();
      await expect(text).toHaveValue('Тень слева, рука у щеки.');
      await hydrated(page);
    }
    await page.getByRole('button', { name: t('works.submit') }).click();
    await expect(page.getByRole('status').filter({ hasText: t('flash.work_submitted') })).toBeVisible();
    await expect(page.getByText(t('works.state_submitted')).first()).toBeVisible();
  });

  const curator = await open(DEMO.curator);
  const desk = await test.step('the curator finds it in the queue', async () => {
    await curator.goto('/curate');
    await curator.getByRole('row').filter({ hasText: who.name }).getByRole('link').first().click();
    await expect(curator).toHaveURL(/\/curate\/submissions\/[0-9a-f-]{36}$/);
    await expect(curator.getByText('Тень слева, рука у щеки.')).toBeVisible();
    return new URL(curator.url()).pathname;
  });

  const remark = `Руку ниже ${Date.now().toString(36)}`;
  const secret = `Между нами ${Date.now().toString(36)}`;
  await test.step('a remark in two actions, and one for the school alone', async () => {
    if (scripts) {
      await hydrated(curator);
      const canvas = curator.locator('.canvas .glass').first();
      await canvas.click({ position: { x: 60, y: 40 } });
      await curator.keyboard.type(remark);
      await curator.keyboard.press('Control+Enter');
    } else {
      await curator.getByRole('textbox', { name: t('desk.remark') }).fill(remark);
      await curator.getByRole('button', { name: t('desk.add_remark') }).click();
    }
    await expect(curator.getByRole('list', { name: t('desk.remarks') }).getByText(remark)).toBeVisible();
    await curator.getByLabel(t('desk.kind')).selectOption('staff_only');
    await curator.getByRole('textbox', { name: t('desk.remark') }).fill(secret);
    await curator.getByRole('button', { name: t('desk.add_remark') }).click();
    await expect(curator.getByRole('list', { name: t('desk.remarks') }).getByText(secret)).toBeVisible();
    await page.goto(address);
    await expect(page.getByText(remark)).toHaveCount(0);
  });

  await test.step('it goes back', async () => {
    await curator.getByLabel(t('desk.reason')).fill('Почти. Посмотрите на руку.');
    await curator.getByRole('button', { name: t('desk.return_it'), exact: true }).click();
    await expect(curator).not.toHaveURL(new RegExp(desk));
  });

  await test.step('the learner sees it and hands in the second round', async () => {
    await page.goto(address);
    await expect(page.getByText('Почти. Посмотрите на руку.').first()).toBeVisible();
    await expect(page.getByText(remark).first()).toBeVisible();
    expect(await page.content()).not.toContain(secret);
    await text.fill('Рука ниже.');
    await page.getByRole('button', { name: t('works.submit') }).click();
    await expect(page.getByText(t('works.state_submitted')).first()).toBeVisible();
  });

  await test.step('and it is accepted', async () => {
    await curator.goto(desk);
    await expect(curator.getByText('Рука ниже.').first()).toBeVisible();
    if (scripts) await hydrated(curator);
    const confirm = curator.getByLabel(t('desk.confirm'));
    if (await confirm.isVisible()) await confirm.check();
    await curator.getByLabel(t('desk.points', { most: 10 })).fill('9');
    await curator.getByRole('button', { name: t('desk.accept'), exact: true }).click();
    await expect(curator).not.toHaveURL(new RegExp(desk));
    await page.goto(address);
    await expect(page.getByText(t('works.state_accepted')).first()).toBeVisible();
    expect(await page.content()).not.toContain(secret);
  });
});

test('what another tab saved is shown, and replaced by hand alone', async ({ open, t, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, 'without scripts nothing saves itself');
  const who = await learner('Ольга Тихонова');
  const [one, other] = [await open(who), await open(who)];
  await other.goto(await beginWork(one, t));
  for (const page of [one, other]) await hydrated(page);
  const text = (page: typeof one) => page.getByLabel(t('works.text'));
  await text(one).fill('Первая вкладка');
  await expect(one.locator('.save')).toHaveAttribute('data-state', 'saved');
  for (const typed of ['Вторая вкладка', 'Вторая вкладка, дальше']) {
    await text(other).fill(typed);
    await expect(other.getByText('Первая вкладка')).toBeVisible();
    await expect(other.locator('.save')).toHaveText(t('works.edited_elsewhere'));
    await expect(text(other)).toHaveValue(typed);
  }
  await one.reload();
  await expect(text(one)).toHaveValue('Первая вкладка');
  await other.getByRole('button', { name: t('works.save'), exact: true }).click();
  await expect(other.getByRole('status').filter({ hasText: t('flash.saved') })).toBeVisible();
  await one.reload();
  await expect(text(one)).toHaveValue('Вторая вкладка, дальше');
});
