-- Money taken means access open, exactly once: what was sent to providers, what came from them, and what was opened for it.

alter table orders
    -- What people call it.
    add column number bigint generated always as identity constraint orders_number_unique unique,
    add column locale text not null default 'ru',
    -- One rendered form makes one order, however often it is sent.
    add column checkout_key text constraint orders_checkout_key_unique unique,
    -- The account was made for this order: its owner gets a link to set a password.
    add column is_first boolean not null default false,
    add column paid_at timestamptz;

-- The legal texts that were accepted with the order, as they stood then.
create table order_consents (
    order_id uuid not null constraint order_consents_order_id_fkey references orders (id) on delete restrict,
    kind text not null,
    version integer not null,
    locale text not null,
    accepted_at timestamptz not null,
    address text not null default '',
    constraint order_consents_pkey primary key (order_id, kind)
);

alter table payments
    add column provider_operation_id text,
    -- When the key was first sent: providers forget keys.
    add column first_sent_at timestamptz,
    -- Whoever calls the provider has it until then.
    add column calling_until timestamptz,
    add column checked_at timestamptz,
    add column checks integer not null default 0,
    add column last_error text not null default '',
    -- What the provider was told: a repeat with the same key says the same.
    add column description text not null default '',
    add column payer_email text not null default '',
    add column receipt jsonb,
    -- Why a person entered or settled it.
    add column note text not null default '',
    add column receipt_state text constraint payments_receipt_state_check check (receipt_state in ('pending', 'done', 'failed')),
    add column state_before_dispute text,
    add constraint payments_provider_operation_unique unique (provider, provider_operation_id);
create index payments_open_idx on payments (checked_at) where state in ('created', 'pending', 'waiting_for_capture');

create table refunds (
    id uuid primary key,
    payment_id uuid not null constraint refunds_payment_id_fkey references payments (id) on delete restrict,
    amount_minor bigint not null constraint refunds_amount_check check (amount_minor > 0),
    state text not null constraint refunds_state_check check (state in ('created', 'pending', 'succeeded', 'failed')),
    idempotency_key text not null constraint refunds_idempotency_key_unique unique,
    provider_refund_id text,
    first_sent_at timestamptz,
    calling_until timestamptz,
    last_error text not null default '',
    reason text not null,
    closes_access boolean not null,
    -- Nobody: it was made at the provider.
    asked_by uuid constraint refunds_asked_by_fkey references users (id) on delete restrict,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint refunds_provider_refund_unique unique (payment_id, provider_refund_id)
);
create index refunds_payment_id_idx on refunds (payment_id);
create index refunds_asked_by_idx on refunds (asked_by);
create index refunds_open_idx on refunds (updated_at) where state in ('created', 'pending');

-- What was opened for an order: of each line and course once, whatever comes how often.
create table order_grants (
    id uuid primary key,
    order_line_id uuid not null constraint order_grants_order_line_id_fkey references order_lines (id) on delete restrict,
    course_id uuid not null constraint order_grants_course_id_fkey references courses (id) on delete restrict,
    enrollment_id uuid not null constraint order_grants_enrollment_id_fkey references course_enrollments (id) on delete restrict,
    kind text not null constraint order_grants_kind_check check (kind in ('began', 'extended', 'had')),
    -- Where an extended term ended before.
    ended_before timestamptz,
    granted_at timestamptz not null,
    closed_at timestamptz,
    constraint order_grants_once unique (order_line_id, course_id)
);
create index order_grants_course_id_idx on order_grants (course_id);
create index order_grants_enrollment_id_idx on order_grants (enrollment_id);

-- What providers brought: each event once.
create table payment_callbacks (
    id uuid primary key,
    provider text not null,
    event_key text not null,
    event text not null,
    about jsonb not null,
    -- Nothing: a payment that we do not know.
    payment_id uuid constraint payment_callbacks_payment_id_fkey references payments (id) on delete restrict,
    times integer not null default 1,
    received_at timestamptz not null,
    handled_at timestamptz,
    constraint payment_callbacks_once unique (provider, event_key)
);
create index payment_callbacks_payment_id_idx on payment_callbacks (payment_id, received_at);

-- The story of an order. Append-only.
create table payment_history (
    id uuid primary key,
    order_id uuid not null constraint payment_history_order_id_fkey references orders (id) on delete restrict,
    payment_id uuid constraint payment_history_payment_id_fkey references payments (id) on delete restrict,
    -- Orders what happened within a moment.
    place bigint generated always as identity,
    at timestamptz not null,
    kind text not null,
    before text,
    after text,
    note text not null default '',
    actor_id uuid
);
create index payment_history_order_id_idx on payment_history (order_id, place);
create index payment_history_payment_id_idx on payment_history (payment_id);

create function payment_history_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'payment_history is append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger payment_history_append_only before update or delete on payment_history
    for each row execute function payment_history_refuse_change();
create trigger payment_history_no_truncate before truncate on payment_history
    for each statement execute function payment_history_refuse_change();

-- What a person has to look at. The same trouble stands once until it is settled.
create table payment_tasks (
    id uuid primary key,
    kind text not null,
    provider text not null,
    order_id uuid constraint payment_tasks_order_id_fkey references orders (id) on delete restrict,
    -- The payment, the refund, or what the provider calls it.
    about text not null,
    note text not null default '',
    created_at timestamptz not null,
    settled_at timestamptz,
    settled_by uuid constraint payment_tasks_settled_by_fkey references users (id) on delete restrict
);
create unique index payment_tasks_open_idx on payment_tasks (kind, provider, about) where settled_at is null;
create index payment_tasks_order_id_idx on payment_tasks (order_id);
create index payment_tasks_settled_by_idx on payment_tasks (settled_by);

-- The other side of the sandbox: what a real provider would keep at its own place.
create table sandbox_payments (
    id text primary key,
    key text not null constraint sandbox_payments_key_unique unique,
    number text not null constraint sandbox_payments_number_unique unique,
    amount_minor bigint not null,
    currency char(3) not null,
    description text not null,
    return_url text not null,
    fail_url text not null,
    state text not null default 'pending' constraint sandbox_payments_state_check check (state in ('pending', 'succeeded', 'failed', 'canceled')),
    -- The state shows from then on.
    effective_at timestamptz,
    created_at timestamptz not null
);
create index sandbox_payments_created_at_idx on sandbox_payments (created_at, id);
create table sandbox_refunds (
    id text primary key,
    key text not null constraint sandbox_refunds_key_unique unique,
    payment_id text not null constraint sandbox_refunds_payment_id_fkey references sandbox_payments (id) on delete cascade,
    amount_minor bigint not null
);
create index sandbox_refunds_payment_id_idx on sandbox_refunds (payment_id);
