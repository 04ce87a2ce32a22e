// Buying through the sandbox, with scripts and without: success, decline and another try, a closed browser, a double click; and
// an administrator gives the money back.
import { type Page } from '@playwright/test';
import { COURSES } from './support/course';
import { Person } from './support/http';
import { DEMO, newcomer } from './support/people';
import { expect, test } from './support/test';
import type { Words } from './support/words';

const COURSE = COURSES[1];

/** Fills the form that buys a course and stops before the button. */
async function fill(page: Page, t: Words, email?: string): Promise<void> {
  await page.goto(`/courses/${COURSE.slug}`);
  await page.getByRole('main').getByRole('link', { name: t('catalogue.buy'), exact: true }).first().click();
  await expect(page).toHaveURL(`/courses/${COURSE.slug}/buy`);
  if (email) await page.getByLabel(t('account.email')).fill(email);
  await page.getByRole('checkbox').check();
}

const outcome = (page: Page, t: Words, name: string): Promise<void> => page.getByRole('button', { name: t(`orders.${name}`), exact: true }).click();

test('a visitor buys with just an address', async ({ page, t }) => {
  const who = newcomer('Пётр Новиков');
  await fill(page, t);
  await page.getByRole('button', { name: t('orders.to_payment') }).click();
  await expect(page.getByLabel(t('account.email'))).toHaveAccessibleDescription(new RegExp(t('problem.required')));
  await page.getByLabel(t('account.email')).fill(who.email);
  await page.getByRole('button', { name: t('orders.to_payment') }).click();
  await expect(page).toHaveURL(/\/sandbox\/[0-9a-f]+$/);

  await test.step('declined, and tried again', async () => {
    await outcome(page, t, 'sandbox_decline');
    await expect(page).toHaveURL(/\/orders\/[0-9a-f-]{36}$/);
    await expect(page.getByText(t('orders.now_declined'))).toBeVisible({ timeout: 20_000 });
    await page.getByRole('button', { name: t('orders.pay'), exact: true }).click();
  });
  await outcome(page, t, 'sandbox_twice');
  await expect(page.getByText(t('orders.now_paid'))).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(t('orders.password_sent', { email: who.email }))).toBeVisible();
});

test('whoever closes the browser at the payment has the course all the same', async ({ open, t }) => {
  const who = newcomer('Инна Лосева');
  await (await Person.registered(who, 'ru')).leave();
  const page = await open(who);
  await fill(page, t);
  await page.getByRole('button', { name: t('orders.to_payment') }).click();
  const sandbox = page.url();
  await page.context().request.post(sandbox, { form: { outcome: 'pay' }, headers: { origin: new URL(sandbox).origin }, maxRedirects: 0 });
  await page.close();
  const later = await open(who);
  await expect(async () => {
    await later.goto(`/learn/${COURSE.slug}`);
    await expect(later).toHaveURL(`/learn/${COURSE.slug}`, { timeout: 500 });
  }).toPass({ timeout: 5_000 });
});

test('a double click makes one order; the administrator gives the money back', async ({ open, t }) => {
  const who = newcomer('Юрий Клёнов');
  await (await Person.registered(who, 'ru')).leave();
  const page = await open(who);
  await fill(page, t);
  await page.getByRole('button', { name: t('orders.to_payment') }).dblclick();
  await expect(page).toHaveURL(/\/sandbox\/[0-9a-f]+$/);
  await outcome(page, t, 'sandbox_pay');
  await expect(page.getByText(t('orders.now_paid'))).toBeVisible({ timeout: 20_000 });
  const order = new URL(page.url()).pathname;

  const admin = await open(DEMO.admin);
  await admin.goto(`/admin/orders?q=${encodeURIComponent(who.email)}`);
  await expect(admin.getByRole('main').locator('tbody tr')).toHaveCount(1);
  await admin.goto(`/admin${order}`);
  await admin.getByLabel(t('orders.reason')).first().fill('передумал');
  await admin.getByRole('button', { name: t('orders.give_back') }).click();
  await expect(admin.getByRole('status').filter({ hasText: t('flash.saved') })).toBeVisible();
  await expect(async () => {
    await page.goto(order);
    await expect(page.getByText(t('orders.now_refunded')).first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });
  expect((await page.goto(`/learn/${COURSE.slug}`))?.status()).toBe(403);
});
