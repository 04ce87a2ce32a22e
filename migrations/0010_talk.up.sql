-- Conversation under lessons, and announcements to a course or a group.

-- These words stand in addresses under /learn where a course's slug may stand.
alter table courses drop constraint courses_slug_check;
update courses set slug = slug || '-course' where slug in ('threads', 'announcements');
alter table courses add constraint courses_slug_check
    check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and slug not in ('tests', 'attempts', 'assignments', 'threads', 'announcements'));

create table talk_threads (
    id uuid primary key,
    course_id uuid not null constraint talk_threads_course_id_fkey references courses (id) on delete restrict,
    -- What it is about: a lesson, or one learner's work on an assignment of it.
    subject_type text not null constraint talk_threads_subject_type_check check (subject_type in ('lesson', 'submission')),
    lesson_id uuid not null constraint talk_threads_lesson_id_fkey references lessons (id) on delete restrict,
    submission_id uuid constraint talk_threads_submission_id_fkey references assignment_submissions (id) on delete restrict,
    author_id uuid not null constraint talk_threads_author_id_fkey references users (id) on delete restrict,
    -- Between its author and the staff of the course.
    is_private boolean not null,
    -- Since when its author waits for staff; counted from the posts after each change of them.
    waiting_since timestamptz,
    closed_at timestamptz,
    closed_by uuid constraint talk_threads_closed_by_fkey references users (id) on delete restrict,
    created_at timestamptz not null,
    constraint talk_threads_subject_check check ((subject_type = 'submission') = (submission_id is not null)),
    constraint talk_threads_closed_check check ((closed_at is null) = (closed_by is null))
);
create index talk_threads_lesson_id_idx on talk_threads (lesson_id, id);
create index talk_threads_course_id_idx on talk_threads (course_id);
create index talk_threads_submission_id_idx on talk_threads (submission_id);
create index talk_threads_author_id_idx on talk_threads (author_id);
create index talk_threads_closed_by_idx on talk_threads (closed_by);
create index talk_threads_waiting_idx on talk_threads (waiting_since, id) where waiting_since is not null;

create table talk_posts (
    id uuid primary key,
    thread_id uuid not null constraint talk_posts_thread_id_fkey references talk_threads (id) on delete cascade,
    -- Place in the thread; the question is number 1.
    number integer not null constraint talk_posts_number_check check (number > 0),
    author_id uuid not null constraint talk_posts_author_id_fkey references users (id) on delete restrict,
    -- Written as staff of the course.
    is_by_staff boolean not null,
    -- Answers the question: every reply of staff, and what staff marked.
    is_answer boolean not null,
    body_md text not null,
    body_html text not null,
    excerpt text not null,
    renderer_version integer not null,
    -- Made with the form, so that a double press writes once.
    form_key uuid not null,
    created_at timestamptz not null,
    edited_at timestamptz,
    -- A withdrawn text is gone.
    withdrawn_at timestamptz,
    hidden_at timestamptz,
    hidden_by uuid constraint talk_posts_hidden_by_fkey references users (id) on delete restrict,
    hidden_reason text,
    constraint talk_posts_number_unique unique (thread_id, number),
    constraint talk_posts_form_key_unique unique (author_id, form_key),
    constraint talk_posts_withdrawn_check check (withdrawn_at is null or (body_md = '' and body_html = '' and excerpt = '')),
    constraint talk_posts_hidden_check check ((hidden_at is null) = (hidden_by is null) and (hidden_at is null) = (hidden_reason is null))
);
create index talk_posts_hidden_by_idx on talk_posts (hidden_by);

-- Up to which post a person has seen a thread.
create table talk_reads (
    user_id uuid not null constraint talk_reads_user_id_fkey references users (id) on delete cascade,
    thread_id uuid not null constraint talk_reads_thread_id_fkey references talk_threads (id) on delete cascade,
    number integer not null,
    read_at timestamptz not null,
    constraint talk_reads_pkey primary key (user_id, thread_id)
);
create index talk_reads_thread_id_idx on talk_reads (thread_id);

create table announcements (
    id uuid primary key,
    course_id uuid not null constraint announcements_course_id_fkey references courses (id) on delete restrict,
    -- Of the course; without one it is for all who learn in the course.
    group_id uuid constraint announcements_group_id_fkey references course_groups (id) on delete restrict,
    author_id uuid not null constraint announcements_author_id_fkey references users (id) on delete restrict,
    title text not null,
    body_md text not null,
    body_html text not null,
    renderer_version integer not null,
    form_key uuid not null,
    published_at timestamptz not null,
    withdrawn_at timestamptz,
    withdrawn_by uuid constraint announcements_withdrawn_by_fkey references users (id) on delete restrict,
    constraint announcements_form_key_unique unique (author_id, form_key),
    constraint announcements_withdrawn_check check ((withdrawn_at is null) = (withdrawn_by is null))
);
create index announcements_course_id_idx on announcements (course_id, id);
create index announcements_group_id_idx on announcements (group_id);
create index announcements_withdrawn_by_idx on announcements (withdrawn_by);

-- Whom an announcement reached: who learned in the course or group at that moment.
create table announcement_recipients (
    announcement_id uuid not null constraint announcement_recipients_announcement_id_fkey references announcements (id) on delete cascade,
    user_id uuid not null constraint announcement_recipients_user_id_fkey references users (id) on delete restrict,
    read_at timestamptz,
    constraint announcement_recipients_pkey primary key (announcement_id, user_id)
);
create index announcement_recipients_user_id_idx on announcement_recipients (user_id, announcement_id);
