-- The small school of the tests; the names of these rows stand in school.rs.

insert into users (id, email, full_name, role, created_at, updated_at, email_confirmed_at)
select ('0190a000-0000-7000-8000-' || lpad(id, 12, '0'))::uuid, email, full_name, role, '2026-01-10 08:00Z', '2026-01-10 08:00Z', '2026-01-10 08:00Z'
from (values ('a1', 'admin@school.test', 'Ольга Крылова', 'admin'),
             ('c1', 'curator@school.test', 'Павел Градов', 'curator'),
             ('c2', 'stranger@school.test', 'Нина Чужова', 'curator'),
             ('51', 'student@school.test', 'Анна Белова', 'student'),
             ('52', 'other@school.test', 'Игорь Соседов', 'student')) as u (id, email, full_name, role);

create function pg_temp.id(tail text) returns uuid language sql as $$ select ('0190a000-0000-7000-8000-' || lpad(tail, 12, '0'))::uuid $$;

insert into courses (id, slug, title, status, price, position, created_at, updated_at) values
    (pg_temp.id('c001'), 'light', 'Свет', 'draft', 19900, 1, '2026-01-10Z', '2026-01-10Z'),
    (pg_temp.id('c002'), 'print', 'Печать', 'draft', 49900, 2, '2026-01-10Z', '2026-01-10Z');
insert into course_versions (id, course_id, number, state, title, summary, created_at, published_at) values
    (pg_temp.id('c0e1'), pg_temp.id('c001'), 1, 'published', 'Свет', 'О свете', '2026-01-10Z', '2026-01-10Z'),
    (pg_temp.id('c0e2'), pg_temp.id('c002'), 1, 'published', 'Печать', 'О печати', '2026-01-10Z', '2026-01-10Z');
update courses set status = 'published', published_version_id = pg_temp.id(case slug when 'light' then 'c0e1' else 'c0e2' end);
insert into offers (id, name, price_minor, currency, created_at) values
    (pg_temp.id('af01'), 'С разбором', 1990000, 'RUB', '2026-01-10Z'), (pg_temp.id('af02'), 'С разбором', 4990000, 'RUB', '2026-01-10Z');
insert into offer_items (id, offer_id, course_id) values
    (pg_temp.id('af11'), pg_temp.id('af01'), pg_temp.id('c001')), (pg_temp.id('af12'), pg_temp.id('af02'), pg_temp.id('c002'));

insert into modules (id, course_id, title, position, created_at) values
    (pg_temp.id('d001'), pg_temp.id('c001'), 'Окно', 1, '2026-01-10Z'),
    (pg_temp.id('d002'), pg_temp.id('c001'), 'Лампы', 2, '2026-01-10Z'),
    (pg_temp.id('d003'), pg_temp.id('c002'), 'Бумага', 1, '2026-01-10Z');
insert into course_version_modules (course_version_id, module_id, position, title)
select v.id, m.id, m.position, m.title from modules m join course_versions v on v.course_id = m.course_id;
insert into lessons (id, module_id, slug, title, position, created_at) values
    (pg_temp.id('e001'), pg_temp.id('d001'), 'one', 'Первый урок', 1, '2026-01-10Z'),
    (pg_temp.id('e002'), pg_temp.id('d001'), 'two', 'Второй урок', 2, '2026-01-10Z'),
    (pg_temp.id('e003'), pg_temp.id('d002'), 'three', 'Третий урок', 1, '2026-01-10Z'),
    (pg_temp.id('e004'), pg_temp.id('d002'), 'four', 'Лишний урок', 2, '2026-01-10Z'),
    (pg_temp.id('e005'), pg_temp.id('d003'), 'paper', 'Урок о бумаге', 1, '2026-01-10Z');
insert into lesson_versions (id, lesson_id, number, title, summary, minutes, content_md, content_html, created_at, published_at)
select pg_temp.id('ee' || right(id::text, 2)), id, 1, title, 'Кратко', 10, title, '<p>Текст: ' || title || '</p>', created_at, created_at from lessons;
update lessons set published_version_id = pg_temp.id('ee' || right(id::text, 2));
insert into course_version_lessons (course_version_id, lesson_id, module_id, position, is_required, is_preview)
select v.id, l.id, m.id, l.position, l.slug <> 'four', l.slug = 'one'
from lessons l join modules m on m.id = l.module_id join course_versions v on v.course_id = m.course_id;

insert into tests (id, lesson_id, title, created_at) values
    (pg_temp.id('7001'), pg_temp.id('e002'), 'Проверка света', '2026-01-10Z'),
    (pg_temp.id('7002'), pg_temp.id('e003'), 'Проверка на время', '2026-01-10Z'),
    (pg_temp.id('7003'), pg_temp.id('e005'), 'Проверка бумаги', '2026-01-10Z');
