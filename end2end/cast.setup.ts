// Makes the people that other tests look at: a learner of each language with one attempt graded, one with the curator and one
// running, an English-speaking administrator, and a learner for tests of saving.
import { keep, russianStaff, type Cast, type Troupe } from './support/cast';
import { COURSE, LESSONS, OPEN_ANSWER, QUESTIONS, REMARK } from './support/course';
import { DEMO, fillRegistration, newcomer, type Account } from './support/people';
import { changeRole, choose, enrol, findPerson, handIn, openField, score, startTest } from './support/school';
import { expect, test } from './support/test';
import { words, type Locale } from './support/words';
import type { Page } from '@playwright/test';

type Open = (who?: Account, options?: { locale: string }) => Promise<Page>;

test('the cast is made', async ({ open }) => {
  test.setTimeout(120_000);
  const admin = await open(DEMO.admin);
  const cast = { saver: newcomer('Сергей Тихонов') } as Cast;
  await register(open, 'ru', cast.saver);
  await findPerson(admin, words('ru'), cast.saver);
  await enrol(admin, words('ru'), COURSE.title);

  const director = newcomer('Helen Brooks');
  await register(open, 'en', director);
  await findPerson(admin, words('ru'), director);
  await changeRole(admin, words('ru'), words('ru')('admin.role_admin'));

  cast.ru = await makeTroupe(open, 'ru', newcomer('Мария Ковалёва'), russianStaff);
  cast.en = await makeTroupe(open, 'en', newcomer('Emma Clarke'), { curator: director, admin: director });
  keep(cast);
});

async function register(open: Open, locale: Locale, who: Account): Promise<void> {
  const page = await open(undefined, { locale: locale === 'ru' ? 'ru-RU' : 'en-GB' });
  await page.goto('/register');
  await fillRegistration(page, words(locale), who);
  await page.context().close();
}

async function makeTroupe(open: Open, locale: Locale, student: Account, staff: { curator: Account; admin: Account }): Promise<Troupe> {
  const t = words(locale);
  await register(open, locale, student);
  const admin = await open(staff.admin);
  await findPerson(admin, t, student);
  await enrol(admin, t, COURSE.title);
  const person = new URL(admin.url()).pathname;

  const page = await open(student);
  await page.goto(`/courses/${COURSE.slug}`);
  const preview = await path(page, LESSONS[0]);
  await page.goto(`/learn/${COURSE.slug}`);
  const lesson = await path(page, LESSONS[0]);
  const lastLesson = await path(page, LESSONS[2]);
  await page.goto(lesson);
  await page.getByRole('button', { name: t('learning.mark') }).click();
  const testPath = await path(page, t('learning.take_test'));

  const graded = await attempt(page, locale, true);
  const curator = await open(staff.curator);
  await curator.goto(graded.replace('/learn/', '/curate/'));
  await score(curator, t, '2.5', REMARK);
  await expect(curator).toHaveURL(/\/curate$/);
  const waiting = await attempt(page, locale, true);
  const running = await attempt(page, locale, false);
  return { student, ...staff, paths: { preview, lesson, lastLesson, test: testPath, graded, waiting, running, person } };
}

/** The address of the first link of the page's main part with this name. */
async function path(page: Page, name: string): Promise<string> {
  const link = page.getByRole('main').getByRole('link', { name });
  return (await link.first().getAttribute('href')) ?? '';
}

/** Takes the test, hands it in or leaves half of it open. */
async function attempt(page: Page, locale: Locale, isWhole: boolean): Promise<string> {
  const t = words(locale);
  await startTest(page, t);
  const address = new URL(page.url()).pathname;
  await choose(page, QUESTIONS.distance.number, QUESTIONS.distance.right);
  await choose(page, QUESTIONS.triangle.number, QUESTIONS.triangle.wrong);
  await choose(page, QUESTIONS.shadows.number, QUESTIONS.shadows.right[0]);
  await choose(page, QUESTIONS.shadows.number, QUESTIONS.shadows.right[1]);
  if (isWhole) {
    await choose(page, QUESTIONS.balance.number, QUESTIONS.balance.right);
    await choose(page, QUESTIONS.lamps.number, QUESTIONS.lamps.right[0]);
    await openField(page).fill(OPEN_ANSWER);
    await handIn(page, t);
  } else {
    await page.getByRole('button', { name: t('quizzes.save_answers') }).click();
    await expect(page).toHaveURL(address);
  }
  return address;
}
