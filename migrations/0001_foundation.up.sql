-- People, sessions, the school's own data, files, and the trace of what was done.
-- Ids are UUIDv7 made by the application; states are text with a named check.

create table school_settings (
    only_row boolean primary key default true constraint school_settings_single_row check (only_row),
    name text not null default 'Lectern',
    tagline text not null default '',
    legal_name text not null default '',
    tax_number text not null default '',
    registration_number text not null default '',
    address text not null default '',
    email text not null default '',
    phone text not null default '',
    time_zone text not null default 'Europe/Moscow',
    updated_at timestamptz not null default now()
);
insert into school_settings default values;

create table files (
    id uuid primary key,
    owner_id uuid not null,
    kind text not null constraint files_kind_check check (kind in ('avatar')),
    storage_key text not null constraint files_storage_key_unique unique,
    content_type text not null,
    file_name text not null,
    size_bytes bigint not null constraint files_size_check check (size_bytes >= 0),
    sha256 bytea not null,
    created_at timestamptz not null
);

create table users (
    id uuid primary key,
    email text not null constraint users_email_lower_case check (email = lower(email)),
    password_hash text,
    full_name text not null,
    role text not null constraint users_role_check check (role in ('student', 'curator', 'admin')),
    is_active boolean not null default true,
    locale text constraint users_locale_check check (locale in ('ru', 'en')),
    theme text constraint users_theme_check check (theme in ('light', 'dark')),
    time_zone text,
    photo_file_id uuid constraint users_photo_file_id_fkey references files (id) on delete set null,
    is_demo boolean not null default false,
    anonymised_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint users_email_unique unique (email)
);
create index users_role_idx on users (role);
create index users_full_name_idx on users (full_name, id);
create index users_photo_file_id_idx on users (photo_file_id);

alter table files add constraint files_owner_id_fkey foreign key (owner_id) references users (id) on delete restrict;
create index files_owner_id_idx on files (owner_id);

-- One row per sign-in. The refresh token is a signature over id, generation and rotated_at, so that the successor
-- of a token that two tabs present at once can be given twice.
create table sessions (
    id uuid primary key,
    user_id uuid not null constraint sessions_user_id_fkey references users (id) on delete cascade,
    generation integer not null default 0,
    rotated_at timestamptz not null,
    user_agent text not null default '',
    address text not null default '',
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    revoked_reason text
);
create index sessions_user_id_idx on sessions (user_id) where revoked_at is null;
create index sessions_expires_at_idx on sessions (expires_at);

create table legal_documents (
    id uuid primary key,
    kind text not null constraint legal_documents_kind_check check (kind in ('offer', 'privacy', 'refunds')),
    version integer not null constraint legal_documents_version_check check (version > 0),
    locale text not null constraint legal_documents_locale_check check (locale in ('ru', 'en')),
    body_md text not null,
    body_html text not null,
    renderer_version integer not null,
    published_at timestamptz not null,
    constraint legal_documents_kind_version_locale_unique unique (kind, version, locale)
);

create table legal_consents (
    user_id uuid not null constraint legal_consents_user_id_fkey references users (id) on delete restrict,
    kind text not null,
    version integer not null,
    given_at timestamptz not null,
    address text not null default '',
    constraint legal_consents_pkey primary key (user_id, kind, version)
);

-- Domain events, written in the transaction of the change; everything that follows is made from them.
create table outbox_events (
    id uuid primary key,
    kind text not null,
    actor_id uuid,
    subject_type text not null,
    subject_id uuid,
    before jsonb,
    after jsonb,
    request_id text not null default '',
    address text not null default '',
    user_agent text not null default '',
    occurred_at timestamptz not null,
    processed_at timestamptz
);
create index outbox_events_unprocessed_idx on outbox_events (id) where processed_at is null;

-- Append-only. No foreign keys: the log outlives whom it names. Personal details sit in a side table
-- that erasure may clear.
create table activity_logs (
    id uuid not null,
    occurred_at timestamptz not null,
    action text not null,
    user_id uuid,
    subject_type text not null,
    subject_id uuid,
    before jsonb,
    after jsonb,
    request_id text not null default '',
    constraint activity_logs_pkey primary key (id, occurred_at)
) partition by range (occurred_at);
create index activity_logs_user_id_idx on activity_logs (user_id, occurred_at desc);
create index activity_logs_subject_idx on activity_logs (subject_type, subject_id, occurred_at desc);
create table activity_logs_default partition of activity_logs default;

create table activity_log_details (
    activity_id uuid primary key,
    address text not null default '',
    user_agent text not null default ''
);

create function activity_logs_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'activity_logs is append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger activity_logs_append_only before update or delete on activity_logs
    for each row execute function activity_logs_refuse_change();
create trigger activity_logs_no_truncate before truncate on activity_logs
    for each statement execute function activity_logs_refuse_change();

-- Makes the partition of the month that holds the given moment, unless it is there.
create function activity_logs_ensure_month(moment timestamptz) returns void language plpgsql as $$
declare
    month_start timestamptz := date_trunc('month', moment at time zone 'UTC') at time zone 'UTC';
    month_end timestamptz := (date_trunc('month', moment at time zone 'UTC') + interval '1 month') at time zone 'UTC';
    partition_name text := 'activity_logs_' || to_char(moment at time zone 'UTC', 'YYYY_MM');
begin
    perform pg_advisory_xact_lock(hashtext('activity_logs_ensure_month'));
    if to_regclass(partition_name) is null then
        execute format('create table %I partition of activity_logs for values from (%L) to (%L)',
                       partition_name, month_start, month_end);
        execute format('create trigger activity_logs_no_truncate before truncate on %I
                        for each statement execute function activity_logs_refuse_change()', partition_name);
    end if;
end
$$;

create table notifications (
    id uuid primary key,
    user_id uuid not null constraint notifications_user_id_fkey references users (id) on delete cascade,
    kind text not null,
    payload jsonb not null default '{}',
    event_id uuid,
    created_at timestamptz not null,
    read_at timestamptz,
    constraint notifications_event_user_unique unique (event_id, user_id)
);
create index notifications_user_id_idx on notifications (user_id, created_at desc);