insert into test_versions (id, test_id, number, title, pass_percent, attempts_allowed, time_limit_seconds, created_at, published_at) values
    (pg_temp.id('7e01'), pg_temp.id('7001'), 1, 'Проверка света', 60, 2, null, '2026-01-10Z', '2026-01-10Z'),
    (pg_temp.id('7e02'), pg_temp.id('7002'), 1, 'Проверка на время', 60, null, 600, '2026-01-10Z', '2026-01-10Z'),
    (pg_temp.id('7e03'), pg_temp.id('7003'), 1, 'Проверка бумаги', 60, null, null, '2026-01-10Z', '2026-01-10Z');
update tests set published_version_id = pg_temp.id('7e' || right(id::text, 2));
insert into course_version_tests (course_version_id, test_id, must_pass) values
    (pg_temp.id('c0e1'), pg_temp.id('7001'), true), (pg_temp.id('c0e1'), pg_temp.id('7002'), false), (pg_temp.id('c0e2'), pg_temp.id('7003'), true);

insert into questions (id, course_id, kind, created_at) values
    (pg_temp.id('9001'), pg_temp.id('c001'), 'single_choice', '2026-01-10Z'),
    (pg_temp.id('9002'), pg_temp.id('c001'), 'multiple_choice', '2026-01-10Z'),
    (pg_temp.id('9003'), pg_temp.id('c001'), 'open', '2026-01-10Z'),
    (pg_temp.id('9004'), pg_temp.id('c001'), 'single_choice', '2026-01-10Z'),
    (pg_temp.id('9005'), pg_temp.id('c002'), 'single_choice', '2026-01-10Z');
insert into question_versions (id, question_id, number, prompt_md, prompt_html, explanation_md, explanation_html, model_answer_md, model_answer_html, created_at)
select pg_temp.id('9e' || right(id::text, 2)), id, 1, 'Вопрос', '<p>Вопрос ' || right(id::text, 1) || '</p>', 'SECRET explanation',
       '<p>SECRET explanation</p>', 'SECRET model answer', '<p>SECRET model answer</p>', created_at from questions;
update questions set published_version_id = pg_temp.id('9e' || right(id::text, 2));
insert into test_version_questions (test_version_id, question_id, position, weight) values
    (pg_temp.id('7e01'), pg_temp.id('9001'), 1, 1), (pg_temp.id('7e01'), pg_temp.id('9002'), 2, 2), (pg_temp.id('7e01'), pg_temp.id('9003'), 3, 3),
    (pg_temp.id('7e02'), pg_temp.id('9004'), 1, 1), (pg_temp.id('7e03'), pg_temp.id('9005'), 1, 1);
insert into answers (id, question_id, question_version_id, position, content_md, content_html, is_correct, remark_md, remark_html)
select pg_temp.id(a.id), pg_temp.id('900' || substr(a.id, 3, 1)), pg_temp.id('9e0' || substr(a.id, 3, 1)), substr(a.id, 4, 1)::int,
       'Вариант ' || a.id, 'Вариант ' || a.id, a.is_correct, 'SECRET remark', 'SECRET remark'
from (values ('b011', true), ('b012', false), ('b013', false), ('b021', true), ('b022', true), ('b023', false), ('b024', false),
             ('b041', true), ('b042', false), ('b051', true), ('b052', false)) as a (id, is_correct);

insert into course_curators (course_id, user_id, created_at) values
    (pg_temp.id('c001'), pg_temp.id('c1'), '2026-01-10Z'), (pg_temp.id('c002'), pg_temp.id('c2'), '2026-01-10Z');
insert into course_enrollments (id, user_id, course_id, course_version_id, starts_at, created_at, updated_at) values
    (pg_temp.id('f001'), pg_temp.id('51'), pg_temp.id('c001'), pg_temp.id('c0e1'), '2026-02-01Z', '2026-02-01Z', '2026-02-01Z'),
    (pg_temp.id('f002'), pg_temp.id('52'), pg_temp.id('c002'), pg_temp.id('c0e2'), '2026-02-01Z', '2026-02-01Z', '2026-02-01Z');
insert into course_progress (user_id, course_id, enrollment_id, required_lessons, started_at, updated_at)
select user_id, course_id, id, case when course_id = pg_temp.id('c001') then 3 else 1 end, starts_at, starts_at from course_enrollments;
-- It works round the clock, so that tests count hours as clocks do; the calendar has tests of its own.
update review_calendar set opens = '{0,0,0,0,0,0,0}', closes = '{1440,1440,1440,1440,1440,1440,1440}';
