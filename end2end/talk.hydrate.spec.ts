// A discussion goes on while its page is open.
import { COURSE, LESSONS } from './support/course';
import { Person } from './support/http';
import { DEMO, newcomer } from './support/people';
import { expect, hydrated, test } from './support/test';
import { words } from './support/words';

const t = words('ru');

test('a reply appears under the question by itself, and what is being typed stays', async ({ open }) => {
  const who = newcomer('Вера Чуткая');
  const admin = await Person.signedIn(DEMO.admin);
  await (await Person.registered(who, 'ru')).leave();
  await admin.enrols(who);
  const page = await open(who);
  const main = page.getByRole('main');
  await page.goto(`/learn/${COURSE.slug}`);
  await main.getByRole('link', { name: LESSONS[0] }).first().click();
  await main.getByText(t('talk.ask'), { exact: true }).click();
  await main.getByLabel(t('talk.your_question')).fill(`Какой фон взять? ${Date.now().toString(36)}`);
  await main.getByRole('button', { name: t('talk.send_question') }).click();
  await expect(page).toHaveURL(/\/learn\/threads\/[0-9a-f-]{36}$/);
  await hydrated(page);
  await expect(main.getByText(t('talk.no_replies'))).toBeVisible();
  await main.getByLabel(t('talk.your_reply')).fill('Ещё вопрос:');

  const reply = `${new URL(page.url()).pathname}/reply`;
  for (const body of ['Серый, матовый.', 'И подальше от модели.']) {
    await admin.post(reply, { body });
    await expect(main.getByText(body)).toBeVisible({ timeout: 3_000 });
  }
  await expect(main.getByText(t('talk.no_replies'))).toBeHidden();
  await expect(main.getByLabel(t('talk.your_reply'))).toHaveValue('Ещё вопрос:');
  const bell = page.getByRole('banner').getByRole('link', { name: t('notifications.bell', { count: 1 }), exact: true });
  await expect(bell, 'the enrolment is news; replies that are read are not').toBeVisible({ timeout: 3_000 });
  await page.reload();
  await expect(main.getByText('И подальше от модели.')).toHaveCount(1);
  await admin.leave();
});
