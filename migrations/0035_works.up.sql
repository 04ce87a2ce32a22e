-- Works on assignments: rounds that stay as they were handed in, remarks tied to a place, one holder at a time, the school's calendar.

alter table assignment_versions
    add column takes_text boolean not null default true,
    add column takes_photos boolean not null default true,
    add column takes_files boolean not null default false,
    add column takes_links boolean not null default false,
    -- From the beginning of a work to its soft date; without, there is none.
    add column days integer constraint assignment_versions_days_check check (days between 1 and 365),
    add column rounds integer constraint assignment_versions_rounds_check check (rounds between 1 and 20),
    add column mark text not null default 'none' constraint assignment_versions_mark_check check (mark in ('none', 'pass', 'points')),
    add column max_points integer not null default 10 constraint assignment_versions_max_points_check check (max_points between 1 and 1000),
    -- Days after the soft date in which a work is still taken, what each of them costs, and the share of the mark that always stays.
    add column late_days integer not null default 0 constraint assignment_versions_late_days_check check (late_days between 0 and 365),
    add column late_percent integer not null default 0 constraint assignment_versions_late_percent_check check (late_percent between 0 and 100),
    add column late_floor integer not null default 0 constraint assignment_versions_late_floor_check check (late_floor between 0 and 100),
    add constraint assignment_versions_takes_check check (takes_text or takes_photos or takes_files or takes_links);
create unique index assignment_versions_one_draft_idx on assignment_versions (assignment_id) where published_at is null;

alter table assignment_submissions
    add column round integer not null default 1 constraint assignment_submissions_round_check check (round > 0),
    -- The soft date of the round that is written.
    add column learner_due_at timestamptz,
    -- How many days were given last: one may ask for as many again, once.
    add column days integer constraint assignment_submissions_days_check check (days > 0),
    add column extended_at timestamptz,
    add column verdict_at timestamptz,
    -- Of the last return, reopening or refusal.
    add column reason text not null default '' constraint assignment_submissions_reason_check check (char_length(reason) <= 5000),
    add column deduction_numerator bigint,
    add column deduction_denominator bigint constraint assignment_submissions_deduction_denominator_check check (deduction_denominator > 0);
create index assignment_submissions_waiting_idx on assignment_submissions (due_at, id) where state in ('submitted', 'in_review');
create index assignment_submissions_expiring_idx on assignment_submissions (learner_due_at) where state in ('draft', 'returned');

create table assignment_rounds (
    id uuid not null constraint assignment_rounds_pkey primary key,
    submission_id uuid not null constraint assignment_rounds_submission_id_fkey references assignment_submissions (id) on delete cascade,
    number integer not null constraint assignment_rounds_number_check check (number > 0),
    assignment_version_id uuid not null constraint assignment_rounds_version_fkey references assignment_versions (id) on delete restrict,
    text_md text not null default '',
    text_html text not null default '',
    links text[] not null default '{}',
    -- Of the last saving: a lower one never replaces it.
    sequence bigint not null default 0,
    created_at timestamptz not null,
    saved_at timestamptz not null,
    learner_due_at timestamptz,
    submitted_at timestamptz,
    due_at timestamptz,
    verdict text constraint assignment_rounds_verdict_check check (verdict in ('accepted', 'returned', 'rejected')),
    verdict_at timestamptz,
    reviewer_id uuid constraint assignment_rounds_reviewer_id_fkey references users (id) on delete restrict,
    reason text not null default '',
    mark_numerator bigint,
    mark_denominator bigint constraint assignment_rounds_mark_denominator_check check (mark_denominator > 0),
    deduction_numerator bigint,
    deduction_denominator bigint constraint assignment_rounds_deduction_denominator_check check (deduction_denominator > 0),
    constraint assignment_rounds_submission_number_unique unique (submission_id, number),
    constraint assignment_rounds_submitted_check check ((submitted_at is null) = (due_at is null)),
    constraint assignment_rounds_judged_check check ((verdict is null) = (verdict_at is null) and (verdict is null or submitted_at is not null))
);
create index assignment_rounds_version_idx on assignment_rounds (assignment_version_id);
create index assignment_rounds_reviewer_id_idx on assignment_rounds (reviewer_id);

create table assignment_round_files (
    round_id uuid not null constraint assignment_round_files_round_id_fkey references assignment_rounds (id) on delete cascade,
    file_id uuid not null constraint assignment_round_files_file_id_fkey references files (id) on delete restrict,
    kind text not null constraint assignment_round_files_kind_check check (kind in ('photo', 'file')),
    position integer not null,
    constraint assignment_round_files_pkey primary key (round_id, file_id)
);
create index assignment_round_files_file_id_idx on assignment_round_files (file_id);

