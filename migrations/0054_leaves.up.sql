-- Curators on leave: what waits for them goes to others until they are back. Who said so, and when, stands in the log.

alter table users add column on_leave_until timestamptz;

alter table test_attempts
    -- Who is to score it since a queue was handed over, in place of the enrolment's curator.
    add column owner_id uuid constraint test_attempts_owner_id_fkey references users (id) on delete restrict;
create index test_attempts_owner_id_idx on test_attempts (owner_id);

-- Who is to score an attempt, as far as they may: without a row it is everybody's of the course. Whether they are on leave is for the reader
-- to ask, for only the application knows what time it is.
create view attempt_owners as
select a.id as attempt_id, u.id as user_id, u.full_name, u.on_leave_until
from test_attempts a
join course_enrollments e on e.id = a.enrollment_id
join users u on u.id = coalesce(a.owner_id, e.curator_id) and u.is_active and u.role <> 'student' and u.id <> a.user_id
where u.role = 'admin' or exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = u.id);
