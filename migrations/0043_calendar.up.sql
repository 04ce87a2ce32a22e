-- The school's calendar gets its page: working days besides the usual ones, and usual hours until somebody sets them. Tests keep the
-- moment that was promised, as works do, so that no change of the calendar moves it.

create table review_working_days (
    day date not null constraint review_working_days_pkey primary key,
    -- In minutes of the day.
    opens integer not null,
    closes integer not null,
    constraint review_working_days_hours_check check (0 <= opens and opens < closes and closes <= 1440)
);

-- There was no way to set the calendar until now: a school that stands as it was made gets the hours of a new one.
alter table review_calendar
    alter column opens set default '{600,600,600,600,600,0,0}',
    alter column closes set default '{1140,1140,1140,1140,1140,0,0}';
update review_calendar set opens = default, closes = default
where opens = '{0,0,0,0,0,0,0}' and closes = '{1440,1440,1440,1440,1440,1440,1440}';

-- What was promised until now was counted by the clock, and stays.
alter table test_attempts add column review_due_at timestamptz;
update test_attempts a set review_due_at = a.finished_at + make_interval(hours => c.review_hours)
from course_enrollments e join courses c on c.id = e.course_id
where e.id = a.enrollment_id and a.state in ('needs_review', 'graded');
alter table test_attempts add constraint test_attempts_review_due_at_check check (state <> 'needs_review' or review_due_at is not null);
drop index test_attempts_needs_review_idx;
create index test_attempts_needs_review_idx on test_attempts (review_due_at, id) where state = 'needs_review';

create or replace view waiting_answers as
select a.id as attempt_id, a.test_id, a.user_id, a.enrollment_id, a.finished_at, aq.question_id, a.review_due_at
from test_attempts a
join test_attempt_questions aq on aq.attempt_id = a.id
join questions q on q.id = aq.question_id and q.kind = 'open'
left join test_answers x on x.attempt_id = aq.attempt_id and x.question_id = aq.question_id
where a.state = 'needs_review' and x.score_numerator is null
  and not exists (select from key_corrections k where k.question_version_id = aq.question_version_id and k.is_current);

create or replace function learner_facts(version_id uuid, learner_id uuid, enrolled_as uuid) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'lessons', coalesce((
            select jsonb_agg(jsonb_build_object('id', p.lesson_id, 'state', p.state, 'is_marked', p.marked_read_at is not null,
                                                'was_open', p.opened_at is not null))
            from course_version_lessons l join lesson_progress p on p.lesson_id = l.lesson_id and p.user_id = learner_id
            where l.course_version_id = version_id
        ), '[]'),
        'openings', coalesce((select jsonb_agg(o.lesson_id) from lesson_openings o where o.enrollment_id = enrolled_as), '[]'),
        'tests', coalesce((
            select jsonb_agg(jsonb_build_object('id', a.test_id, 'is_passed', a.is_passed, 'promised_at', a.promised_at))
            from (
                select x.test_id,
                       coalesce((select s.is_passed from test_standings s where s.test_id = x.test_id and s.user_id = learner_id), false) as is_passed,
                       min(x.review_due_at) filter (where x.state = 'needs_review') as promised_at
                from test_attempts x join course_version_tests t on t.test_id = x.test_id and t.course_version_id = version_id
                where x.user_id = learner_id group by x.test_id
            ) a
        ), '[]'),
        'assignments', coalesce((
            select jsonb_agg(jsonb_build_object('id', s.assignment_id,
                       'is_sent', s.state in ('submitted', 'in_review', 'returned', 'accepted', 'rejected'), 'is_accepted', s.state = 'accepted',
                       'promised_at', case when s.state in ('submitted', 'in_review') then s.due_at end))
            from assignment_submissions s
            join course_version_assignments a on a.assignment_id = s.assignment_id and a.course_version_id = version_id
            where s.user_id = learner_id
        ), '[]')
    )
$$;
