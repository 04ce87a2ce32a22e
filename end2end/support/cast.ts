// People whose work stands ready when the tests begin: made once by cast.setup.ts, kept in a file for all workers.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEMO, type Account } from './people';
import type { Locale } from './words';

/** A learner with an attempt of each kind, and staff, of one language. */
export interface Troupe {
  student: Account;
  /** Reviews; is enrolled nowhere. */
  curator: Account;
  admin: Account;
  /** Addresses of pages that depend on the run. */
  paths: { preview: string; lesson: string; lastLesson: string; test: string; graded: string; waiting: string; running: string; person: string; questions: string; thread: string; announcement: string; byQuestion: string; editCourse: string; editLesson: string; editTest: string; editQuestion: string; work: string; desk: string; editWork: string; order: string; sandbox: string; adminOrder: string };
}

export interface Cast {
  ru: Troupe;
  en: Troupe;
  /** Enrolled in the first course, for tests of saving. */
  saver: Account;
  /** The same, for tests of a line that is away. */
  traveller: Account;
}

const file = join(__dirname, '..', 'report', 'cast.json');

export function keep(cast: Cast): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(cast, null, 2));
}

export const cast = (): Cast => JSON.parse(readFileSync(file, 'utf8')) as Cast;

/** The demo staff, who work in Russian. */
export const russianStaff = { curator: DEMO.curator, admin: DEMO.admin };

export const troupe = (locale: Locale): Troupe => cast()[locale];
