// What people do at the school, through its pages, with scripts and without.
import { expect, type Locator, type Page } from '@playwright/test';
import { COURSE, LESSONS, QUESTIONS, WINDOW_TEST } from './course';
import type { Account } from './people';
import type { Words } from './words';

/** The save line of a question, or with no number the one above the page. */
export function saveLine(page: Page, number?: number): Locator {
  return page.locator(number ? `#q${number} .save` : '.attempt-bar .save');
}

/** The text field of the open question. */
export const openField = (page: Page): Locator => page.locator(`#q${QUESTIONS.place.number} textarea`);

/** Ticks one option of a question. */
export async function choose(page: Page, number: number, option: string): Promise<void> {
  await page.locator(`#q${number}`).getByLabel(option, { exact: true }).check();
}

/** An administrator finds a person by address and opens their page. */
export async function findPerson(admin: Page, t: Words, who: Account): Promise<void> {
  await admin.goto('/admin/users');
  await admin.getByLabel(t('admin.name_or_email')).fill(who.email);
  await admin.getByRole('button', { name: t('ui.find') }).click();
  await expect(admin.getByText(t('admin.people_found', { count: 1 }))).toBeVisible();
  await admin.getByRole('link', { name: who.name }).click();
  await expect(admin.getByRole('heading', { level: 1, name: who.name })).toBeVisible();
}

/** An administrator, on the person's page, enrols them. */
export async function enrol(admin: Page, t: Words, course: string): Promise<void> {
  await admin.getByLabel(t('admin.course'), { exact: true }).selectOption({ label: course });
  await admin.getByLabel(t('admin.reason')).fill('оплата по счёту 17');
  await admin.getByRole('button', { name: t('admin.enroll'), exact: true }).click();
  await expect(admin.getByRole('status').filter({ hasText: t('flash.enrolled') })).toBeVisible();
}

/** An administrator, on the person's page, changes their role. */
export async function changeRole(admin: Page, t: Words, role: string): Promise<void> {
  await admin.getByLabel(t('admin.role'), { exact: true }).selectOption({ label: role });
  await admin.getByRole('button', { name: t('admin.change_role') }).click();
  await expect(admin.getByRole('status').filter({ hasText: t('flash.saved') })).toBeVisible();
}

/** A learner opens the test about window light from its lesson and starts or continues. */
export async function startTest(page: Page, t: Words, at = ''): Promise<void> {
  await page.goto(`${at}/learn/${COURSE.slug}`);
  await page.getByRole('main').getByRole('link', { name: LESSONS[0] }).first().click();
  await page.getByRole('main').getByRole('link', { name: WINDOW_TEST }).click();
  const button = page.getByRole('button', { name: new RegExp(`^(${t('quizzes.start')}|${t('quizzes.go_on')})$`) });
  await button.click();
  await page.waitForURL(/\/learn\/attempts\/[0-9a-f-]+$/);
}

/** A learner, in the attempt, goes to the last look and hands in. */
export async function handIn(page: Page, t: Words): Promise<void> {
  await page.getByRole('button', { name: t('quizzes.check_and_submit') }).click();
  await page.waitForURL(/review=1/);
  await page.getByRole('button', { name: t('quizzes.submit') }).click();
  await expect(page.getByRole('heading', { name: t('quizzes.your_answers') })).toBeVisible();
}

/** A curator, on an attempt's page, gives points and a remark for its open answer. */
export async function score(curator: Page, t: Words, points: string, remark: string): Promise<void> {
  await curator.getByLabel(t('review.points_from', { max: 3 })).fill(points);
  await curator.getByLabel(t('review.remark')).fill(remark);
  await curator.getByRole('button', { name: t('review.send') }).click();
}
