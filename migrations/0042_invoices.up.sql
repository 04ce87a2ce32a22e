-- What receipts and invoices need to know of the school, and invoices for organisations.

alter table school_settings
    add column kpp text not null default '',
    -- Who signs for the school.
    add column signer text not null default '',
    add column bank_name text not null default '',
    add column bank_bic text not null default '',
    add column bank_account text not null default '',
    add column bank_corr_account text not null default '';

-- The school's taxes, each row from its moment on. Without any the environment says.
create table tax_settings (
    id uuid primary key,
    vat text not null constraint tax_settings_vat_check check (vat in
        ('none', '0', '5', '7', '10', '20', '22', '5/105', '7/107', '10/110', '20/120', '22/122')),
    tax_system text constraint tax_settings_tax_system_check check (tax_system in
        ('general', 'simplified_income', 'simplified_profit', 'agricultural', 'patent')),
    -- Whether providers are asked for fiscal receipts.
    with_receipts boolean not null,
    valid_from timestamptz not null,
    created_by uuid constraint tax_settings_created_by_fkey references users (id) on delete restrict,
    created_at timestamptz not null
);
create index tax_settings_valid_from_idx on tax_settings (valid_from desc, created_at desc);
create index tax_settings_created_by_idx on tax_settings (created_by);

-- A rate of its own, where a course has one.
alter table courses add column vat text constraint courses_vat_check check (vat in
    ('none', '0', '5', '7', '10', '20', '22', '5/105', '7/107', '10/110', '20/120', '22/122'));

-- An invoice says for ever what it said when it was made.
create table invoices (
    order_id uuid primary key constraint invoices_order_id_fkey references orders (id) on delete restrict,
    number bigint generated always as identity constraint invoices_number_unique unique,
    issued_at timestamptz not null,
    content jsonb not null
);
