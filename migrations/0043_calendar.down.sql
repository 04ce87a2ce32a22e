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
            select jsonb_agg(jsonb_build_object('id', a.test_id, 'is_passed', a.is_passed, 'waits_since', a.waits_since))
            from (
                select x.test_id,
                       coalesce((select s.is_passed from test_standings s where s.test_id = x.test_id and s.user_id = learner_id), false) as is_passed,
                       min(x.finished_at) filter (where x.state = 'needs_review') as waits_since
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

drop view waiting_answers;
create view waiting_answers as
select a.id as attempt_id, a.test_id, a.user_id, a.enrollment_id, a.finished_at, aq.question_id
from test_attempts a
join test_attempt_questions aq on aq.attempt_id = a.id
join questions q on q.id = aq.question_id and q.kind = 'open'
left join test_answers x on x.attempt_id = aq.attempt_id and x.question_id = aq.question_id
where a.state = 'needs_review' and x.score_numerator is null
  and not exists (select from key_corrections k where k.question_version_id = aq.question_version_id and k.is_current);

drop index test_attempts_needs_review_idx;
create index test_attempts_needs_review_idx on test_attempts (finished_at) where state = 'needs_review';
alter table test_attempts
    drop constraint test_attempts_review_due_at_check,
    drop column review_due_at;
alter table review_calendar
    alter column opens set default '{0,0,0,0,0,0,0}',
    alter column closes set default '{1440,1440,1440,1440,1440,1440,1440}';
update review_calendar set opens = default, closes = default
where opens = '{600,600,600,600,600,0,0}' and closes = '{1140,1140,1140,1140,1140,0,0}';
drop table review_working_days;
