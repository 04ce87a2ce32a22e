-- When a lesson is open (docs/decisions/0009-sequence.md): the author's rules in a course version, what staff opened for one person,
-- who was told that a lesson opened; and what completes a lesson with a video.

alter table course_version_modules
    add column opens text not null default 'at_once' constraint course_version_modules_opens_check check (opens in
        ('at_once', 'on_date', 'after_days', 'after_previous', 'after_tests', 'after_sent', 'after_accepted')),
    add column opens_at timestamptz,
    add column opens_after_days integer constraint course_version_modules_after_days_range_check check (opens_after_days between 0 and 3650),
    add constraint course_version_modules_opens_at_check check ((opens = 'on_date') = (opens_at is not null)),
    add constraint course_version_modules_after_days_check check ((opens = 'after_days') = (opens_after_days is not null));
alter table course_version_lessons
    add column opens text not null default 'at_once' constraint course_version_lessons_opens_check check (opens in
        ('at_once', 'on_date', 'after_days', 'after_previous', 'after_tests', 'after_sent', 'after_accepted')),
    add column opens_at timestamptz,
    add column opens_after_days integer constraint course_version_lessons_after_days_range_check check (opens_after_days between 0 and 3650),
    -- Per cent of the lesson's video that must be watched; 0 asks for nothing.
    add column video_share integer not null default 0 constraint course_version_lessons_video_share_check check (video_share between 0 and 100),
    add constraint course_version_lessons_opens_at_check check ((opens = 'on_date') = (opens_at is not null)),
    add constraint course_version_lessons_after_days_check check ((opens = 'after_days') = (opens_after_days is not null));

-- How long the lesson's video is; without one it has none.
alter table lesson_versions add column video_seconds integer constraint lesson_versions_video_seconds_check check (video_seconds > 0);

-- `opened_at`: the learner was in the lesson, or could be, while its rules let them in; it does not close again.
-- `video_position_at`: when the player was there, by the learner's clock.
alter table lesson_progress add column opened_at timestamptz, add column video_position_at timestamptz;
update lesson_progress set opened_at = first_visited_at;

-- The version whose changes the learner does not want to take in now.
alter table course_enrollments add column declined_version_id uuid
    constraint course_enrollments_declined_version_fkey references course_versions (id) on delete set null;
create index course_enrollments_declined_version_idx on course_enrollments (declined_version_id);

create table lesson_openings (
    id uuid primary key,
    enrollment_id uuid not null constraint lesson_openings_enrollment_id_fkey references course_enrollments (id) on delete cascade,
    lesson_id uuid not null constraint lesson_openings_lesson_id_fkey references lessons (id) on delete cascade,
    opened_by uuid constraint lesson_openings_opened_by_fkey references users (id) on delete restrict,
    reason text not null,
    created_at timestamptz not null,
    constraint lesson_openings_enrollment_lesson_unique unique (enrollment_id, lesson_id)
);
create index lesson_openings_lesson_id_idx on lesson_openings (lesson_id);
create index lesson_openings_opened_by_idx on lesson_openings (opened_by);

-- Lessons whose moment came, once each: the learner was told, or needed not to be.
create table lesson_opening_news (
    enrollment_id uuid not null constraint lesson_opening_news_enrollment_id_fkey references course_enrollments (id) on delete cascade,
    lesson_id uuid not null constraint lesson_opening_news_lesson_id_fkey references lessons (id) on delete cascade,
    settled_at timestamptz not null,
    constraint lesson_opening_news_pkey primary key (enrollment_id, lesson_id)
);
create index lesson_opening_news_lesson_id_idx on lesson_opening_news (lesson_id);
