// Who gets where, and what they see where they may not.
import { troupe } from './support/cast';
import { COURSE, COURSES, LESSONS } from './support/course';
import { DEMO, fillSignIn } from './support/people';
import { expect, test } from './support/test';
import { words, type Locale } from './support/words';
import type { Page } from '@playwright/test';

async function expectError(page: Page, path: string, status: number, title: string): Promise<void> {
  const response = await page.goto(path);
  expect(response?.status(), path).toBe(status);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(page.getByRole('main')).toContainText(response?.headers()['x-request-id'] ?? 'no request id');
  await expect(page.getByRole('banner')).toBeVisible();
  await expect(page.locator('.button').first(), 'a way on').toBeVisible();
}

test('a visitor is asked to sign in and lands where they wanted to go', async ({ page, t }) => {
  const path = `/learn/${COURSE.slug}`;
  for (const closed of ['/learn', '/curate', '/admin', '/admin/users', '/account', path, troupe('ru').paths.lesson, troupe('ru').paths.test]) {
    await page.goto(closed);
    await expect(page).toHaveURL(`/login?next=${closed}`);
  }
  await page.goto(`${path}?from=letter`);
  await expect(page).toHaveURL(`/login?next=${path}%3Ffrom%3Dletter`);
  await fillSignIn(page, t, { ...DEMO.student, password: 'не тот' });
  await expect(page.getByRole('alert')).toHaveText(t('problem.wrong_credentials'));
  await fillSignIn(page, t, DEMO.student);
  await expect(page).toHaveURL(`${path}?from=letter`);
  await expect(page.getByRole('heading', { level: 1, name: COURSE.title })).toBeVisible();
});

test('an address of another site is no place to go after signing in', async ({ page, t }) => {
  await page.goto('/login?next=//evil.example/');
  await fillSignIn(page, t, DEMO.student);
  await expect(page).toHaveURL('/learn');
});

test('a student may not administer or review', async ({ open, t }) => {
  const page = await open(DEMO.student);
  const { paths } = troupe('ru');
  for (const path of ['/admin', '/admin/users', paths.person, '/curate', paths.waiting.replace('/learn/', '/curate/')]) {
    await expectError(page, path, 403, t('error.forbidden_title'));
  }
});

test('a curator may not administer', async ({ open, t }) => {
  const page = await open(DEMO.curator);
  for (const path of ['/admin', '/admin/users', troupe('ru').paths.person]) await expectError(page, path, 403, t('error.forbidden_title'));
});

test('who is not enrolled is shown the sales page', async ({ open }) => {
  const page = await open(DEMO.student);
  const other = COURSES[1];
  await page.goto(`/learn/${other.slug}`);
  await expect(page).toHaveURL(`/courses/${other.slug}`);
  await expect(page.getByRole('main').getByText(other.price).first()).toBeVisible();
});

test('what does not exist, and what is somebody else’s, is not found', async ({ open, t }) => {
  const page = await open(DEMO.student);
  const { paths } = troupe('ru');
  const nobodys = '00000000-0000-7000-8000-000000000000';
  const missing = [
    paths.running, paths.waiting, paths.graded, `${paths.running}?review=1`, `/learn/attempts/${nobodys}`, '/learn/attempts/1', `/learn/tests/${nobodys}`,
    `/learn/${COURSE.slug}/lessons/${nobodys}`, '/learn/no-such-course', '/courses/no-such-course', `/courses/${COURSE.slug}/lessons/${nobodys}`,
    '/legal/no-such-text', '/no/such/page',
  ];
  for (const path of missing) await expectError(page, path, 404, t('error.not_found_title'));
});

for (const locale of ['ru', 'en'] as const satisfies Locale[]) {
  test(`an unknown address is a page in the reader’s language: ${locale}`, async ({ open }) => {
    const page = await open(undefined, { locale: locale === 'ru' ? 'ru-RU' : 'en-GB' });
    await expectError(page, '/нет-такой-страницы', 404, words(locale)('error.not_found_title'));
    await expect(page.locator('html')).toHaveAttribute('lang', locale);
    await page.getByRole('link', { name: words(locale)('error.to_courses') }).click();
    await expect(page.getByRole('heading', { level: 2, name: words(locale)('catalogue.courses') })).toBeVisible();
  });
}

test('a free lesson is open to visitors, the others are not', async ({ page, t }) => {
  const { paths } = troupe('ru');
  await page.goto(paths.preview);
  await expect(page.getByRole('heading', { level: 1, name: LESSONS[0] })).toBeVisible();
  const closed = paths.lastLesson.replace('/learn/', '/courses/');
  await expectError(page, closed, 404, t('error.not_found_title'));
});

test('signing out closes everything', async ({ open, t }) => {
  const page = await open(DEMO.student);
  await page.goto('/account');
  await page.getByRole('banner').locator('summary').click();
  await page.getByRole('button', { name: t('nav.sign_out') }).click();
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('banner').getByRole('link', { name: t('nav.sign_in') })).toBeVisible();
  await page.goto('/account');
  await expect(page).toHaveURL('/login?next=/account');
});
