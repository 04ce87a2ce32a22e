// A lesson's video keeps its place from one browser to the next; the next lesson is there before it is asked for.
import { COURSE, LESSONS } from './support/course';
import { learner } from './support/http';
import { expect, hydrated, test } from './support/test';
import type { Page } from '@playwright/test';

async function toFirstLesson(page: Page): Promise<void> {
  await page.goto(`/learn/${COURSE.slug}`);
  await page.getByRole('main').getByRole('link', { name: LESSONS[0] }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(LESSONS[0]);
  await hydrated(page);
}

test('a video goes on in another browser where it was', async ({ open, guard }) => {
  // A browser gives up the line of a video that it has enough of, or that it moves away from.
  guard.allow(/ERR_ABORTED|ERR_REQUEST_RANGE_NOT_SATISFIABLE/);
  const who = await learner('Вера Полякова');
  const page = await open(who);
  await toFirstLesson(page);
  const video = page.locator('video');
  await expect.poll(() => video.evaluate((player: HTMLVideoElement) => player.readyState), { timeout: 20_000 }).toBeGreaterThan(0);
  const kept = page.waitForResponse((response) => response.url().endsWith('/api/learning/watched') && response.ok());
  await video.evaluate(async (player: HTMLVideoElement) => {
    player.muted = true;
    player.currentTime = 8;
    await player.play();
    await new Promise((done) => setTimeout(done, 2_500));
    player.pause();
  });
  await kept;
  await page.close();

  const other = await open(who);
  await toFirstLesson(other);
  await expect.poll(() => other.locator('video').evaluate((player: HTMLVideoElement) => player.currentTime), { timeout: 20_000 }).toBeGreaterThan(8);
});

test('chapters lead through a video, and a picture grows under two fingers', async ({ open, guard, t }) => {
  guard.allow(/ERR_ABORTED|ERR_REQUEST_RANGE_NOT_SATISFIABLE/);
  const page = await open(await learner('Зоя Лапина'));
  await toFirstLesson(page);
  const chapters = page.getByRole('navigation', { name: t('files.video_chapters') });
  const third = chapters.getByRole('link').nth(2);
  await expect.poll(() => page.locator('video').evaluate((player: HTMLVideoElement) => player.readyState), { timeout: 20_000 }).toBeGreaterThan(0);
  await page.locator('video').evaluate((player: HTMLVideoElement) => void (player.muted = true));
  await third.click();
  await expect.poll(() => page.locator('video').evaluate((player: HTMLVideoElement) => player.currentTime)).toBeGreaterThanOrEqual(12);
  await expect(third).toHaveAttribute('aria-current', 'true');
  await page.locator('video').evaluate((player: HTMLVideoElement) => player.pause());

  await page.locator('#reading figure > a').first().click();
  const picture = page.locator('dialog[open] img');
  await expect(picture).toBeVisible();
  const browser = await page.context().newCDPSession(page);
  await browser.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
  const fingers = (apart: number) => [-apart, apart].map((x, id) => ({ x: 300 + x, y: 300, id }));
  await browser.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(20) });
  for (let apart = 30; apart <= 120; apart += 10) await browser.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(apart) });
  await browser.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect.poll(() => page.evaluate(() => window.visualViewport?.scale ?? 1)).toBeGreaterThan(1.5);
  await expect(picture).toBeVisible();
});

test('the next lesson is fetched ahead and opens without a request of its own', async ({ open, t }) => {
  const who = await learner('Глеб Сомов');
  const page = await open(who);
  await toFirstLesson(page);
  const ahead = page.waitForResponse((response) => response.url().endsWith('/api/learning/peek') && response.ok());
  const next = page.locator('#finish').getByRole('link', { name: LESSONS[1] });
  await next.hover();
  await ahead;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const visited = page.waitForResponse((response) => response.url().endsWith('/api/learning/visit') && response.ok());
  await next.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(LESSONS[1]);
  await visited;
  expect(asked).not.toContain('/api/learning/lesson');
  await page.goto(`/learn/${COURSE.slug}`);
  await expect(page.getByRole('main')).toContainText(t('learning.state_begun'));
});
