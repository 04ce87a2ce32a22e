-- Who learns what, who looks after whom, and how far they are.

create table course_curators (
    course_id uuid not null constraint course_curators_course_id_fkey references courses (id) on delete cascade,
    user_id uuid not null constraint course_curators_user_id_fkey references users (id) on delete restrict,
    created_at timestamptz not null,
    constraint course_curators_pkey primary key (course_id, user_id)
);
create index course_curators_user_id_idx on course_curators (user_id);

create table course_groups (
    id uuid primary key,
    course_id uuid not null constraint course_groups_course_id_fkey references courses (id) on delete cascade,
    name text not null,
    starts_on date,
    curator_id uuid constraint course_groups_curator_id_fkey references users (id) on delete restrict,
    created_at timestamptz not null
);
create index course_groups_course_id_idx on course_groups (course_id);
create index course_groups_curator_id_idx on course_groups (curator_id);

create table course_enrollments (
    id uuid primary key,
    user_id uuid not null constraint course_enrollments_user_id_fkey references users (id) on delete restrict,
    course_id uuid not null constraint course_enrollments_course_id_fkey references courses (id) on delete restrict,
    course_version_id uuid not null constraint course_enrollments_version_fkey references course_versions (id) on delete restrict,
    offer_id uuid constraint course_enrollments_offer_id_fkey references offers (id) on delete restrict,
    order_line_id uuid constraint course_enrollments_order_line_id_fkey references order_lines (id) on delete restrict,
    granted_by uuid constraint course_enrollments_granted_by_fkey references users (id) on delete restrict,
    grant_reason text,
    group_id uuid constraint course_enrollments_group_id_fkey references course_groups (id) on delete restrict,
    curator_id uuid constraint course_enrollments_curator_id_fkey references users (id) on delete restrict,
    state text not null default 'active' constraint course_enrollments_state_check check (state in
        ('active', 'paused', 'expired', 'revoked', 'completed')),
    starts_at timestamptz not null,
    expires_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint course_enrollments_term_check check (expires_at is null or expires_at > starts_at)
);
create unique index course_enrollments_one_running_idx on course_enrollments (user_id, course_id)
    where state in ('active', 'paused', 'completed');
create index course_enrollments_course_id_idx on course_enrollments (course_id, state);
create index course_enrollments_version_idx on course_enrollments (course_version_id);
create index course_enrollments_offer_id_idx on course_enrollments (offer_id);
create index course_enrollments_order_line_id_idx on course_enrollments (order_line_id);
create index course_enrollments_granted_by_idx on course_enrollments (granted_by);
create index course_enrollments_group_id_idx on course_enrollments (group_id);
create index course_enrollments_curator_id_idx on course_enrollments (curator_id);

create table course_progress (
    user_id uuid not null constraint course_progress_user_id_fkey references users (id) on delete restrict,
    course_id uuid not null constraint course_progress_course_id_fkey references courses (id) on delete restrict,
    enrollment_id uuid not null constraint course_progress_enrollment_id_fkey references course_enrollments (id) on delete restrict,
    progress_percentage numeric(5, 2) not null default 0
        constraint course_progress_percentage_check check (progress_percentage between 0 and 100),
    completed_lessons integer not null default 0,
    required_lessons integer not null default 0,
    last_lesson_id uuid constraint course_progress_last_lesson_id_fkey references lessons (id) on delete set null,
    started_at timestamptz not null,
    completed_at timestamptz,
    updated_at timestamptz not null,
    constraint course_progress_pkey primary key (user_id, course_id)
);
create index course_progress_course_id_idx on course_progress (course_id);
create index course_progress_enrollment_id_idx on course_progress (enrollment_id);
create index course_progress_last_lesson_id_idx on course_progress (last_lesson_id);

create table lesson_progress (
    user_id uuid not null constraint lesson_progress_user_id_fkey references users (id) on delete restrict,
    lesson_id uuid not null constraint lesson_progress_lesson_id_fkey references lessons (id) on delete restrict,
    state text not null default 'not_started' constraint lesson_progress_state_check check (state in
        ('not_started', 'in_progress', 'completed')),
    first_visited_at timestamptz,
    last_visited_at timestamptz,
    marked_read_at timestamptz,
    video_position_seconds integer not null default 0,
    watched_ranges jsonb not null default '[]',
    completed_at timestamptz,
    completed_by text,
    constraint lesson_progress_pkey primary key (user_id, lesson_id),
    constraint lesson_progress_completed_check check ((state = 'completed') = (completed_at is not null))
);
create index lesson_progress_lesson_id_idx on lesson_progress (lesson_id);
