// A learner asks under a lesson, the curator answers, the learner reads; an announcement finds its readers.
import { COURSE, LESSONS } from './support/course';
import { learner } from './support/http';
import { DEMO } from './support/people';
import { expect, test } from './support/test';

test('a learner asks, the curator answers, the learner reads', async ({ open, t }) => {
  const who = await learner('Вера Полозова');
  const question = `Чем закрыть окно в спортзале? ${Date.now().toString(36)}`;
  const page = await open(who);
  const main = page.getByRole('main');

  await test.step('asks under the lesson, after a refusal that keeps the page', async () => {
    await page.goto(`/learn/${COURSE.slug}`);
    await main.getByRole('link', { name: LESSONS[0] }).first().click();
    await main.getByText(t('talk.ask'), { exact: true }).click();
    await main.getByRole('button', { name: t('talk.send_question') }).click();
    await expect(main.getByLabel(t('talk.your_question'))).toHaveAccessibleDescription(new RegExp(t('problem.required')));
    await main.getByLabel(t('talk.your_question')).fill(`${question}\n\n**Ткани нет.**`);
    await main.getByRole('button', { name: t('talk.send_question') }).click();
    await expect(page).toHaveURL(/\/learn\/threads\/[0-9a-f-]{36}$/);
    await expect(main.locator('strong').filter({ hasText: 'Ткани нет.' })).toBeVisible();
  });
  const thread = new URL(page.url()).pathname;
  // An answer that comes while the discussion is open counts as read.
  await page.goto('/account');

  await test.step('the curator finds the question on the board and answers', async () => {
    const curator = await open(DEMO.curator);
    await curator.goto('/curate');
    await curator.getByRole('link', { name: t('review.desk_questions') }).click();
    await curator.getByRole('row').filter({ hasText: question }).getByRole('link').click();
    await expect(curator).toHaveURL(thread);
    await curator.getByLabel(t('talk.your_reply')).fill('Калькой, в два слоя.');
    await curator.getByRole('button', { name: t('talk.send_reply') }).click();
    await expect(curator).toHaveURL(`${thread}#post-2`);
    await expect(curator.locator('#post-2').getByText(t('talk.is_answer'), { exact: true })).toBeVisible();
    await curator.goto('/curate/questions');
    await expect(curator.getByText(question)).toHaveCount(0);
  });

  await test.step('the learner hears of the answer and reads it', async () => {
    await page.goto('/learn');
    await expect(main.getByText(t('talk.unread', { count: 1 }))).toBeVisible();
    await main.getByRole('link', { name: question }).click();
    await expect(page.locator('#post-2')).toContainText('Калькой, в два слоя.');
    await page.goto('/learn');
    await expect(main.getByText(t('talk.unread', { count: 1 }))).toHaveCount(0);
  });
});

test('the school announces, and sees who has read', async ({ open, t }) => {
  const who = await learner('Лев Соколов');
  const title = `Разбор ${Date.now().toString(36)}`;
  const admin = await open(DEMO.admin);
  await admin.goto('/admin/announcements');
  await admin.getByLabel(t('announcements.heading')).fill(title);
  await admin.getByLabel(t('announcements.body'), { exact: true }).fill('В субботу в полдень.');
  await admin.getByRole('button', { name: t('announcements.publish') }).click();
  await expect(admin.getByRole('status').filter({ hasText: t('flash.announced') })).toBeVisible();
  const row = admin.getByRole('row').filter({ hasText: title });
  await expect(row).toContainText(new RegExp('^[\\s\\S]*0 из \\d+'));

  const page = await open(who);
  await page.goto('/learn');
  await page.getByRole('main').getByRole('link', { name: title }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await admin.reload();
  await expect(row).toContainText(new RegExp('1 из \\d+'));

  await row.getByRole('link', { name: title }).click();
  await admin.getByRole('button', { name: t('announcements.withdraw') }).click();
  await expect(row).toContainText(t('announcements.withdrawn'));
  await page.goto('/learn');
  await expect(page.getByText(title)).toHaveCount(0);
});
