// Makes the people that other tests look at: a learner of each language with one attempt graded, one with the curator and one
// running, an English-speaking administrator, and learners for tests of saving.
import { keep, russianStaff, type Cast, type Troupe } from './support/cast';
import { COURSE, COURSES, LESSONS } from './support/course';
import { Person, first } from './support/http';
import { DEMO, newcomer, type Account } from './support/people';
import { test } from './support/test';

test('the cast is made', async () => {
  const saver = newcomer('Сергей Тихонов');
  const traveller = newcomer('Олег Дорохов');
  const director = newcomer('Helen Brooks');
  const admin = await Person.signedIn(DEMO.admin);
  for (const [who, language] of [[saver, 'ru'], [traveller, 'ru'], [director, 'en']] as const) await (await Person.registered(who, language)).leave();
  for (const learner of [saver, traveller]) await admin.enrols(learner);
  await admin.post(`${await admin.pageOf(director)}/role`, { role: 'admin' });
  const cast: Cast = {
    saver,
    traveller,
    ru: await makeTroupe(newcomer('Мария Ковалёва'), 'ru', russianStaff),
    en: await makeTroupe(newcomer('Emma Clarke'), 'en', { curator: director, admin: director }),
  };
  keep(cast);
  await admin.leave();
});

async function makeTroupe(who: Account, language: string, staff: { curator: Account; admin: Account }): Promise<Troupe> {
  const [student, admin, curator] = [await Person.registered(who, language), await Person.signedIn(staff.admin), await Person.signedIn(staff.curator)];
  const person = await admin.enrols(who);
  const sales = await student.get(`/courses/${COURSE.slug}`);
  const outline = await student.get(`/learn/${COURSE.slug}`);
  const link = (title: string, path: string): RegExp => new RegExp(`href="(${path}/[0-9a-f-]{36})"[^>]*>(?:(?!</a>)[\\s\\S])*?${title}`);
  const lesson = first(outline, link(LESSONS[0], `/learn/${COURSE.slug}/lessons`));
  await student.post(`${lesson}/complete`);
  const test = first(await student.get(lesson), /href="(\/learn\/tests\/[0-9a-f-]{36})"/);

  const questions = `${lesson}/questions`;
  const thread = first(await student.get(questions), /href="(\/learn\/threads\/[0-9a-f-]{36})"/);
  const announcement = first(await curator.get('/admin/announcements'), /href="(\/learn\/announcements\/[0-9a-f-]{36})"/);
  const graded = await student.takes(test, true);
  await curator.scores(graded);
  const waiting = await student.takes(test, true);
  const running = await student.takes(test, false);
  const byQuestion = first(await curator.get('/curate/tests'), /href="(\/curate\/tests\/[0-9a-f-]{36}\/questions\/[0-9a-f-]{36})/);
  const editCourse = first(await admin.get('/admin/courses'), link(COURSE.title, '/admin/courses'));
  const editLesson = first(await admin.get(editCourse), link(LESSONS[0], `${editCourse}/lessons`));
  const editTest = first(await admin.get(editLesson), new RegExp(`href="(${editCourse}/tests/[0-9a-f-]{36})"`));
  const editQuestion = first(await admin.get(editTest), new RegExp(`href="(${editTest}/questions/[0-9a-f-]{36})"`));
  const work = first(await student.get(lesson), /href="(\/learn\/assignments\/[0-9a-f-]{36})"/);
  await student.post(work, { text: 'Три портрета у окна: тень мягкая, средняя, жёсткая.', sequence: '0', then: 'submit' });
  const desks = [...(await curator.get('/curate')).matchAll(/href="(\/curate\/submissions\/[0-9a-f-]{36})"/g)];
  const desk = desks.at(-1)?.[1] ?? '';
  const editWork = first(await admin.get(editLesson), new RegExp(`href="(${editCourse}/assignments/[0-9a-f-]{36})"`));
  const sandbox = await student.buys(COURSES[2].slug);
  const order = await student.pays(await student.buys(COURSES[1].slug));
  for (const one of [student, admin, curator]) await one.leave();
  return {
    student: who,
    ...staff,
    paths: {
      preview: first(sales, link(LESSONS[0], `/courses/${COURSE.slug}/lessons`)),
      lesson,
      lastLesson: first(outline, link(LESSONS[2], `/learn/${COURSE.slug}/lessons`)),
      test,
      graded,
      waiting,
      running,
      person,
      questions,
      thread,
      announcement,
      byQuestion,
      editCourse,
      editLesson,
      editTest,
      editQuestion,
      work,
      desk,
      editWork,
      order,
      sandbox,
      adminOrder: `/admin${order}`,
    },
  };
}
