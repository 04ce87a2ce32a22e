// Every page of the site, for the tests that look at all of them.
import { expect, type Page } from '@playwright/test';
import { troupe } from './cast';
import { COURSES } from './course';
import type { Account } from './people';
import { words, type Locale, type Words } from './words';

export interface Place {
  name: string;
  path: string;
  /** Who looks; nobody is a visitor. */
  who?: 'student' | 'curator' | 'admin';
  status?: number;
  /** What is done on the page before it is looked at. */
  then?: (page: Page, t: Words) => Promise<void>;
}

async function openMenu(page: Page): Promise<void> {
  await page.getByRole('banner').locator('summary').click();
}

async function sendEmpty(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button').last().click();
  await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
}

async function askNothing(page: Page, t: Words): Promise<void> {
  await page.getByText(t('talk.ask'), { exact: true }).click();
  await page.getByRole('button', { name: t('talk.send_question') }).click();
  await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
}

/** A form that is too large is refused before the application sees it, with a page of its own. */
async function sendTooMuch(page: Page): Promise<void> {
  const answered = page.waitForResponse((response) => response.status() === 413);
  await page.evaluate(() => {
    const field = document.querySelector<HTMLInputElement>('main input[name=email]');
    if (!field) throw new Error('no field');
    field.type = 'text';
    field.value = 'x'.repeat(300_000);
    field.form?.submit();
  });
  await answered;
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

/** All pages in the order in which a person comes by them. */
export function places(locale: Locale): Place[] {
  const { paths } = troupe(locale);
  const review = (attempt: string): string => attempt.replace('/learn/', '/curate/');
  const [first, , last] = COURSES;
  return [
    { name: 'front', path: '/' },
    { name: 'front-menu', path: '/', then: openMenu },
    { name: 'sales', path: `/courses/${first.slug}` },
    { name: 'sales-dearest', path: `/courses/${last.slug}` },
    { name: 'preview', path: paths.preview },
    { name: 'search', path: '/search?q=%D1%81%D0%B2%D0%B5%D1%82' },
    { name: 'search-nothing', path: '/search?q=qwertyuiop' },
    { name: 'search-refused', path: '/search?q=%D1%8F' },
    { name: 'legal-offer', path: '/legal/offer' },
    { name: 'legal-privacy', path: '/legal/privacy' },
    { name: 'legal-refunds', path: '/legal/refunds' },
    { name: 'login', path: '/login' },
    { name: 'login-refused', path: '/login', then: sendEmpty },
    { name: 'register', path: '/register' },
    { name: 'register-refused', path: '/register', then: sendEmpty },
    { name: 'forgot', path: '/password/forgot' },
    { name: 'forgot-refused', path: '/password/forgot', then: sendEmpty },
    { name: 'forgot-sent', path: '/password/forgot?sent=1' },
    { name: 'reset-dead', path: '/password/reset?token=none' },
    { name: 'confirm', path: '/account/confirm?token=none' },
    { name: 'buy', path: `/courses/${first.slug}/buy` },
    { name: 'buy-refused', path: `/courses/${first.slug}/buy`, then: sendEmpty },
    { name: 'order', path: paths.order, who: 'student' },
    { name: 'sandbox', path: paths.sandbox },
    { name: 'not-found', path: '/no/such/page', status: 404 },
    { name: 'plain-error', path: '/login', then: sendTooMuch },
    { name: 'learn', path: '/learn', who: 'student' },
    { name: 'learn-menu', path: '/learn', who: 'student', then: openMenu },
    { name: 'learn-empty', path: '/learn', who: 'curator' },
    { name: 'outline', path: `/learn/${first.slug}`, who: 'student' },
    { name: 'outline-visit', path: `/learn/${first.slug}`, who: 'curator' },
    { name: 'sales-enrolled', path: `/courses/${first.slug}`, who: 'student' },
    { name: 'lesson', path: paths.lesson, who: 'student' },
    { name: 'lesson-last', path: paths.lastLesson, who: 'student' },
    { name: 'notes', path: `/learn/${first.slug}/notes`, who: 'student' },
    { name: 'search-learner', path: '/search?q=%D0%BE%D0%BA%D0%BD%D0%BE', who: 'student' },
    { name: 'questions', path: paths.questions, who: 'student' },
    { name: 'questions-refused', path: paths.questions, who: 'student', then: askNothing },
    { name: 'thread', path: paths.thread, who: 'student' },
    { name: 'thread-moderated', path: paths.thread, who: 'curator' },
    { name: 'announcement', path: paths.announcement, who: 'curator' },
    { name: 'notifications', path: '/notifications', who: 'student' },
    { name: 'notification-settings', path: '/notifications/settings', who: 'curator' },
    { name: 'test', path: paths.test, who: 'student' },
    { name: 'attempt-running', path: paths.running, who: 'student' },
    { name: 'attempt-review', path: `${paths.running}?review=1`, who: 'student' },
    { name: 'attempt-waiting', path: paths.waiting, who: 'student' },
    { name: 'attempt-graded', path: paths.graded, who: 'student' },
    { name: 'work', path: paths.work, who: 'student' },
    { name: 'account', path: '/account', who: 'student' },
    { name: 'forbidden', path: '/admin', who: 'student', status: 403 },
    { name: 'curate', path: '/curate', who: 'curator' },
    { name: 'curate-review', path: review(paths.waiting), who: 'curator' },
    { name: 'curate-refused', path: review(paths.waiting), who: 'curator', then: sendEmpty },
    { name: 'curate-scored', path: review(paths.graded), who: 'curator' },
    { name: 'curate-work', path: paths.desk, who: 'curator' },
    { name: 'curate-by-question', path: '/curate/tests', who: 'curator' },
    { name: 'curate-answer', path: paths.byQuestion, who: 'curator' },
    { name: 'curate-learners', path: '/curate/learners', who: 'curator' },
    { name: 'curate-questions', path: '/curate/questions', who: 'curator' },
    { name: 'admin', path: '/admin', who: 'admin' },
    { name: 'admin-orders', path: '/admin/orders', who: 'admin' },
    { name: 'admin-order', path: paths.adminOrder, who: 'admin' },
    { name: 'admin-users', path: '/admin/users', who: 'admin' },
    { name: 'admin-users-nobody', path: '/admin/users?q=nobody-at-all', who: 'admin' },
    { name: 'admin-announcements', path: '/admin/announcements', who: 'admin' },
    { name: 'admin-announcements-refused', path: '/admin/announcements', who: 'admin', then: sendEmpty },
    { name: 'admin-user', path: paths.person, who: 'admin' },
    { name: 'admin-activity', path: '/admin/activity', who: 'admin' },
    { name: 'admin-activity-nothing', path: '/admin/activity?q=nobody-at-all', who: 'admin' },
    { name: 'admin-queue', path: '/admin/queue?state=done', who: 'admin' },
    { name: 'admin-reviews', path: '/admin/reviews', who: 'admin' },
    { name: 'admin-calendar', path: '/admin/settings/calendar', who: 'admin' },
    { name: 'admin-mail', path: '/admin/mail', who: 'admin' },
    { name: 'admin-mail-templates', path: '/admin/mail/templates', who: 'admin' },
    { name: 'author-courses', path: '/admin/courses', who: 'admin' },
    { name: 'author-course', path: paths.editCourse, who: 'admin' },
    { name: 'author-lesson', path: paths.editLesson, who: 'admin' },
    { name: 'author-test', path: paths.editTest, who: 'admin' },
    { name: 'author-question', path: paths.editQuestion, who: 'admin' },
    { name: 'author-key', path: `${paths.editQuestion}/key`, who: 'admin' },
    { name: 'author-statistics', path: `${paths.editTest}/statistics`, who: 'admin' },
    { name: 'author-assignment', path: paths.editWork, who: 'admin' },
    { name: 'author-bank-question', path: `${paths.editCourse}/bank/questions/new?kind=number`, who: 'admin' },
    { name: 'author-bank', path: `${paths.editCourse}/bank`, who: 'admin' },
  ];
}

/** The account of a place's reader. */
export function reader(locale: Locale, place: Place): Account | undefined {
  return place.who && troupe(locale)[place.who];
}

/** Opens a place as its reader would see it. */
export async function visit(page: Page, locale: Locale, place: Place): Promise<void> {
  const response = await page.goto(place.path);
  expect(response?.status(), place.path).toBe(place.status ?? 200);
  await place.then?.(page, words(locale));
}

export type Look = { locale: Locale; theme: 'light' | 'dark'; width: number };

export const HEIGHTS: Record<number, number> = { 320: 640, 390: 844, 1440: 900 };

/** Every combination. */
export function looks(widths: number[]): Look[] {
  const locales: Locale[] = ['ru', 'en'];
  const themes = ['light', 'dark'] as const;
  return locales.flatMap((locale) => themes.flatMap((theme) => widths.map((width) => ({ locale, theme, width }))));
}

/** How a browser context looks at the site. Accounts of the cast follow the system's theme and have their own language. */
export const contextFor = ({ locale, theme, width }: Look) => ({
  locale: locale === 'ru' ? 'ru-RU' : 'en-GB',
  colorScheme: theme,
  viewport: { width, height: HEIGHTS[width] ?? 800 },
});
