// Open answers question by question, a score that is changed later; authors look at statistics and at what another key would change.
import { COURSE, LESSONS, OPEN_ANSWER, WINDOW_TEST } from './support/course';
import { learner } from './support/http';
import { DEMO } from './support/people';
import { handIn, openField, saveLine, startTest } from './support/school';
import { expect, hydrated, test } from './support/test';
import { savedAt } from './support/words';

test('an answer is scored among those to its question, and its score is changed later', async ({ open, t, javaScriptEnabled }) => {
  const scripts = javaScriptEnabled !== false;
  const page = await open(await learner('Мила Озерова'));
  await startTest(page, t);
  await openField(page).fill(OPEN_ANSWER);
  if (!scripts) await page.getByRole('button', { name: t('quizzes.save_answers') }).click();
  await expect(saveLine(page)).toHaveText(savedAt(t));
  await handIn(page, t);
  const attempt = new URL(page.url()).pathname;
  const id = attempt.split('/').pop() ?? '';

  const curator = await open(DEMO.curator);
  const points = curator.getByLabel(t('review.points_from', { max: 3 }));
  const remark = curator.getByLabel(t('review.remark'));
  await test.step('from the desk to the question, to this very answer', async () => {
    await curator.goto('/curate');
    await curator.getByRole('link', { name: t('review.desk_by_question') }).click();
    await curator.getByRole('row').filter({ hasText: WINDOW_TEST }).getByRole('link').click();
    await expect(curator).toHaveURL(/\/curate\/tests\/[0-9a-f-]+\/questions\/[0-9a-f-]+$/);
    await curator.goto(`${new URL(curator.url()).pathname}?attempt=${id}`);
    await expect(curator.getByText('Сначала закрываю левое окно')).toBeVisible();
  });

  const phrase = `Посмотрите на тени ${Date.now().toString(36)}`;
  await test.step('a remark is kept as a phrase and put in again, with nothing lost', async () => {
    await points.fill('2');
    await remark.fill(phrase);
    await curator.getByRole('button', { name: t('review.keep') }).click();
    await expect(points).toHaveValue('2');
    await remark.fill('Хорошо.');
    await curator.getByRole('button', { name: phrase, exact: true }).click();
    await expect(remark).toHaveValue(`Хорошо.\n${phrase}`);
    await curator.getByRole('button', { name: t('review.forget', { phrase }) }).click();
    await expect(curator.getByRole('button', { name: phrase, exact: true })).toHaveCount(0);
    await expect(remark).toHaveValue(`Хорошо.\n${phrase}`);
  });

  await test.step('keys give points', async () => {
    if (scripts) {
      await hydrated(curator);
      await points.blur();
      await curator.keyboard.press('1');
      await expect(points).toHaveValue('1');
      await curator.keyboard.press(',');
      await expect(points).toHaveValue('1,5');
      await curator.keyboard.press('Control+Enter');
    } else {
      await points.fill('1,5');
      await curator.getByRole('button', { name: t('review.save_next') }).click();
    }
    await expect(curator).not.toHaveURL(new RegExp(id));
    await page.reload();
    await expect(page.getByText(phrase)).toBeVisible();
  });

  await test.step('the score is changed with a reason', async () => {
    await curator.goto(attempt.replace('/learn/', '/curate/'));
    await curator.getByText(t('review.change'), { exact: true }).click();
    await points.fill('3');
    await curator.getByRole('button', { name: t('review.change_now') }).click();
    await expect(curator.getByLabel(t('review.void_reason')).first()).toHaveAccessibleDescription(new RegExp(t('problem.required')));
    await expect(points).toHaveValue('3');
    await curator.getByLabel(t('review.void_reason')).first().fill('Пересмотр');
    await curator.getByRole('button', { name: t('review.change_now') }).click();
    await expect(curator.getByRole('status').filter({ hasText: t('flash.saved') })).toBeVisible();
    await page.goto('/notifications');
    await expect(page.getByText(t('notice.mark_changed')).first()).toBeVisible({ timeout: 15_000 });
  });
});

test('an author sees statistics, and what another key would change', async ({ open, t }) => {
  const admin = await open(DEMO.admin);
  await admin.goto('/admin/courses');
  await admin.getByRole('link', { name: COURSE.title }).first().click();
  await admin.getByRole('link', { name: LESSONS[0] }).first().click();
  await admin.getByRole('link', { name: WINDOW_TEST }).first().click();
  await admin.getByRole('link', { name: t('statistics.title') }).click();
  await expect(admin.getByRole('heading', { level: 1, name: t('statistics.title') })).toBeVisible();
  await expect(admin.getByRole('table').first()).toBeVisible();
  await admin.getByRole('heading', { level: 2 }).first().getByRole('link').click();
  await admin.getByRole('link', { name: t('correction.title') }).click();
  await admin.getByRole('radio', { name: t('correction.full_marks') }).check();
  await admin.getByRole('button', { name: t('correction.show') }).click();
  // Looked at only: the demo's marks are other tests' too.
  await expect(admin.getByRole('button', { name: t('correction.apply'), exact: true })).toBeVisible();
  await expect(admin.getByRole('radio', { name: t('correction.full_marks') })).toBeChecked();
});
