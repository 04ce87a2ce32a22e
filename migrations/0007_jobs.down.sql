drop trigger outbox_events_wake_workers on outbox_events;
drop table job_schedules, jobs;
drop function wake_workers();
