// The journey's steps at the school, one function each, so that the journey reads as a story.
import { expect, type Page } from '@playwright/test';
import { COURSE, LESSONS, OPEN_ANSWER, QUESTIONS, QUESTIONS_IN_ALL, WINDOW_TEST } from './course';
import { choose, openField, saveLine } from './school';
import { savedAt, type Words } from './words';

/** Opens the learning home, takes the one next step, reads, marks the lesson: a quarter of the course is done. */
export async function readFirstLesson(page: Page, t: Words): Promise<void> {
  await page.goto('/learn');
  await expect(page.getByRole('img', { name: t('ui.progress', { percent: 0 }) })).toBeVisible();
  await page.getByRole('link', { name: t('learning.begin') }).click();
  await expect(page.getByRole('heading', { level: 1, name: LESSONS[0] })).toBeVisible();
  await page.getByRole('button', { name: t('learning.mark') }).click();
  await expect(page.getByText(t('learning.lesson_done'), { exact: true })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: t('flash.lesson_completed') })).toBeVisible();
  await page.goto('/learn');
  await expect(page.getByRole('img', { name: t('ui.progress', { percent: 25 }) })).toBeVisible();
  await expect(page.getByText(t('learning.lessons_done', { done: 1, all: 4 }))).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: COURSE.title }).click();
  await expect(page.getByRole('img', { name: t('ui.progress', { percent: 25 }) })).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: new RegExp(`^${LESSONS[0]} ?, ${t('learning.state_done')}`) })).toBeVisible();
}

/** Opens the test from its lesson and answers all but one question: single, multiple, open. */
export async function answerAllButOne(page: Page, t: Words, scripts: boolean): Promise<void> {
  await page.goto(`/learn/${COURSE.slug}`);
  await page.getByRole('main').getByRole('link', { name: LESSONS[0] }).click();
  await page.getByRole('main').getByRole('link', { name: WINDOW_TEST }).click();
  await expect(page.getByText(t('quizzes.percent_of_points', { percent: 60 }))).toBeVisible();
  await expect(page.getByText(t('quizzes.attempts_left', { count: 3 }))).toBeVisible();
  await page.getByRole('button', { name: t('quizzes.start'), exact: true }).click();
  await expect(page).toHaveURL(/\/learn\/attempts\//);
  await expect(page.getByText(t('quizzes.hint_multiple')).first()).toBeVisible();

  await choose(page, QUESTIONS.distance.number, QUESTIONS.distance.wrong);
  await choose(page, QUESTIONS.distance.number, QUESTIONS.distance.right);
  await choose(page, QUESTIONS.triangle.number, QUESTIONS.triangle.right);
  await choose(page, QUESTIONS.shadows.number, QUESTIONS.shadows.wrong);
  await page.locator(`#q${QUESTIONS.shadows.number}`).getByLabel(QUESTIONS.shadows.wrong, { exact: true }).uncheck();
  for (const right of QUESTIONS.shadows.right) await choose(page, QUESTIONS.shadows.number, right);
  await choose(page, QUESTIONS.lamps.number, QUESTIONS.lamps.right[0]);
  await openField(page).fill(OPEN_ANSWER);
  if (!scripts) await page.getByRole('button', { name: t('quizzes.save_answers') }).click();

  const answered = [QUESTIONS.distance, QUESTIONS.triangle, QUESTIONS.shadows, QUESTIONS.lamps, QUESTIONS.place];
  for (const { number } of answered) await expect(saveLine(page, number)).toHaveText(savedAt(t));
  await expect(saveLine(page, QUESTIONS.balance.number)).toHaveText(t('quizzes.no_answer_yet'));
  await expect(saveLine(page)).toHaveText(savedAt(t));
}

/** Looks over the answers, sees the open question, answers it, hands in. */
export async function handInAfterLastLook(page: Page, t: Words): Promise<void> {
  await page.getByRole('button', { name: t('quizzes.check_and_submit') }).click();
  await expect(page.getByRole('heading', { level: 1, name: t('quizzes.before_title') })).toBeVisible();
  await expect(page.getByText(t('quizzes.without_answer', { count: 1 }))).toBeVisible();
  await expect(page.getByText(t('quizzes.answered_of', { answered: QUESTIONS_IN_ALL - 1, total: QUESTIONS_IN_ALL }))).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: t('quizzes.answer'), exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`#q${QUESTIONS.balance.number}$`));
  await expect(page.getByLabel(QUESTIONS.distance.right, { exact: true })).toBeChecked();
  await expect(openField(page)).toHaveValue(OPEN_ANSWER);
  await choose(page, QUESTIONS.balance.number, QUESTIONS.balance.right);
  await page.getByRole('button', { name: t('quizzes.check_and_submit') }).click();
  await expect(page.getByText(t('quizzes.answered_of', { answered: QUESTIONS_IN_ALL, total: QUESTIONS_IN_ALL }))).toBeVisible();
  await expect(page.getByText(t('quizzes.no_answer'), { exact: true })).toHaveCount(0);
  await page.getByRole('button', { name: t('quizzes.submit') }).click();

  // 1 + 1 + 1 + 2, and half of 2 for one right tick of two.
  const points = t('quizzes.points_of', { points: 6, max: 7 });
  await expect(page.getByRole('heading', { name: t('quizzes.machine_part', { points }) })).toBeVisible();
  await expect(page.getByText(t('quizzes.state_waits'), { exact: true })).toBeVisible();
  await expect(page.getByText(t('quizzes.waits_for_curator'), { exact: true })).toBeVisible();
  await expect(page.getByText(t('quizzes.curator_until'))).toBeVisible();
}
