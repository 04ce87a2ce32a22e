// axe-core finds nothing on any page. Each page once, spread over languages, themes and widths; PROOF=1 walks them all.
import AxeBuilder from '@axe-core/playwright';
import { looks, places } from './support/pages';
import { share, sweep } from './support/sweep';
import { expect, hydrated, test } from './support/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const whole = process.env.PROOF === '1';
const all = looks([390, 1440]);

test.describe.configure({ mode: 'parallel' });

for (const [index, look] of all.entries()) {
  test(`axe finds nothing: ${look.locale}, ${look.theme}, ${look.width}`, async ({ open }) => {
    test.setTimeout(300_000);
    const list = whole ? places(look.locale) : share(places(look.locale), index, all.length);
    const found: string[] = [];
    await sweep(open, look, list, async (page, place) => {
      if (place.name !== 'plain-error') await hydrated(page);
      // Previews of letters lie in frames that run no scripts: axe would wait in them for ever.
      await page.evaluate(() => document.querySelectorAll('iframe').forEach((frame) => frame.remove()));
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).options({ resultTypes: ['violations'] }).analyze();
      for (const { id, nodes } of violations) {
        found.push(...nodes.map((node) => `${place.name}: ${id}: ${node.html.slice(0, 160)}: ${node.failureSummary?.replace(/\s+/g, ' ') ?? ''}`));
      }
    });
    expect(found).toEqual([]);
  });
}
