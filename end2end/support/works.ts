// Works on assignments, and the line on which their files go up.
import { expect, type Page } from '@playwright/test';
import { COURSE, LESSONS } from './course';
import type { Words } from './words';

/** From the lesson to a work on its assignment; the page's path. */
export async function beginWork(page: Page, t: Words): Promise<string> {
  await page.goto(`/learn/${COURSE.slug}`);
  await page.getByRole('main').getByRole('link', { name: new RegExp(LESSONS[0]) }).first().click();
  await page.getByRole('link', { name: t('works.begin_work') }).click();
  await expect(page).toHaveURL(/\/learn\/assignments\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname;
}

/** Breaks the line under the first two pieces that the page sends up; tells how often it broke. */
export async function breakUploads(page: Page): Promise<() => number> {
  let broken = 0;
  await page.route('**/uploads/*', async (route) => {
    if (route.request().method() === 'PATCH' && broken < 2) {
      broken += 1;
      await route.abort();
    } else await route.continue();
  });
  return () => broken;
}
