// `kill -9` of server and database in the middle of an attempt loses no answer that was shown as saved, and what was given
// meanwhile is saved by itself once the server is back.
import { QUESTIONS } from './support/course';
import { DEMO, fillSignIn } from './support/people';
import { choose, handIn, openField, saveLine, startTest } from './support/school';
import { Server } from './support/server';
import { expect, hydrated, test } from './support/test';
import { savedAt, words } from './support/words';
import type { Page } from '@playwright/test';

const { distance, triangle, balance, shadows, place } = QUESTIONS;
const t = words('ru');
const option = (page: Page, number: number, text: string) => page.locator(`#q${number}`).getByLabel(text, { exact: true });
const saved = (page: Page, number: number) => expect(saveLine(page, number)).toHaveText(savedAt(t), { timeout: 30_000 });

test('killed in the middle, nothing that was saved is lost', async ({ browser, guard }) => {
  test.setTimeout(180_000);
  const server = await Server.start();
  guard.allow(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED|ERR_SOCKET|Failed to fetch|50[034]/);
  const context = await browser.newContext({ baseURL: server.origin, locale: 'ru-RU' });
  await guard.watch(context);
  const page = await context.newPage();
  await page.goto('/login');
  await fillSignIn(page, t, DEMO.student);
  await expect(page).toHaveURL('/learn');
  await startTest(page, t);
  await hydrated(page);

  await choose(page, distance.number, distance.right);
  await saved(page, distance.number);
  await server.kill('both');
  await choose(page, triangle.number, triangle.right);
  await openField(page).fill('Написано, пока сервера нет');
  await expect(saveLine(page, triangle.number)).toHaveText(t('quizzes.not_saved'));
  await server.serve();
  await saved(page, triangle.number);
  await saved(page, place.number);

  server.killDatabase();
  await choose(page, balance.number, balance.right);
  await saved(page, balance.number);

  // In the very moment of saving: what the line says afterwards is what the server has.
  await choose(page, shadows.number, shadows.right[0]);
  await server.kill('server');
  await server.serve();
  await saved(page, shadows.number);

  await server.kill('both');
  await server.serve();
  await page.reload();
  await expect(option(page, distance.number, distance.right)).toBeChecked();
  await expect(option(page, triangle.number, triangle.right)).toBeChecked();
  await expect(option(page, balance.number, balance.right)).toBeChecked();
  await expect(option(page, shadows.number, shadows.right[0])).toBeChecked();
  await expect(openField(page)).toHaveValue('Написано, пока сервера нет');
  await hydrated(page);
  await handIn(page, t);
  await context.close();
  await server.stop();
});
