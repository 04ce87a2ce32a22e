// What every test stands on: a guard that fails it for anything the browser complains about, and a way to open pages as
// several people at once.
import { test as base, expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import { signIn, type Account } from './people';
import { words, type Words } from './words';

export { expect };

/** Collects what the browser complains about: errors and warnings in the console, uncaught errors, 5xx. */
export class Guard {
  readonly problems: string[] = [];
  // With scripts off nothing uses what the page loads ahead for them.
  private readonly allowed: RegExp[] = [];

  constructor(scripts: boolean) {
    if (!scripts) this.allow(/\.wasm was preloaded using link preload but not used/);
  }

  /** Takes a complaint that the test provokes on purpose. */
  allow(pattern: RegExp): void {
    this.allowed.push(pattern);
  }

  private complain(text: string): void {
    if (!this.allowed.some((pattern) => pattern.test(text))) this.problems.push(text);
  }

  async watch(context: BrowserContext): Promise<void> {
    // Chromium writes a line for each page that is not 200. Those pages are the tests' own business.
    const refused = new Set<string>();
    context.on('response', (response) => {
      const status = response.status();
      if (status >= 400 && response.request().isNavigationRequest()) refused.add(response.url());
      if (status >= 500) this.complain(`${status} at ${response.url()}`);
    });
    context.on('console', (message) => {
      const { url } = message.location();
      const isPage = message.text().startsWith('Failed to load resource') && refused.has(url);
      if (['error', 'warning'].includes(message.type()) && !isPage) this.complain(`${message.type()} at ${message.page()?.url()}: ${message.text()} (${url})`);
    });
    context.on('weberror', (error) => this.complain(`uncaught at ${error.page()?.url()}: ${error.error().message}`));
    await context.addInitScript(markHydration);
  }
}

/** The router listens for clicks on the window once the page is taken over; nothing else does. */
export function markHydration(): void {
  const listen = window.addEventListener.bind(window);
  window.addEventListener = ((...given: Parameters<typeof listen>) => {
    if (given[0] === 'click') (window as unknown as { isHydrated: boolean }).isHydrated = true;
    listen(...given);
  }) as typeof window.addEventListener;
}

/** Waits until the program in the browser has taken the page over. */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(() => (window as unknown as { isHydrated?: boolean }).isHydrated === true);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))));
}

interface Fixtures {
  guard: Guard;
  /** The words of the default language, Russian. */
  t: Words;
  /** Opens a page of its own browser context, signed in or not. */
  open: (who?: Account, options?: BrowserContextOptions) => Promise<Page>;
}

export const test = base.extend<Fixtures>({
  guard: [
    async ({ javaScriptEnabled }, use) => {
      const guard = new Guard(javaScriptEnabled !== false);
      await use(guard);
      expect(guard.problems, 'the browser complained').toEqual([]);
    },
    { auto: true },
  ],
  t: async ({}, use) => use(words('ru')),
  context: async ({ context, guard }, use) => {
    await guard.watch(context);
    await use(context);
  },
  open: async ({ browser, guard }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (who, options) => {
      const context = await newContext(browser, guard, options);
      contexts.push(context);
      if (who) await signIn(context, who);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

async function newContext(browser: Browser, guard: Guard, options?: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  await guard.watch(context);
  return context;
}
