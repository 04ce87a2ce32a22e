-- All kinds of questions, what is shown when, exceptions, attempts taken back, the log of an attempt (tests.md T2, T7, T8, T11, T12).

-- What is asked and what is right, for the kinds that have no options in `answers` (quizzes/content.rs). Nothing used `settings`.
alter table question_versions
    drop column settings,
    add column name text not null default '',
    add column body jsonb,
    -- Not asked yet: it is when a test that holds its question is published.
    add column is_draft boolean not null default false;
create unique index question_versions_one_draft_idx on question_versions (question_id) where is_draft;
create unique index test_versions_one_draft_idx on test_versions (test_id) where published_at is null;
alter table questions add column tags text[] not null default '{}';
create index questions_tags_idx on questions using gin (tags);

-- How the items of such a question stand in an attempt: the author's index of each shown item.
alter table test_attempt_questions add column shown_order integer[] not null default '{}';

alter table test_versions
    add column closes_at timestamptz,
    add column show_score text not null default 'at_once'
        constraint test_versions_show_score_check check (show_score in ('at_once', 'attempts_used', 'after_closing', 'never')),
    add column show_answers text not null default 'at_once'
        constraint test_versions_show_answers_check check (show_answers in ('at_once', 'attempts_used', 'after_closing', 'never')),
    add column show_key text not null default 'attempts_used'
        constraint test_versions_show_key_check check (show_key in ('at_once', 'attempts_used', 'after_closing', 'never')),
    add column show_explanations text not null default 'attempts_used'
        constraint test_versions_show_explanations_check check (show_explanations in ('at_once', 'attempts_used', 'after_closing', 'never'));
update test_versions set show_score = 'never' where not shows_score;
update test_versions set show_key = 'never', show_explanations = 'never' where not shows_right_answers;
alter table test_versions drop column shows_score, drop column shows_right_answers;

-- More for one learner at one test. `closes_at` stands in for the test's.
create table test_exceptions (
    test_id uuid not null constraint test_exceptions_test_id_fkey references tests (id) on delete cascade,
    user_id uuid not null constraint test_exceptions_user_id_fkey references users (id) on delete restrict,
    extra_seconds integer not null default 0 constraint test_exceptions_extra_seconds_check check (extra_seconds between 0 and 604800),
    extra_attempts integer not null default 0 constraint test_exceptions_extra_attempts_check check (extra_attempts between 0 and 100),
    closes_at timestamptz,
    reason text not null constraint test_exceptions_reason_check check (reason <> ''),
    created_by uuid not null constraint test_exceptions_created_by_fkey references users (id) on delete restrict,
    created_at timestamptz not null,
    constraint test_exceptions_pkey primary key (test_id, user_id)
);
create index test_exceptions_user_id_idx on test_exceptions (user_id);
create index test_exceptions_created_by_idx on test_exceptions (created_by);

alter table test_attempts
    add column void_reason text,
    add column voided_at timestamptz,
    add column voided_by uuid constraint test_attempts_voided_by_fkey references users (id) on delete restrict;
update test_attempts set voided_at = coalesce(finished_at, started_at) where state = 'voided';
alter table test_attempts add constraint test_attempts_voided_check check ((state = 'voided') = (voided_at is not null));
create index test_attempts_voided_by_idx on test_attempts (voided_by);
