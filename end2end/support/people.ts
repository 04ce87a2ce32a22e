// Who signs in: the demo accounts, and people made for a run.
import { expect, type BrowserContext, type Page } from '@playwright/test';
import type { Words } from './words';

export interface Account {
  email: string;
  password: string;
  name: string;
}

export const DEMO = {
  student: { email: 'student@example.com', password: 'student123', name: '' },
  curator: { email: 'curator@example.com', password: 'curator123', name: '' },
  admin: { email: 'admin@example.com', password: 'admin123', name: '' },
} as const satisfies Record<string, Account>;

/** The origin that a browser would send with a form. */
export const origin = (): string => new URL(process.env.BASE_URL ?? '').origin;

/** Somebody new. The address is never used before. */
export function newcomer(name: string): Account {
  const unique = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
  return { name, email: `e2e-${unique}@example.com`, password: 'северный свет из окна' };
}

/** Signs a context in without its pages, as the form would. */
export async function signIn(context: BrowserContext, who: Account): Promise<void> {
  const response = await context.request.post('/login', {
    form: { email: who.email, password: who.password, next: '/learn' },
    headers: { origin: origin() },
    maxRedirects: 0,
  });
  expect(response.status(), `${who.email} signs in`).toBe(303);
}

/** Fills the sign-in form that is open. */
export async function fillSignIn(page: Page, t: Words, who: Account): Promise<void> {
  const form = page.getByRole('main');
  await form.getByLabel(t('account.email')).fill(who.email);
  await form.getByLabel(t('account.password'), { exact: true }).fill(who.password);
  await form.getByRole('button', { name: t('account.sign_in') }).click();
}

/** Fills the registration form that is open. */
export async function fillRegistration(page: Page, t: Words, who: Account): Promise<void> {
  const form = page.getByRole('main');
  await form.getByLabel(t('account.full_name')).fill(who.name);
  await form.getByLabel(t('account.email')).fill(who.email);
  await form.getByLabel(t('account.password'), { exact: true }).fill(who.password);
  await form.getByRole('checkbox').check();
  await form.getByRole('button', { name: t('account.create_account') }).click();
  await expect(page.getByRole('heading', { level: 1, name: t('account.sign_in_title') })).toBeVisible();
}
