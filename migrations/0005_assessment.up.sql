-- Attempts at tests and works on assignments. Scores are exact fractions: numerator and denominator.

create table test_attempts (
    id uuid primary key,
    test_id uuid not null constraint test_attempts_test_id_fkey references tests (id) on delete restrict,
    test_version_id uuid not null constraint test_attempts_test_version_id_fkey references test_versions (id) on delete restrict,
    user_id uuid not null constraint test_attempts_user_id_fkey references users (id) on delete restrict,
    enrollment_id uuid not null constraint test_attempts_enrollment_id_fkey references course_enrollments (id) on delete restrict,
    number integer not null,
    state text not null default 'in_progress' constraint test_attempts_state_check check (state in
        ('in_progress', 'submitted', 'needs_review', 'graded', 'expired', 'voided')),
    started_at timestamptz not null,
    ends_at timestamptz,
    finished_at timestamptz,
    graded_at timestamptz,
    max_points integer not null,
    machine_points_numerator bigint,
    machine_points_denominator bigint constraint test_attempts_machine_denominator_check check (machine_points_denominator > 0),
    points_numerator bigint,
    points_denominator bigint constraint test_attempts_points_denominator_check check (points_denominator > 0),
    is_passed boolean,
    constraint test_attempts_test_user_number_unique unique (test_id, user_id, number)
);
-- One running attempt per learner and test.
create unique index test_attempts_one_running_idx on test_attempts (test_id, user_id) where state = 'in_progress';
create index test_attempts_user_id_idx on test_attempts (user_id, started_at desc);
create index test_attempts_test_version_id_idx on test_attempts (test_version_id);
create index test_attempts_enrollment_id_idx on test_attempts (enrollment_id);
create index test_attempts_needs_review_idx on test_attempts (finished_at) where state = 'needs_review';
create index test_attempts_due_idx on test_attempts (ends_at) where state = 'in_progress';

-- The questions of an attempt as they stood at its start, and the order in which they are shown (tests.md T1, T9).
create table test_attempt_questions (
    attempt_id uuid not null constraint test_attempt_questions_attempt_id_fkey references test_attempts (id) on delete cascade,
    question_id uuid not null constraint test_attempt_questions_question_id_fkey references questions (id) on delete restrict,
    question_version_id uuid not null constraint test_attempt_questions_version_fkey references question_versions (id) on delete restrict,
    position integer not null,
    weight integer not null,
    answer_order uuid[] not null default '{}',
    constraint test_attempt_questions_pkey primary key (attempt_id, question_id),
    constraint test_attempt_questions_position_unique unique (attempt_id, position)
);
create index test_attempt_questions_question_id_idx on test_attempt_questions (question_id);
create index test_attempt_questions_version_idx on test_attempt_questions (question_version_id);

create table test_answers (
    id uuid primary key,
    attempt_id uuid not null,
    question_id uuid not null,
    sequence bigint not null constraint test_answers_sequence_check check (sequence >= 0),
    value jsonb not null,
    saved_at timestamptz not null,
    score_numerator bigint,
    score_denominator bigint constraint test_answers_score_denominator_check check (score_denominator > 0),
    scored_at timestamptz,
    scored_by uuid constraint test_answers_scored_by_fkey references users (id) on delete restrict,
    remark text not null default '',
    constraint test_answers_attempt_question_unique unique (attempt_id, question_id),
    constraint test_answers_attempt_question_fkey foreign key (attempt_id, question_id)
        references test_attempt_questions (attempt_id, question_id) on delete cascade,
    constraint test_answers_score_range_check check (score_numerator is null or (score_numerator between 0 and score_denominator))
);
create index test_answers_scored_by_idx on test_answers (scored_by);

-- One row per learner and assignment; rounds, parts and remarks are tables of their own, made with their issue.
create table assignment_submissions (
    id uuid primary key,
    assignment_id uuid not null constraint assignment_submissions_assignment_id_fkey references assignments (id) on delete restrict,
    assignment_version_id uuid not null constraint assignment_submissions_version_fkey references assignment_versions (id) on delete restrict,
    user_id uuid not null constraint assignment_submissions_user_id_fkey references users (id) on delete restrict,
    enrollment_id uuid not null constraint assignment_submissions_enrollment_id_fkey references course_enrollments (id) on delete restrict,
    state text not null default 'draft' constraint assignment_submissions_state_check check (state in
        ('draft', 'submitted', 'in_review', 'returned', 'accepted', 'rejected', 'expired')),
    owner_id uuid constraint assignment_submissions_owner_id_fkey references users (id) on delete restrict,
    submitted_at timestamptz,
    due_at timestamptz,
    mark_numerator bigint,
    mark_denominator bigint constraint assignment_submissions_mark_denominator_check check (mark_denominator > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint assignment_submissions_assignment_user_unique unique (assignment_id, user_id)
);
create index assignment_submissions_user_id_idx on assignment_submissions (user_id);
create index assignment_submissions_version_idx on assignment_submissions (assignment_version_id);
create index assignment_submissions_enrollment_id_idx on assignment_submissions (enrollment_id);
create index assignment_submissions_owner_id_idx on assignment_submissions (owner_id, due_at);
