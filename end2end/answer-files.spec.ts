// Files with an open answer: sent, taken back, handed in, seen by who reviews.
import { join } from 'node:path';
import { QUESTIONS } from './support/course';
import { learner } from './support/http';
import { DEMO } from './support/people';
import { handIn, openField, saveLine, startTest } from './support/school';
import { expect, hydrated, test } from './support/test';
import { savedAt } from './support/words';

const PICTURE = join(__dirname, '..', 'public', 'apple-touch-icon.png');
const PLAN = { name: 'план съёмки.txt', mimeType: 'text/plain', buffer: Buffer.from('Свет слева\n') };

test('files go with an open answer and can be taken back', async ({ open, t, guard, javaScriptEnabled }) => {
  guard.allow(/415/);
  const scripts = javaScriptEnabled !== false;
  const page = await open(await learner('Лев Чертежов'));
  await startTest(page, t);
  const question = page.locator(`#q${QUESTIONS.place.number}`);
  const field = question.getByLabel(t('quizzes.attach_files'));
  const keep = async (): Promise<void> => {
    if (!scripts) await page.getByRole('button', { name: t('quizzes.save_answers') }).click();
  };
  if (scripts) await hydrated(page);

  await openField(page).fill('Схема на снимке.');
  await field.setInputFiles(PLAN);
  await keep();
  await expect(question.getByRole('link', { name: PLAN.name })).toBeVisible();
  await expect(saveLine(page)).toHaveText(savedAt(t));

  await question.getByRole('button', { name: t('quizzes.remove_file', { name: PLAN.name }) }).click();
  await expect(question.getByRole('link', { name: PLAN.name })).toHaveCount(0);
  await expect(openField(page), 'what was written stays').toHaveValue('Схема на снимке.');

  await field.setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<!DOCTYPE html><script>alert(1)</script>') });
  await keep();
  await expect(question.getByText(t('problem.not_a_picture'))).toBeVisible();
  await expect(openField(page)).toHaveValue('Схема на снимке.');

  await field.setInputFiles(PICTURE);
  await keep();
  await expect(question.getByRole('link', { name: 'apple-touch-icon.png' })).toBeVisible();
  await page.getByRole('button', { name: t('quizzes.check_and_submit') }).click();
  await page.waitForURL(/review=1/);
  await expect(page.getByText(t('quizzes.files_sent', { count: 1 }))).toBeVisible();
  await page.goBack();
  await handIn(page, t);
  await expect(page.getByRole('link', { name: 'apple-touch-icon.png' })).toBeVisible();
  const attempt = new URL(page.url()).pathname;

  const curator = await open(DEMO.curator);
  await curator.goto(attempt.replace('/learn/', '/curate/'));
  const link = curator.getByRole('link', { name: 'apple-touch-icon.png' });
  await expect(link).toBeVisible();
  const answer = await curator.request.get((await link.getAttribute('href')) ?? '');
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'image/png']);
});

test('Enter in a field goes on to the check, and takes no file away', async ({ open, t, javaScriptEnabled }) => {
  const scripts = javaScriptEnabled !== false;
  const page = await open(await learner('Вера Кратковская'));
  await startTest(page, t);
  if (scripts) await hydrated(page);
  const question = page.locator(`#q${QUESTIONS.place.number}`);
  await question.getByLabel(t('quizzes.attach_files')).setInputFiles(PLAN);
  if (!scripts) await page.getByRole('button', { name: t('quizzes.save_answers') }).click();
  await expect(question.getByRole('link', { name: PLAN.name })).toBeVisible();
  const attempt = page.url();

  const goesOn = async (): Promise<void> => {
    await page.waitForURL(/review=1/);
    await expect(page.getByText(t('quizzes.files_sent', { count: 1 }))).toBeVisible();
    await page.goto(attempt);
    if (scripts) await hydrated(page);
    await expect(question.getByRole('link', { name: PLAN.name }), 'nothing is taken away').toBeVisible();
  };
  // The demo test asks for no short answer: a field of that kind is put where one would stand.
  await question.evaluate((place) => {
    const field = document.createElement('input');
    field.id = 'short-answer';
    place.append(field);
  });
  await page.locator('#short-answer').press('Enter');
  await goesOn();
  const option = page.locator(`#q${QUESTIONS.distance.number}`).getByLabel(QUESTIONS.distance.right, { exact: true });
  await option.check();
  await option.press('Enter');
  await goesOn();
  await expect(option, 'and what was ticked is saved').toBeChecked();
});
