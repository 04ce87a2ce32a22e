// The interface's words, read from the same files as the program reads: tests look for what people read, and a changed
// wording is changed in one place.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export type Locale = 'ru' | 'en';
export type Parameters = Record<string, string | number>;
export type Words = (key: string, parameters?: Parameters) => string;

const folder = join(__dirname, '..', '..', 'locales');
const quoted = /"((?:[^"\\]|\\.)*)"/;

type Text = string | Record<string, string>;

function read(locale: Locale): Map<string, Text> {
  const texts = new Map<string, Text>();
  for (const file of readdirSync(join(folder, locale))) {
    const module = file.replace(/\.toml$/, '');
    for (const line of readFileSync(join(folder, locale, file), 'utf8').split('\n')) {
      const [, key, value] = /^(\w+) = (.*)$/.exec(line) ?? [];
      if (!key || value === undefined) continue;
      const unquote = (text: string): string => JSON.parse(`"${text}"`) as string;
      const forms = [...value.matchAll(new RegExp(`(\\w+) = ${quoted.source}`, 'g'))];
      const text: Text = value.startsWith('{')
        ? Object.fromEntries(forms.map(([, form, words]) => [form, unquote(words ?? '')]))
        : unquote(quoted.exec(value)?.[1] ?? '');
      texts.set(`${module}.${key}`, text);
    }
  }
  return texts;
}

const all: Record<Locale, Map<string, Text>> = { ru: read('ru'), en: read('en') };

/** The words of a language: `t('quizzes.points', { count: 3 })`. A key that is not there is an error. */
export function words(locale: Locale): Words {
  const rules = new Intl.PluralRules(locale);
  return (key, parameters = {}) => {
    const text = all[locale].get(key);
    if (text === undefined) throw new Error(`locales/${locale} has no ${key}`);
    const category = typeof text === 'string' ? '' : rules.select(Number(parameters.count));
    const template = typeof text === 'string' ? text : (text[category] ?? text.many ?? '');
    return template.replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name] ?? `{${name}}`));
  };
}

/** A text with a parameter that the test can't know, as a pattern: `pattern(t, 'quizzes.saved_at', 'time', '\\d\\d:\\d\\d')`. */
export function pattern(t: Words, key: string, name: string, regex: string): RegExp {
  const escaped = t(key, { [name]: '\u0000' }).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(escaped.replace('\u0000', regex));
}

/** How a fresh moment of saving is said. */
export const savedAt = (t: Words): RegExp => pattern(t, 'quizzes.saved_at', 'time', '\\d\\d:\\d\\d');
