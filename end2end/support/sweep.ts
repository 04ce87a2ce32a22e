// Looks at many pages with few sign-ins: one browser context per reader.
import { reader, visit, type Look, type Place } from './pages';
import { contextFor } from './pages';
import type { Account } from './people';
import type { BrowserContextOptions, Page } from '@playwright/test';

type Open = (who?: Account, options?: BrowserContextOptions) => Promise<Page>;

/** Opens each place in a look and hands the page over. */
export async function sweep(open: Open, look: Look, list: Place[], see: (page: Page, place: Place) => Promise<void>): Promise<void> {
  const pages = new Map<string, Page>();
  for (const place of list) {
    const who = reader(look.locale, place);
    const key = who?.email ?? '';
    const page = pages.get(key) ?? (await open(who, contextFor(look)));
    pages.set(key, page);
    await visit(page, look.locale, place);
    await see(page, place);
  }
  for (const page of pages.values()) await page.context().close();
}

/** Every n-th place, beginning with the k-th: a share of the whole. */
export const share = (list: Place[], k: number, n: number): Place[] => list.filter((_, index) => index % n === k);