create table assignment_remarks (
    id uuid not null constraint assignment_remarks_pkey primary key,
    round_id uuid not null constraint assignment_remarks_round_id_fkey references assignment_rounds (id) on delete cascade,
    author_id uuid not null constraint assignment_remarks_author_id_fkey references users (id) on delete restrict,
    kind text not null constraint assignment_remarks_kind_check check (kind in ('must_fix', 'suggestion', 'praise', 'staff_only')),
    place text not null constraint assignment_remarks_place_check check (place in ('work', 'text', 'file', 'point', 'box', 'line')),
    file_id uuid,
    -- In ten-thousandths of the picture's width and height: x, y of a point; x, y, width, height of a box; x, y, x, y, … of a line.
    points integer[] not null default '{}',
    body text not null constraint assignment_remarks_body_check check (body <> '' and char_length(body) <= 5000),
    created_at timestamptz not null,
    published_at timestamptz,
    done_at timestamptz,
    done_note text not null default '' constraint assignment_remarks_done_note_check check (char_length(done_note) <= 1000),
    constraint assignment_remarks_round_file_fkey foreign key (round_id, file_id) references assignment_round_files (round_id, file_id) on delete cascade,
    constraint assignment_remarks_file_check check ((place in ('work', 'text')) = (file_id is null)),
    constraint assignment_remarks_points_check check (0 <= all (points) and 10000 >= all (points) and case place
        when 'point' then cardinality(points) = 2
        when 'box' then cardinality(points) = 4
        when 'line' then cardinality(points) between 4 and 400 and cardinality(points) % 2 = 0
        else cardinality(points) = 0 end),
    constraint assignment_remarks_done_check check (done_at is null or published_at is not null)
);
create index assignment_remarks_round_file_idx on assignment_remarks (round_id, file_id);
create index assignment_remarks_author_id_idx on assignment_remarks (author_id);

-- Who holds a work, until when. Taking one is a compare-and-set on this row.
create table assignment_holds (
    submission_id uuid not null constraint assignment_holds_submission_id_fkey references assignment_submissions (id) on delete cascade,
    curator_id uuid not null constraint assignment_holds_curator_id_fkey references users (id) on delete restrict,
    taken_at timestamptz not null,
    held_until timestamptz not null,
    constraint assignment_holds_pkey primary key (submission_id)
);
create index assignment_holds_curator_id_idx on assignment_holds (curator_id);
create index assignment_holds_held_until_idx on assignment_holds (held_until);

create table assignment_reminders (
    round_id uuid not null constraint assignment_reminders_round_id_fkey references assignment_rounds (id) on delete cascade,
    kind text not null constraint assignment_reminders_kind_check check (kind in ('half_gone', 'due_soon', 'broken')),
    given_at timestamptz not null,
    constraint assignment_reminders_pkey primary key (round_id, kind)
);

-- A round is what it was when it was handed in. It may be withdrawn as it is, and judged once.
create function assignment_rounds_refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.submitted_at is not null then
            raise exception 'round % was handed in', old.id using errcode = 'insufficient_privilege';
        end if;
        return old;
    end if;
    if old.submitted_at is null then
        return new;
    end if;
    if old.verdict is not null
       or (new.id, new.submission_id, new.number, new.assignment_version_id, new.text_md, new.text_html, new.links, new.sequence, new.created_at,
           new.saved_at, new.learner_due_at)
          is distinct from
          (old.id, old.submission_id, old.number, old.assignment_version_id, old.text_md, old.text_html, old.links, old.sequence, old.created_at,
           old.saved_at, old.learner_due_at)
       or (new.submitted_at is not null and (new.submitted_at, new.due_at) is distinct from (old.submitted_at, old.due_at)) then
        raise exception 'round % was handed in', old.id using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
create trigger assignment_rounds_guard before update or delete on assignment_rounds
    for each row execute function assignment_rounds_refuse_change();

create function assignment_round_files_refuse_change() returns trigger language plpgsql as $$
begin
    if exists (select from assignment_rounds r where r.submitted_at is not null
               and r.id in (case when tg_op <> 'INSERT' then old.round_id end, case when tg_op <> 'DELETE' then new.round_id end)) then
        raise exception 'the round was handed in' using errcode = 'insufficient_privilege';
    end if;
    return coalesce(new, old);
end
$$;
create trigger assignment_round_files_guard before insert or update or delete on assignment_round_files
    for each row execute function assignment_round_files_refuse_change();

create function assignment_remarks_refuse_change() returns trigger language plpgsql as $$
begin
    if old.published_at is null then
        return coalesce(new, old);
    end if;
    if tg_op = 'DELETE'
       or (new.id, new.round_id, new.author_id, new.kind, new.place, new.file_id, new.points, new.body, new.created_at, new.published_at)
          is distinct from
          (old.id, old.round_id, old.author_id, old.kind, old.place, old.file_id, old.points, old.body, old.created_at, old.published_at) then
        raise exception 'remark % was given', old.id using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
create trigger assignment_remarks_guard before update or delete on assignment_remarks
    for each row execute function assignment_remarks_refuse_change();

-- The school's working hours, in minutes of the day, Monday first; a day whose hours begin and end at once has none.
create table review_calendar (
    is_only boolean not null default true constraint review_calendar_pkey primary key constraint review_calendar_is_only_check check (is_only),
    time_zone text not null default 'Europe/Moscow',
    opens integer[] not null default '{0,0,0,0,0,0,0}',
    closes integer[] not null default '{1440,1440,1440,1440,1440,1440,1440}',
    constraint review_calendar_hours_check check (cardinality(opens) = 7 and cardinality(closes) = 7
        and 0 <= all (opens) and 1440 >= all (opens) and 0 <= all (closes) and 1440 >= all (closes))
);
insert into review_calendar default values;
create table review_holidays (
    day date not null constraint review_holidays_pkey primary key
);

-- An upload is for a lesson's draft or for a work.
alter table uploads
    alter column lesson_id drop not null,
    add column submission_id uuid constraint uploads_submission_id_fkey references assignment_submissions (id) on delete cascade,
    add constraint uploads_place_check check ((lesson_id is null) <> (submission_id is null));
create index uploads_submission_id_idx on uploads (submission_id);
