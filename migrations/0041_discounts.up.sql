-- Codes that lower a price. How often one was used is counted from the orders that stand: whoever takes a use holds the code's row, and
-- an order that is cancelled unpaid has given its use back by that alone.

create table discount_codes (
    id uuid primary key,
    -- In capitals.
    code text not null constraint discount_codes_code_unique unique,
    percent integer constraint discount_codes_percent_check check (percent between 1 and 100),
    sum_minor bigint constraint discount_codes_sum_check check (sum_minor > 0),
    currency char(3) constraint discount_codes_currency_check check ((currency is null) = (sum_minor is null)),
    begins_at timestamptz,
    ends_at timestamptz,
    uses_max integer constraint discount_codes_uses_max_check check (uses_max > 0),
    is_active boolean not null default true,
    created_by uuid constraint discount_codes_created_by_fkey references users (id) on delete restrict,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint discount_codes_one_kind check ((percent is null) <> (sum_minor is null)),
    constraint discount_codes_term_check check (begins_at < ends_at)
);
create index discount_codes_created_by_idx on discount_codes (created_by);

-- For which courses; without a row for all of them.
create table discount_courses (
    discount_id uuid not null constraint discount_courses_discount_id_fkey references discount_codes (id) on delete cascade,
    course_id uuid not null constraint discount_courses_course_id_fkey references courses (id) on delete cascade,
    constraint discount_courses_pkey primary key (discount_id, course_id)
);
create index discount_courses_course_id_idx on discount_courses (course_id);

alter table orders add column discount_id uuid constraint orders_discount_id_fkey references discount_codes (id) on delete restrict;
create index orders_discount_id_idx on orders (discount_id);

-- Which orders an administrator looks for: by the buyer, a number, a code, a state.
create function orders_found(pattern text, wanted_number bigint, wanted_code text, wanted_state text) returns setof uuid language sql stable as $$
    select o.id from orders o join users u on u.id = o.buyer_id
    where (pattern = '' or u.full_name collate "und-x-icu" ilike pattern or u.email ilike pattern or o.number = wanted_number
           or o.discount_id = (select d.id from discount_codes d where d.code = wanted_code))
      and (wanted_state is null or o.state = wanted_state)
$$;
