-- What the schema's tests asked for beside 0001 and 0004: whole indexes behind two foreign keys that had partial ones only,
-- and the log's guard on the partition for everything that has no month of its own.

create index sessions_user_id_created_at_idx on sessions (user_id, created_at);
create index course_enrollments_user_id_idx on course_enrollments (user_id, course_id);
create trigger activity_logs_no_truncate before truncate on activity_logs_default
    for each statement execute function activity_logs_refuse_change();
