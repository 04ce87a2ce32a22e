-- What a person is told, where and when; what an erasure may clear from the log; which promises were reminded of.

alter table notifications add column is_shown boolean not null default true;
create index notifications_unread_idx on notifications (user_id) where read_at is null and is_shown;

-- Only what differs from the default of its topic and channel.
create table notification_preferences (
    user_id uuid not null constraint notification_preferences_user_id_fkey references users (id) on delete cascade,
    topic text not null,
    channel text not null constraint notification_preferences_channel_check check (channel in ('app', 'email')),
    mode text not null constraint notification_preferences_mode_check check (mode in ('now', 'daily', 'never')),
    constraint notification_preferences_pkey primary key (user_id, topic, channel)
);

-- Minutes since midnight in the person's time zone; nothing leaves the application between the two.
create table notification_quiet_hours (
    user_id uuid primary key constraint notification_quiet_hours_user_id_fkey references users (id) on delete cascade,
    from_minute smallint not null constraint notification_quiet_hours_from_check check (from_minute between 0 and 1439),
    to_minute smallint not null constraint notification_quiet_hours_to_check check (to_minute between 0 and 1439)
);

-- The day (in the person's time zone) of the last letter that gathered news.
create table notification_digests (
    user_id uuid primary key constraint notification_digests_user_id_fkey references users (id) on delete cascade,
    sent_on date not null
);

-- A notification that leaves the application.
create table notification_deliveries (
    notification_id uuid not null constraint notification_deliveries_notification_id_fkey references notifications (id) on delete cascade,
    channel text not null constraint notification_deliveries_channel_check check (channel in ('email')),
    state text not null constraint notification_deliveries_state_check check (state in ('waiting', 'digest', 'handed_over', 'skipped')),
    done_at timestamptz,
    constraint notification_deliveries_pkey primary key (notification_id, channel)
);
create index notification_deliveries_digest_idx on notification_deliveries (notification_id) where state = 'digest';

-- Of each promise of review each reminder is given once.
create table review_reminders (
    attempt_id uuid not null constraint review_reminders_attempt_id_fkey references test_attempts (id) on delete cascade,
    kind text not null constraint review_reminders_kind_check check (kind in ('half_gone', 'due_soon', 'broken')),
    given_at timestamptz not null,
    constraint review_reminders_pkey primary key (attempt_id, kind)
);

-- Of what was late before there were reminders nobody is told now.
insert into review_reminders (attempt_id, kind, given_at)
select a.id, 'broken', now() from test_attempts a join course_enrollments e on e.id = a.enrollment_id join courses c on c.id = e.course_id
where a.state = 'needs_review' and a.finished_at + make_interval(hours => c.review_hours) < now();

-- The bell of every browser of the person hears of it at commit.
create function call_live() returns trigger language plpgsql as $$
begin
    perform pg_notify('lectern_live', new.user_id::text);
    return null;
end
$$;
create trigger notifications_call_live after insert or update of read_at on notifications for each row execute function call_live();

-- What was personal in a change stands beside the address of its author, where an erasure may clear it.
alter table activity_log_details add column before jsonb, add column after jsonb;
create index activity_logs_occurred_at_idx on activity_logs (occurred_at desc, id desc);
create index activity_logs_action_idx on activity_logs (action, occurred_at desc, id desc);
