-- The queue of work that follows from changes, written in the transaction of the change. PostgreSQL is its only home; workers are
-- woken by a notification at commit, so that they need not poll.

create table jobs (
    id uuid primary key,
    kind text not null,
    payload jsonb not null,
    state text not null default 'waiting' constraint jobs_state_check check (state in ('waiting', 'running', 'done', 'dead')),
    -- Smaller is sooner.
    priority smallint not null,
    -- Of several jobs with one key only one waits.
    unique_key text,
    run_at timestamptz not null,
    attempts integer not null default 0,
    max_attempts integer not null constraint jobs_max_attempts_check check (max_attempts > 0),
    -- A running job belongs to its lease; a lease that ran out belongs to a worker that died.
    lease_id uuid,
    leased_until timestamptz,
    last_error text not null default '',
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint jobs_lease_check check ((state = 'running') = (lease_id is not null and leased_until is not null))
);
create unique index jobs_unique_key_idx on jobs (kind, unique_key) where state = 'waiting';
create index jobs_waiting_idx on jobs (priority, run_at, id) where state = 'waiting';
create index jobs_running_idx on jobs (leased_until) where state = 'running';
create index jobs_state_idx on jobs (state, id desc);

-- When each regular job is due next; the row's lock makes one server its owner.
create table job_schedules (
    name text primary key,
    next_run_at timestamptz not null,
    last_run_at timestamptz
);

create function wake_workers() returns trigger language plpgsql as $$
begin
    perform pg_notify('lectern_work', '');
    return null;
end
$$;
create trigger jobs_wake_workers after insert on jobs for each statement execute function wake_workers();
create trigger outbox_events_wake_workers after insert on outbox_events for each statement execute function wake_workers();
