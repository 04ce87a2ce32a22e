-- Courses and what they consist of: identity in the source document's tables, content in immutable versions
-- (docs/decisions/0002-versions.md). `*.published_version_id` names what learners see.

create table courses (
    id uuid primary key,
    slug text not null constraint courses_slug_unique unique
        constraint courses_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and slug not in ('tests', 'attempts', 'assignments')),
    title text not null,
    status text not null default 'draft' constraint courses_status_check check (status in ('draft', 'published', 'archived')),
    price numeric(12, 2) not null default 0 constraint courses_price_check check (price >= 0),
    currency char(3) not null default 'RUB',
    review_hours integer not null default 24 constraint courses_review_hours_check check (review_hours > 0),
    position integer not null default 0,
    published_version_id uuid,
    is_demo boolean not null default false,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index courses_status_idx on courses (status, position);

create table course_versions (
    id uuid primary key,
    course_id uuid not null constraint course_versions_course_id_fkey references courses (id) on delete cascade,
    number integer not null,
    state text not null constraint course_versions_state_check check (state in ('draft', 'published')),
    title text not null,
    summary text not null default '',
    audience text not null default '',
    outcomes text[] not null default '{}',
    description_md text not null default '',
    description_html text not null default '',
    renderer_version integer not null default 1,
    curator_note text not null default '',
    cover text not null default '',
    faq jsonb not null default '[]',
    created_at timestamptz not null,
    published_at timestamptz,
    published_by uuid constraint course_versions_published_by_fkey references users (id) on delete restrict,
    constraint course_versions_course_id_number_unique unique (course_id, number),
    constraint course_versions_published_check check ((state = 'published') = (published_at is not null))
);
create unique index course_versions_one_draft_idx on course_versions (course_id) where state = 'draft';
create index course_versions_published_by_idx on course_versions (published_by);
alter table courses add constraint courses_published_version_id_fkey
    foreign key (published_version_id) references course_versions (id) on delete restrict;
create index courses_published_version_id_idx on courses (published_version_id);

create table modules (
    id uuid primary key,
    course_id uuid not null constraint modules_course_id_fkey references courses (id) on delete cascade,
    title text not null,
    position integer not null,
    state text not null default 'active' constraint modules_state_check check (state in ('active', 'archived')),
    created_at timestamptz not null
);
create index modules_course_id_idx on modules (course_id, position);

create table lessons (
    id uuid primary key,
    module_id uuid not null constraint lessons_module_id_fkey references modules (id) on delete cascade,
    slug text not null,
    title text not null,
    position integer not null,
    state text not null default 'active' constraint lessons_state_check check (state in ('active', 'archived')),
    published_version_id uuid,
    created_at timestamptz not null
);
create index lessons_module_id_idx on lessons (module_id, position);

create table lesson_versions (
    id uuid primary key,
    lesson_id uuid not null constraint lesson_versions_lesson_id_fkey references lessons (id) on delete cascade,
    number integer not null,
    title text not null,
    summary text not null default '',
    minutes integer not null default 0 constraint lesson_versions_minutes_check check (minutes >= 0),
    content_md text not null default '',
    content_html text not null default '',
    renderer_version integer not null default 1,
    created_at timestamptz not null,
    published_at timestamptz,
    constraint lesson_versions_lesson_id_number_unique unique (lesson_id, number)
);
alter table lessons add constraint lessons_published_version_id_fkey
    foreign key (published_version_id) references lesson_versions (id) on delete restrict;
create index lessons_published_version_id_idx on lessons (published_version_id);

-- The outline of a course version: what an enrolment that follows it has to do (progress.md P3, P4).
create table course_version_modules (
    course_version_id uuid not null constraint course_version_modules_version_fkey references course_versions (id) on delete cascade,
    module_id uuid not null constraint course_version_modules_module_id_fkey references modules (id) on delete cascade,
    position integer not null,
    title text not null,
    constraint course_version_modules_pkey primary key (course_version_id, module_id)
);
create index course_version_modules_module_id_idx on course_version_modules (module_id);

create table course_version_lessons (
    course_version_id uuid not null constraint course_version_lessons_version_fkey references course_versions (id) on delete cascade,
    lesson_id uuid not null constraint course_version_lessons_lesson_id_fkey references lessons (id) on delete cascade,
    module_id uuid not null constraint course_version_lessons_module_id_fkey references modules (id) on delete cascade,
    position integer not null,
    is_required boolean not null default true,
    is_preview boolean not null default false,
    constraint course_version_lessons_pkey primary key (course_version_id, lesson_id)
);
create index course_version_lessons_lesson_id_idx on course_version_lessons (lesson_id);
create index course_version_lessons_module_id_idx on course_version_lessons (module_id);

create table tests (
    id uuid primary key,
    lesson_id uuid not null constraint tests_lesson_id_fkey references lessons (id) on delete cascade,
    title text not null,
    position integer not null default 1,
    state text not null default 'active' constraint tests_state_check check (state in ('active', 'archived')),
    published_version_id uuid,
    created_at timestamptz not null
);
create index tests_lesson_id_idx on tests (lesson_id, position);

