// Links change the page without loading it anew, and what they show is what the server would have sent.
import { troupe } from './support/cast';
import { COURSE, COURSES, LESSONS, TAGLINE } from './support/course';
import { DEMO } from './support/people';
import { expect, hydrated, test } from './support/test';
import { words } from './support/words';
import type { Page } from '@playwright/test';

const t = words('ru');

interface Seen {
  path: string;
  title: string;
  main: string;
  current: string[];
}

/** What a reader sees of a page. */
async function seen(page: Page): Promise<Seen> {
  const main = page.getByRole('main');
  await expect(main.locator('h1')).toHaveCount(1);
  // A player's link is signed for the moment.
  const [path, shown] = [new URL(page.url()).pathname, (await main.ariaSnapshot()).replace(/until=\d+&signature=[\w-]+/g, 'signed')];
  return {
    path,
    title: await page.title(),
    // Figures of the whole school, which only staff see, move while other tests run.
    main: path.match(/^\/(admin|curate)/) ? shown.replace(/(?<=- (link|cell|row) ".*)\d+/g, 'N') : shown,
    current: await page.locator('[aria-current="page"]').allTextContents(),
  };
}

/** Follows links within one load of the page; each stop must look as it does when it is opened directly. */
async function walk(page: Page, start: string, stops: { click: () => Promise<void>; heading: string; at: RegExp }[]): Promise<void> {
  const loads: string[] = [];
  page.on('request', (request) => request.isNavigationRequest() && loads.push(request.url()));
  await page.goto(start);
  await hydrated(page);
  await page.evaluate(() => Object.assign(window, { isSameLoad: true }));
  const linked: Seen[] = [];
  for (const stop of stops) {
    await stop.click();
    await expect(page).toHaveURL(stop.at);
    await expect(page.getByRole('main').locator('h1')).toHaveText(stop.heading);
    expect(await page.evaluate(() => window.scrollY), 'a new page begins at its top').toBe(0);
    linked.push(await seen(page));
  }
  expect(await page.evaluate(() => (window as unknown as { isSameLoad?: boolean }).isSameLoad), 'one load').toBe(true);
  expect(loads).toHaveLength(1);

  await page.goBack();
  await expect(page.getByRole('main').locator('h1')).toHaveText(stops.at(-2)?.heading ?? '');
  expect(loads, 'back without a load').toHaveLength(1);

  for (const shown of linked) {
    await page.goto(shown.path);
    await hydrated(page);
    expect.soft(await seen(page)).toEqual(shown);
  }
}

test('a visitor walks the catalogue', async ({ page }) => {
  const main = page.getByRole('main');
  const foot = page.getByRole('contentinfo');
  await walk(page, '/', [
    { click: () => main.getByRole('link', { name: COURSE.title }).click(), heading: COURSE.title, at: /school-photography$/ },
    { click: () => main.getByRole('link', { name: LESSONS[0] }).click(), heading: LESSONS[0], at: /lessons\/[0-9a-f-]+$/ },
    { click: () => foot.getByRole('link', { name: t('legal.privacy') }).click(), heading: t('legal.privacy'), at: /privacy$/ },
    { click: () => foot.getByRole('link', { name: t('legal.refunds') }).click(), heading: t('legal.refunds'), at: /refunds$/ },
    { click: () => page.getByRole('banner').getByRole('link', { name: t('nav.sign_in') }).click(), heading: t('account.sign_in_title'), at: /login$/ },
    { click: () => main.getByRole('link', { name: t('account.create_account') }).click(), heading: t('account.register_title'), at: /register/ },
    { click: () => page.getByRole('banner').getByRole('link', { name: t('nav.courses') }).click(), heading: TAGLINE, at: /\/$/ },
    { click: () => main.getByRole('link', { name: COURSES[2].title }).click(), heading: COURSES[2].title, at: /studio-management$/ },
  ]);
});

test('a student walks the course', async ({ open }) => {
  const { student, paths } = troupe('ru');
  const page = await open(student);
  const main = page.getByRole('main');
  // A lesson is begun by opening it; so that both looks show the same, it is opened before.
  // The last one too, which other tests open.
  await page.goto(paths.lastLesson);
  await page.goto(paths.lesson);
  await main.getByRole('link', { name: LESSONS[1] }).click();
  await expect(main.getByRole('heading', { level: 1, name: LESSONS[1] })).toBeVisible();
  const go = (name: string) => () => main.getByRole('link', { name }).first().click();
  const crumb = (name: string) => () => main.getByRole('navigation').getByRole('link', { name }).click();
  await walk(page, '/learn', [
    { click: go(COURSE.title), heading: COURSE.title, at: /\/learn\/school-photography$/ },
    { click: go(LESSONS[0]), heading: LESSONS[0], at: /lessons/ },
    { click: go(t('learning.next_lesson', { lesson: LESSONS[1] })), heading: LESSONS[1], at: /lessons/ },
    { click: () => page.getByRole('navigation', { name: t('learning.programme') }).getByRole('link', { name: LESSONS[0] }).click(), heading: LESSONS[0], at: new RegExp(paths.lesson) },
    { click: () => main.locator(`a[href="${paths.test}"]`).first().click(), heading: 'Проверьте себя: свет от окна', at: /tests/ },
    { click: () => main.locator(`a[href="${paths.graded}"]`).click(), heading: 'Проверьте себя: свет от окна', at: new RegExp(paths.graded) },
    { click: crumb('Проверьте себя: свет от окна'), heading: 'Проверьте себя: свет от окна', at: /tests/ },
    { click: () => main.locator(`a[href="${paths.running}"]`).click(), heading: 'Проверьте себя: свет от окна', at: new RegExp(paths.running) },
    { click: () => page.getByRole('banner').locator('a.bell[href="/notifications"]').click(), heading: t('notifications.title'), at: /notifications$/ },
    { click: () => page.getByRole('banner').getByRole('link', { name: t('nav.learning') }).click(), heading: t('learning.title'), at: /\/learn$/ },
  ]);
});

test.describe(() => {
  // What waits for staff is moved by other tests meanwhile: a difference counts when it is there twice.
  test.describe.configure({ retries: 1 });

  test('staff walk from queue to work, from figures to people', async ({ open }) => {
    const { paths, student } = troupe('ru');
    const page = await open(DEMO.admin);
    const main = page.getByRole('main');
    const banner = page.getByRole('banner');
    const section = (name: string) => page.getByRole('navigation', { name: t('admin.title') }).getByRole('link', { name });
    const review = paths.waiting.replace('/learn/', '/curate/');
    await walk(page, '/learn', [
      { click: () => banner.getByRole('link', { name: t('nav.admin') }).click(), heading: t('admin.overview'), at: /\/admin$/ },
      { click: () => section(t('admin.people')).click(), heading: t('admin.people'), at: /users$/ },
      { click: () => main.getByRole('link', { name: student.name }).first().click(), heading: student.name, at: /users\/[0-9a-f-]+$/ },
      { click: () => banner.getByRole('link', { name: t('nav.review') }).click(), heading: t('review.title'), at: /curate$/ },
      { click: () => main.locator(`a[href="${review}"]`).first().click(), heading: 'Проверьте себя: свет от окна', at: new RegExp(review) },
      { click: () => banner.getByRole('link', { name: t('nav.courses') }).click(), heading: TAGLINE, at: /\/$/ },
    ]);
  });
});

test('a page whose code can’t be fetched is loaded whole', async ({ page, guard }) => {
  guard.allow(/Failed to fetch|net::ERR_FAILED/);
  await page.route('**/pkg/split_visitor.*', (route) => route.abort());
  const loads: string[] = [];
  page.on('request', (request) => request.isNavigationRequest() && loads.push(new URL(request.url()).pathname));
  const main = page.getByRole('main');
  await page.goto('/');
  await hydrated(page);
  await main.getByRole('link', { name: COURSE.title }).click();
  await expect(main.getByRole('heading', { level: 1, name: COURSE.title })).toBeVisible();
  // Nothing takes this page over; its links are the browser's own.
  await main.getByRole('link', { name: LESSONS[0] }).click();
  await expect(main.getByRole('heading', { level: 1, name: LESSONS[0] })).toBeVisible();
  await page.getByRole('banner').getByRole('link', { name: t('nav.courses') }).click();
  await expect(main.getByRole('heading', { level: 1, name: TAGLINE })).toBeVisible();
  expect(loads.map((path) => path.replace(/[0-9a-f-]{36}/, 'id'))).toEqual(['/', `/courses/${COURSE.slug}`, `/courses/${COURSE.slug}/lessons/id`, '/']);
});

test('forms of language and theme come back to the page they stood on', async ({ page }) => {
  await page.goto('/');
  await hydrated(page);
  await page.getByRole('banner').getByRole('link', { name: t('nav.sign_in') }).click();
  await expect(page.getByRole('heading', { level: 1, name: t('account.sign_in_title') })).toBeVisible();
  await page.getByRole('contentinfo').getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page).toHaveURL('/login');

  await page.goto('/login?next=/learn/school-photography%3Fa%3D1');
  await hydrated(page);
  const [request] = await Promise.all([
    page.waitForRequest(/preferences/),
    page.getByRole('contentinfo').getByRole('button', { name: words('en')('ui.theme_dark') }).click(),
  ]);
  expect(new URLSearchParams(request.postData() ?? '').get('theme')).toBe('dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(new URL(page.url()).searchParams.get('next'), 'the address kept its question').toBe('/learn/school-photography?a=1');
});

test('the menu opens, leads on and closes', async ({ open }) => {
  const page = await open(DEMO.student);
  await page.goto('/learn');
  await hydrated(page);
  const menu = page.getByRole('banner').locator('details.menu');
  await menu.locator('summary').click();
  await menu.getByRole('link', { name: t('nav.account') }).click();
  await expect(page.getByRole('heading', { level: 1, name: t('account.title') })).toBeVisible();
  await expect(menu).not.toHaveAttribute('open');
});

test('the demo student opens learning, presses Enter and is in the right lesson', async ({ open }) => {
  const page = await open(DEMO.student);
  await page.goto('/learn');
  await hydrated(page);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: LESSONS[0] })).toBeVisible();
  await page.getByRole('button', { name: t('learning.mark') }).click();
  await page.getByRole('main').getByRole('link', { name: t('learning.next_lesson', { lesson: LESSONS[1] }) }).click();
  await expect(page.getByRole('heading', { level: 1, name: LESSONS[1] })).toBeVisible();
  await page.getByRole('banner').getByRole('link', { name: t('nav.learning') }).click();
  await expect(page.getByText(t('learning.next_lesson_number', { number: 2 }))).toBeVisible();
});
