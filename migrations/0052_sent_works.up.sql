-- A work that was handed in once counts as sent, whatever became of it: the next round begins as a draft, and its date may pass.

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
                       'is_sent', exists (select from assignment_rounds r where r.submission_id = s.id and r.submitted_at is not null),
                       'is_accepted', s.state = 'accepted',
                       'promised_at', case when s.state in ('submitted', 'in_review') then s.due_at end))
            from assignment_submissions s
            join course_version_assignments a on a.assignment_id = s.assignment_id and a.course_version_id = version_id
            where s.user_id = learner_id
        ), '[]')
    )
$$;