create table test_versions (
    id uuid primary key,
    test_id uuid not null constraint test_versions_test_id_fkey references tests (id) on delete cascade,
    number integer not null,
    title text not null,
    intro_md text not null default '',
    intro_html text not null default '',
    renderer_version integer not null default 1,
    pass_percent numeric(5, 2) not null default 60 constraint test_versions_pass_percent_check check (pass_percent between 0 and 100),
    attempts_allowed integer constraint test_versions_attempts_allowed_check check (attempts_allowed > 0),
    time_limit_seconds integer constraint test_versions_time_limit_check check (time_limit_seconds > 0),
    shuffle_questions boolean not null default false,
    shuffle_answers boolean not null default true,
    counts text not null default 'best' constraint test_versions_counts_check check (counts in ('best', 'last', 'first', 'average')),
    shows_score boolean not null default true,
    shows_right_answers boolean not null default true,
    created_at timestamptz not null,
    published_at timestamptz,
    constraint test_versions_test_id_number_unique unique (test_id, number)
);
alter table tests add constraint tests_published_version_id_fkey
    foreign key (published_version_id) references test_versions (id) on delete restrict;
create index tests_published_version_id_idx on tests (published_version_id);

-- Which tests and assignments a lesson of this course version needs before it is complete.
create table course_version_tests (
    course_version_id uuid not null constraint course_version_tests_version_fkey references course_versions (id) on delete cascade,
    test_id uuid not null constraint course_version_tests_test_id_fkey references tests (id) on delete cascade,
    must_pass boolean not null default true,
    constraint course_version_tests_pkey primary key (course_version_id, test_id)
);
create index course_version_tests_test_id_idx on course_version_tests (test_id);

-- A question belongs to its course's bank; several tests may use it.
create table questions (
    id uuid primary key,
    course_id uuid not null constraint questions_course_id_fkey references courses (id) on delete cascade,
    kind text not null constraint questions_kind_check check (kind in
        ('single_choice', 'multiple_choice', 'short_text', 'number', 'matching', 'ordering', 'gaps', 'open')),
    state text not null default 'active' constraint questions_state_check check (state in ('active', 'archived')),
    published_version_id uuid,
    created_at timestamptz not null
);
create index questions_course_id_idx on questions (course_id);

create table question_versions (
    id uuid primary key,
    question_id uuid not null constraint question_versions_question_id_fkey references questions (id) on delete cascade,
    number integer not null,
    prompt_md text not null,
    prompt_html text not null,
    explanation_md text not null default '',
    explanation_html text not null default '',
    model_answer_md text not null default '',
    model_answer_html text not null default '',
    renderer_version integer not null default 1,
    all_or_nothing boolean not null default false,
    settings jsonb not null default '{}',
    created_at timestamptz not null,
    constraint question_versions_question_id_number_unique unique (question_id, number)
);
alter table questions add constraint questions_published_version_id_fkey
    foreign key (published_version_id) references question_versions (id) on delete restrict;
create index questions_published_version_id_idx on questions (published_version_id);

create table answers (
    id uuid primary key,
    question_id uuid not null constraint answers_question_id_fkey references questions (id) on delete cascade,
    question_version_id uuid not null constraint answers_question_version_id_fkey references question_versions (id) on delete cascade,
    position integer not null,
    content_md text not null,
    content_html text not null,
    is_correct boolean not null default false,
    remark_md text not null default '',
    remark_html text not null default '',
    constraint answers_version_position_unique unique (question_version_id, position)
);
create index answers_question_id_idx on answers (question_id);

create table test_version_questions (
    test_version_id uuid not null constraint test_version_questions_version_fkey references test_versions (id) on delete cascade,
    question_id uuid not null constraint test_version_questions_question_id_fkey references questions (id) on delete cascade,
    position integer not null,
    weight integer not null default 1 constraint test_version_questions_weight_check check (weight between 1 and 1000),
    constraint test_version_questions_pkey primary key (test_version_id, question_id)
);
create index test_version_questions_question_id_idx on test_version_questions (question_id);

create table assignments (
    id uuid primary key,
    lesson_id uuid not null constraint assignments_lesson_id_fkey references lessons (id) on delete cascade,
    title text not null,
    position integer not null default 1,
    state text not null default 'active' constraint assignments_state_check check (state in ('active', 'archived')),
    published_version_id uuid,
    created_at timestamptz not null
);
create index assignments_lesson_id_idx on assignments (lesson_id, position);

create table assignment_versions (
    id uuid primary key,
    assignment_id uuid not null constraint assignment_versions_assignment_id_fkey references assignments (id) on delete cascade,
    number integer not null,
    title text not null,
    task_md text not null default '',
    task_html text not null default '',
    renderer_version integer not null default 1,
    created_at timestamptz not null,
    published_at timestamptz,
    constraint assignment_versions_assignment_id_number_unique unique (assignment_id, number)
);
alter table assignments add constraint assignments_published_version_id_fkey
    foreign key (published_version_id) references assignment_versions (id) on delete restrict;
create index assignments_published_version_id_idx on assignments (published_version_id);

create table course_version_assignments (
    course_version_id uuid not null constraint course_version_assignments_version_fkey references course_versions (id) on delete cascade,
    assignment_id uuid not null constraint course_version_assignments_assignment_fkey references assignments (id) on delete cascade,
    requires text not null default 'nothing' constraint course_version_assignments_requires_check
        check (requires in ('nothing', 'sent', 'accepted')),
    constraint course_version_assignments_pkey primary key (course_version_id, assignment_id)
);
create index course_version_assignments_assignment_id_idx on course_version_assignments (assignment_id);
