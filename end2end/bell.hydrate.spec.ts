// The bell moves by itself, in every tab, over one stream per browser.
import { COURSE } from './support/course';
import { Person } from './support/http';
import { DEMO, newcomer } from './support/people';
import { expect, hydrated, test } from './support/test';
import { words } from './support/words';
import type { Page } from '@playwright/test';

const t = words('ru');

/** The bell in the header, which says its number. */
function bell(page: Page, unread: number): ReturnType<Page['getByRole']> {
  return page.getByRole('banner').getByRole('link', { name: unread ? t('notifications.bell', { count: unread }) : t('notifications.no_news'), exact: true });
}

test('news reaches every tab of the reader at once, and goes when it is read', async ({ open }) => {
  const who = newcomer('Нина Звонкова');
  await (await Person.registered(who, 'ru')).leave();
  const page = await open(who);
  const streams: string[] = [];
  page.context().on('request', (request) => {
    if (new URL(request.url()).pathname === '/events') streams.push(request.url());
  });
  await page.goto('/account');
  await hydrated(page);
  await expect(bell(page, 0)).toBeVisible();
  const other = await page.context().newPage();
  await other.goto('/learn');
  await hydrated(other);

  const admin = await Person.signedIn(DEMO.admin);
  await admin.enrols(who);
  await admin.leave();
  await expect(bell(page, 1)).toBeVisible({ timeout: 3_000 });
  await expect(bell(other, 1)).toBeVisible({ timeout: 3_000 });
  await expect(page.getByRole('status').filter({ hasText: t('notice.enrolled') })).toBeVisible();
  expect(streams, 'two tabs share one stream').toHaveLength(1);

  await bell(other, 1).click();
  await expect(other.getByRole('heading', { level: 1, name: t('notifications.title') })).toBeVisible();
  await other.getByRole('button').filter({ hasText: t('notice.enrolled') }).click();
  await expect(other).toHaveURL(`/learn/${COURSE.slug}`);
  await expect(bell(page, 0)).toBeVisible({ timeout: 3_000 });

  // The tab that held the stream goes; the other takes it over.
  await page.close();
  await expect.poll(() => streams.length).toBeGreaterThan(1);
});
