-- Which attempts count (T7), exactly: fractions are compared by whole numbers.
create aggregate product_of(numeric) (sfunc = numeric_mul, stype = numeric, initcond = '1');
create view test_standings as
with graded as (
    select a.test_id, a.user_id, a.number, a.is_passed, a.points_numerator::numeric as gained,
           a.points_denominator::numeric * greatest(a.max_points, 1) as possible,
           product_of(a.points_denominator::numeric * greatest(a.max_points, 1)) over (partition by a.test_id, a.user_id) as common
    from test_attempts a where a.state = 'graded'
)
select g.test_id, g.user_id,
       case tv.counts
           when 'best' then bool_or(g.is_passed)
           when 'first' then (array_agg(g.is_passed order by g.number))[1]
           when 'last' then (array_agg(g.is_passed order by g.number desc))[1]
           else sum(g.gained * (g.common / g.possible)) * 100 >= tv.pass_percent * count(*) * max(g.common)
       end as is_passed
from graded g join tests t on t.id = g.test_id join test_versions tv on tv.id = t.published_version_id
group by g.test_id, g.user_id, tv.counts, tv.pass_percent;

-- What is passed follows it.
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
