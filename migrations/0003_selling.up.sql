-- Offers, orders and payments. What moves money is bigint minor units with a currency (data.md).

create table offers (
    id uuid primary key,
    name text not null,
    price_minor bigint not null constraint offers_price_check check (price_minor >= 0),
    currency char(3) not null,
    access_days integer constraint offers_access_days_check check (access_days > 0),
    access_until timestamptz,
    with_review boolean not null default true,
    review_rounds integer constraint offers_review_rounds_check check (review_rounds > 0),
    position integer not null default 1,
    state text not null default 'active' constraint offers_state_check check (state in ('active', 'archived')),
    created_at timestamptz not null,
    constraint offers_one_access_term check (access_days is null or access_until is null)
);

-- What an offer opens: whole courses, or single modules of one.
create table offer_items (
    id uuid primary key,
    offer_id uuid not null constraint offer_items_offer_id_fkey references offers (id) on delete cascade,
    course_id uuid not null constraint offer_items_course_id_fkey references courses (id) on delete restrict,
    module_id uuid constraint offer_items_module_id_fkey references modules (id) on delete restrict,
    constraint offer_items_unique unique nulls not distinct (offer_id, course_id, module_id)
);
create index offer_items_course_id_idx on offer_items (course_id);
create index offer_items_module_id_idx on offer_items (module_id);

create table orders (
    id uuid primary key,
    buyer_id uuid not null constraint orders_buyer_id_fkey references users (id) on delete restrict,
    state text not null default 'draft' constraint orders_state_check check (state in
        ('draft', 'awaiting_payment', 'paid', 'partially_refunded', 'refunded', 'cancelled', 'needs_review')),
    total_minor bigint not null constraint orders_total_check check (total_minor >= 0),
    currency char(3) not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index orders_buyer_id_idx on orders (buyer_id, created_at desc);
create index orders_state_idx on orders (state, created_at desc);

create table order_lines (
    id uuid primary key,
    order_id uuid not null constraint order_lines_order_id_fkey references orders (id) on delete cascade,
    offer_id uuid not null constraint order_lines_offer_id_fkey references offers (id) on delete restrict,
    price_minor bigint not null constraint order_lines_price_check check (price_minor >= 0),
    discount_minor bigint not null default 0,
    constraint order_lines_discount_check check (discount_minor between 0 and price_minor)
);
create index order_lines_order_id_idx on order_lines (order_id);
create index order_lines_offer_id_idx on order_lines (offer_id);

create table payments (
    id uuid primary key,
    order_id uuid not null constraint payments_order_id_fkey references orders (id) on delete restrict,
    user_id uuid not null constraint payments_user_id_fkey references users (id) on delete restrict,
    provider text not null constraint payments_provider_check check (provider in
        ('yookassa', 'sberbank', 'cloudpayments', 'stripe', 'sandbox', 'manual')),
    provider_payment_id text,
    idempotency_key text not null constraint payments_idempotency_key_unique unique,
    state text not null default 'created' constraint payments_state_check check (state in
        ('created', 'pending', 'waiting_for_capture', 'succeeded', 'partially_refunded', 'refunded',
         'canceled', 'failed', 'needs_review', 'disputed')),
    amount_minor bigint not null constraint payments_amount_check check (amount_minor > 0),
    currency char(3) not null,
    redirect_url text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint payments_provider_payment_unique unique (provider, provider_payment_id)
);
create index payments_order_id_idx on payments (order_id);
create index payments_user_id_idx on payments (user_id);
create index payments_state_idx on payments (state, created_at);
-- One open payment per order and provider: a double click gets the first one's page (payments.md 7.1).
create unique index payments_one_open_idx on payments (order_id, provider)
    where state in ('created', 'pending', 'waiting_for_capture');
