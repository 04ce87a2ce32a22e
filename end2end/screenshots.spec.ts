// Screenshots of every page for people to look at (PROOF=1; a sample otherwise), and what a machine can see of the layout:
// nothing sticks out sideways, down to 320 px, and nothing jumps.
import { looks, places, type Look } from './support/pages';
import { share, sweep } from './support/sweep';
import { expect, test } from './support/test';
import type { Page } from '@playwright/test';
import { join } from 'node:path';

const whole = process.env.PROOF === '1';
const folder = join(__dirname, 'screenshots');
const all = [...looks([390, 1440]), { locale: 'ru', theme: 'light', width: 320 }, { locale: 'en', theme: 'dark', width: 320 }] as const satisfies Look[];

test.describe.configure({ mode: 'parallel' });

/** What sticks out of the page on its right side. */
function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.scrollingElement;
    if (!root || root.scrollWidth <= innerWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
    return [`${root.scrollWidth} px wide`, ...wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
  });
}

/** The sum of layout shifts since the page began. */
function shift(page: Page): Promise<number> {
  return page.evaluate(() => {
    const observer = new PerformanceObserver(() => undefined);
    observer.observe({ type: 'layout-shift', buffered: true });
    return observer.takeRecords().reduce((sum, entry) => sum + (entry as unknown as { value: number }).value, 0);
  });
}

for (const [index, look] of all.entries()) {
  test(`pages fit: ${look.locale}, ${look.theme}, ${look.width}`, async ({ open, javaScriptEnabled }) => {
    test.setTimeout(300_000);
    const scripts = javaScriptEnabled !== false;
    // Without scripts the pages are the same before hydration; half of the sample is looked at that way.
    const isNarrow = look.width === 320;
    const list = whole || isNarrow ? places(look.locale) : share(places(look.locale), scripts ? index : (index + 4) % 8, 8);
    const found: string[] = [];
    await sweep(open, look, list, async (page, place) => {
      await page.evaluate(() => document.fonts.ready);
      const name = `${place.name}.${look.width}.${look.theme}.${look.locale}`;
      found.push(...(await sideways(page)).map((text) => `${name}: ${text}`));
      let jumped = place.then ? 0 : await shift(page);
      if (jumped > 0.01) {
        // On a busy machine the fonts may come after the first paint; what the page itself does, it does again.
        await page.reload();
        await page.evaluate(() => document.fonts.ready);
        jumped = await shift(page);
      }
      if (jumped > 0.01) found.push(`${name}: layout shift ${jumped.toFixed(3)}`);
      if (scripts && (whole || !isNarrow)) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    });
    expect(found).toEqual([]);
  });
}
