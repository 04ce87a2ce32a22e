// What the server sends: HTML that browsers need not repair (a repaired page can't be taken over by the scripts), nothing that
// the security policy would have to allow, and links that lead somewhere.
import { troupe } from './support/cast';
import { COURSES } from './support/course';
import { offences, parse } from './support/html';
import { places, reader } from './support/pages';
import { sweep } from './support/sweep';
import { expect, hydrated, test } from './support/test';
import type { Page } from '@playwright/test';

/** Names and depths of the elements of a page as the browser read them. */
function asRead(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const depth = (element: Element | null): number => (element?.parentElement ? 1 + depth(element.parentElement) : 0);
    return [...document.querySelectorAll('*')].map((element) => `${depth(element)} ${element.localName.toLowerCase()}`);
  });
}

/** The page with its head's elements in alphabetical order: which of the links in it comes first differs from answer to answer. */
function inAnyHead(lines: string[]): string[] {
  const body = lines.indexOf('1 body');
  return [...lines.slice(0, body).sort(), ...lines.slice(body)];
}

for (const locale of ['ru', 'en'] as const) {
  test(`every page is sent as browsers read it: ${locale}`, async ({ open, javaScriptEnabled }) => {
    test.setTimeout(120_000);
    const scripts = javaScriptEnabled !== false;
    const found: string[] = [];
    const list = places(locale).map((place) => ({ ...place, then: undefined }));
    await sweep(open, { locale, theme: 'light', width: 1440 }, list, async (page, place) => {
      // One answer, as sent and as read: between two the school may change.
      const response = await page.goto(place.path);
      if (!response) throw new Error(place.path);
      const [headers, html] = [response.headers(), await response.text()];
      const policy = headers['content-security-policy'] ?? '';
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      const { elements, problems } = parse(html);
      const say = (text: string): void => void found.push(`${place.name}: ${text}`);
      [...problems, ...offences(elements, nonce)].forEach(say);

      if (!/^default-src 'none'/.test(policy) || /'unsafe-(inline|eval|hashes)'|\*/.test(policy)) say(policy);
      if (headers['x-content-type-options'] !== 'nosniff') say('no nosniff');
      if (!/html; charset=utf-8/i.test(headers['content-type'] ?? '')) say(headers['content-type'] ?? 'no type');
      if (reader(locale, place) && headers['cache-control'] !== 'no-store') say(`cache-control ${headers['cache-control']}`);
      if (elements.find(({ name }) => name === 'html')?.attributes.get('lang') !== locale) say('lang');

      // With scripts off the browser's tree is what it read; with scripts, the guard sees whether hydration complains.
      if (scripts) {
        await hydrated(page);
        // Nothing of the page's own code is asked for late. (What is named in vain, the browser complains of.)
        const fetched = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));
        const named = new Set(elements.map(({ attributes }) => attributes.get('href')));
        const isVisitor = !reader(locale, place);
        if (isVisitor && [...named].some((path) => path?.endsWith('.wasm'))) say('a visitor’s page names the program in its head');
        const late = fetched.filter((path) => !isVisitor && /^\/pkg\/(split|chunk)_/.test(path) && !named.has(path));
        if (late.length) say(`not named in the head: ${late.join()}`);
      } else {
        const read = inAnyHead(await asRead(page));
        const sent = inAnyHead(elements.map(({ depth, name }) => `${depth} ${name}`));
        const differs = sent.findIndex((line, index) => line !== read[index]);
        if (differs >= 0 || read.length !== sent.length) say(`element ${differs} was sent as ${sent[differs]} and read as ${read[differs]}`);
      }
    });
    expect(found).toEqual([]);
  });
}

test('the page of an error that comes before the application is sound too', async ({ page }) => {
  const response = await page.request.post('/login', { data: 'x'.repeat(300_000), headers: { 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/x-www-form-urlencoded' } });
  expect(response.status()).toBe(413);
  const nonce = /'nonce-([^']+)'/.exec(response.headers()['content-security-policy'] ?? '')?.[1] ?? '';
  const { elements, problems } = parse(await response.text());
  expect([...problems, ...offences(elements, nonce)]).toEqual([]);
  expect(elements.find(({ name }) => name === 'html')?.attributes.get('lang')).toBe('ru');
});

test('links of the site lead to pages', async ({ open }) => {
  const checked = new Map<string, number>();
  const list = places('ru').filter((place) => !place.then && !place.status);
  await sweep(open, { locale: 'ru', theme: 'light', width: 1440 }, list, async (page) => {
    const hrefs = await page.locator('a[href^="/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    for (const href of new Set(hrefs.map((href) => href.replace(/#.*/, '')))) {
      if (!checked.has(href)) checked.set(href, (await page.request.get(href)).status());
    }
  });
  expect([...checked].filter(([, status]) => status !== 200)).toEqual([]);
  expect(checked.size).toBeGreaterThan(20);
});

test('what search engines ask for is there', async ({ page }) => {
  const map = await (await page.request.get('/sitemap.xml')).text();
  const addresses = [...map.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => address ?? '');
  for (const course of COURSES) expect(addresses).toContain(`${process.env.BASE_URL}/courses/${course.slug}`);
  expect(addresses.some((address) => address.endsWith(troupe('ru').paths.preview)), 'the free lesson').toBe(true);
  for (const address of addresses) expect((await page.request.get(address)).status(), address).toBe(200);
  expect(await (await page.request.get('/robots.txt')).text()).toContain('Sitemap:');

  await page.goto('/courses/school-photography');
  await expect(page.locator('link[rel=canonical]')).toHaveAttribute('href', `${process.env.BASE_URL}/courses/school-photography`);
  const picture = await page.locator('meta[property="og:image"]').getAttribute('content');
  expect((await page.request.get(picture ?? '')).headers()['content-type']).toBe('image/jpeg');
  const course = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent()) ?? '') as Record<string, unknown>;
  expect(course['@type']).toBe('Course');
});
