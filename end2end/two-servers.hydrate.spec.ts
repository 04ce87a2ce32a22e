// Two servers on one database: what happens through one shows in a browser at the other, and `kill -9` of one of them under load
// loses no event.
import { COURSE } from './support/course';
import { Person } from './support/http';
import { DEMO, fillSignIn, newcomer } from './support/people';
import { Server } from './support/server';
import { expect, hydrated, test } from './support/test';
import { words } from './support/words';
import { execFileSync } from 'node:child_process';

const t = words('ru');

/** A number out of the database that both servers share. */
function counted(sql: string): number {
  return Number(execFileSync('psql', ['-Atqc', `select count(*) from ${sql}`, process.env.DATABASE_URL ?? ''], { encoding: 'utf8' }));
}

test('an action at one server shows at the other, and a killed one loses nothing', async ({ browser, guard }) => {
  test.setTimeout(120_000);
  guard.allow(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED|ERR_SOCKET|Failed to fetch/);
  const who = newcomer('Ульяна Дальняя');
  await (await Person.registered(who, 'ru')).leave();
  const another = await Server.another();
  const context = await browser.newContext({ baseURL: another.origin, locale: 'ru-RU' });
  await guard.watch(context);
  const page = await context.newPage();
  await page.goto('/login');
  await fillSignIn(page, t, who);
  await expect(page).toHaveURL('/learn');
  await hydrated(page);

  const admin = await Person.signedIn(DEMO.admin);
  await admin.enrols(who);
  await admin.leave();
  await expect(page.getByRole('banner').getByRole('link', { name: t('notifications.bell', { count: 1 }), exact: true })).toBeVisible({ timeout: 3_000 });
  await page.getByRole('banner').getByRole('link', { name: t('notifications.bell', { count: 1 }), exact: true }).click();
  await page.getByRole('button').filter({ hasText: t('notice.enrolled') }).click();
  await expect(page).toHaveURL(`/learn/${COURSE.slug}`);

  const [here, there] = [await Person.signedIn(who), await Person.signedIn(who, another.origin)];
  const rename = (person: Person, number: number) =>
    person.post('/account', { full_name: `Ульяна ${number}`, time_zone: 'Europe/Moscow' }).then(() => true, () => false);
  const outcomes: Promise<boolean>[] = [];
  for (let number = 0; number < 60; number += 1) {
    outcomes.push(rename(here, number), rename(there, 1_000 + number));
    if (number === 30) await another.kill('server');
    await new Promise((done) => setTimeout(done, 10));
  }
  const done = (await Promise.all(outcomes)).filter(Boolean).length;
  expect(done, 'one server went on').toBeGreaterThan(59);
  const events = `outbox_events where kind = 'account_changed' and actor_id = (select id from users where email = '${who.email}')`;
  await expect.poll(() => counted(`${events} and processed_at is null`), { timeout: 10_000 }).toBe(0);
  const written = counted(events);
  expect(written, 'each answered change left its event').toBeGreaterThanOrEqual(done);
  expect(counted(`activity_logs l join (select id from ${events}) e on e.id = l.id`), 'and its line in the log').toBe(written);

  await another.serve();
  await page.goto('/learn');
  await hydrated(page);
  await here.leave();
  await there.leave();
  await context.close();
  await another.stop();
});
