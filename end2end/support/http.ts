// A person at work without a browser: forms as they would be sent, for what must stand ready before a test begins.
import { randomBytes } from 'node:crypto';
import { expect, request, type APIRequestContext } from '@playwright/test';
import { COURSE, QUESTIONS, REMARK, OPEN_ANSWER } from './course';
import { DEMO, newcomer, origin, type Account } from './people';

/** A session of one person. Every form must be taken: it leads on with a redirect. */
export class Person {
  private constructor(
    private readonly http: APIRequestContext,
    readonly account: Account,
    private readonly at = origin(),
  ) {}

  /** Makes an account in a language and signs in, from an address of its own: one address may make only a few accounts. */
  static async registered(account: Account, language: string): Promise<Person> {
    const address = `10.${[...randomBytes(3)].join('.')}`;
    const extraHTTPHeaders = { 'accept-language': language, 'x-forwarded-for': address };
    const person = new Person(await request.newContext({ baseURL: process.env.BASE_URL, extraHTTPHeaders }), account);
    await person.post('/register', { full_name: account.name, email: account.email, password: account.password, consent: 'yes' });
    await person.signIn();
    return person;
  }

  static async signedIn(account: Account, at = origin()): Promise<Person> {
    const person = new Person(await request.newContext({ baseURL: at }), account, at);
    await person.signIn();
    return person;
  }

  async signIn(): Promise<void> {
    await this.post('/login', { email: this.account.email, password: this.account.password });
  }

  async get(path: string): Promise<string> {
    const response = await this.http.get(path);
    expect(response.status(), path).toBe(200);
    return response.text();
  }

  /** Sends a form and returns where it leads. */
  async post(path: string, fields: Record<string, string> | URLSearchParams = {}): Promise<string> {
    const data = new URLSearchParams(fields).toString();
    const headers = { origin: this.at, 'content-type': 'application/x-www-form-urlencoded' };
    const response = await this.http.post(path, { data, headers, maxRedirects: 0 });
    expect(response.status(), path).toBe(303);
    return response.headers().location ?? '';
  }

  async leave(): Promise<void> {
    await this.http.dispose();
  }

  /** As an administrator: the page of a person. */
  async pageOf(who: Account): Promise<string> {
    const list = await this.get(`/admin/users?q=${encodeURIComponent(who.email)}`);
    return first(list, /href="(\/admin\/users\/[0-9a-f-]{36})"/);
  }

  /** As an administrator: enrols a person into the first course. */
  async enrols(who: Account): Promise<string> {
    const page = await this.pageOf(who);
    const course = first(await this.get(page), new RegExp(`<option value="([0-9a-f-]{36})"[^>]*>(?:<!---->)?${COURSE.title}`));
    await this.post(`${page}/enroll`, { course_id: course, reason: 'оплата по счёту 17' });
    return page;
  }

  /** Orders a course; returns the sandbox's page of the payment. */
  async buys(slug: string): Promise<string> {
    const form = await this.get(`/courses/${slug}/buy`);
    const key = first(form, /name="key" value="([0-9a-f]{64})"/);
    const offer = first(form, /name="offer_id" value="([0-9a-f-]{36})"/);
    return this.post(`/courses/${slug}/buy`, { key, offer_id: offer, provider: 'sandbox', consent: 'yes' });
  }

  /** Pays on a page of the sandbox; returns the order's address. */
  async pays(sandbox: string): Promise<string> {
    return first(await this.post(sandbox, { outcome: 'pay' }), /^(\/orders\/[0-9a-f-]{36})\/open\//);
  }

  /** As a learner: answers the test about window light, whole and handed in or half and running. Returns the attempt's address. */
  async takes(test: string, isWhole: boolean): Promise<string> {
    const attempt = await this.post(`${test}/start`);
    // The texts have no-break spaces, which matter only to the eye.
    const page = (await this.get(attempt)).replace(/&nbsp;|\u00a0/g, ' ');
    const { distance, triangle, balance, shadows, lamps } = QUESTIONS;
    const given = [distance.right, triangle.wrong, ...shadows.right.slice(0, 2), ...(isWhole ? [balance.right, lamps.right[0]] : [])];
    const fields = new URLSearchParams([...page.matchAll(/name="(has_[0-9a-f-]{36})"/g)].map(([, name]) => [name ?? '', '1']));
    for (const option of given) {
      const at = page.indexOf(`>${option}<`);
      expect(at, option).toBeGreaterThan(0);
      const [, name, value] = [...page.slice(0, at).matchAll(/name="(q_[0-9a-f-]{36})" value="([0-9a-f-]{36})"/g)].at(-1) ?? [];
      fields.append(name ?? '', value ?? '');
    }
    if (isWhole) fields.append(first(page, /<textarea[^>]* name="(q_[0-9a-f-]{36})"/), OPEN_ANSWER);
    await this.post(`${attempt}/answers`, fields);
    if (isWhole) await this.post(`${attempt}/submit`);
    return attempt;
  }

  /** As a curator: scores the open answer of an attempt. */
  async scores(attempt: string): Promise<void> {
    const page = attempt.replace('/learn/', '/curate/');
    const question = first(await this.get(page), /name="points_([0-9a-f-]{36})"/);
    await this.post(`${page}/score`, { [`points_${question}`]: '2.5', [`remark_${question}`]: REMARK });
  }
}

/** The first group of a pattern that must be there. */
export function first(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`${pattern} is not on the page`);
  return found;
}

/** Somebody new who learns in the first course. */
export async function learner(name: string): Promise<Account> {
  const who = newcomer(name);
  const admin = await Person.signedIn(DEMO.admin);
  await (await Person.registered(who, 'ru')).leave();
  await admin.enrols(who);
  await admin.leave();
  return who;
}
