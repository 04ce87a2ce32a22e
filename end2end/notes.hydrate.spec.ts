// Notes are saved while they are typed and said to be saved only then; what is selected becomes a highlight.
import { COURSE, LESSONS } from './support/course';
import { learner } from './support/http';
import type { Account } from './support/people';
import { expect, hydrated, test } from './support/test';
import type { Page } from '@playwright/test';

/** Somebody new in the first lesson of the first course. */
async function reader(open: (who: Account) => Promise<Page>, name: string): Promise<Page> {
  const page = await open(await learner(name));
  await page.goto(`/learn/${COURSE.slug}`);
  await page.getByRole('main').getByRole('link', { name: LESSONS[0] }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await hydrated(page);
  return page;
}

test('a note is saved by itself, after the line was away too', async ({ open, t, guard }) => {
  guard.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  const page = await reader(open, 'Нина Берёзова');
  const field = page.getByLabel(t('notes.new_note'));
  const form = page.locator('form').filter({ has: field });
  await page.context().setOffline(true);
  await field.fill('Написано без связи');
  await expect(form.getByRole('status')).toHaveText(t('notes.not_saved'));
  await page.context().setOffline(false);
  await expect(form.getByRole('status')).toContainText('Сохранено в', { timeout: 20_000 });
  await page.reload();
  await expect(page.locator('.note textarea').first()).toHaveValue('Написано без связи');
});

test('selected words become a highlight that is there after a reload', async ({ open, t }) => {
  const page = await reader(open, 'Олег Тихонов');
  const selected = await page.evaluate(() => {
    const text = document.querySelector('#reading p')?.firstChild;
    if (!text) throw new Error('no paragraph');
    const range = document.createRange();
    range.setStart(text, 0);
    range.setEnd(text, 12);
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
    return range.toString().trim();
  });
  await page.getByRole('button', { name: t('notes.highlight'), exact: true }).click();
  await expect(page.locator('.note blockquote')).toHaveText(selected);
  const painted = () => page.evaluate(() => [...(CSS.highlights.get('note') ?? [])].map((range) => String(range)));
  await expect.poll(painted).toEqual([selected]);
  await page.reload();
  await expect.poll(painted).toEqual([selected]);
});
