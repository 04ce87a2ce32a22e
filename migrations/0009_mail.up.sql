-- Letters: each is a row written in the transaction of what it tells of, and sent afterwards by a job. The rows are the mail log.

create table letters (
    id uuid primary key,
    user_id uuid constraint letters_user_id_fkey references users (id) on delete set null,
    to_address text not null,
    to_name text not null,
    template text not null,
    locale text not null constraint letters_locale_check check (locale in ('ru', 'en')),
    subject text not null,
    -- What the template is filled with. Secret links are erased once the letter is sent or given up.
    args jsonb not null,
    state text not null default 'waiting'
        constraint letters_state_check check (state in ('waiting', 'sending', 'sent', 'shown', 'refused', 'failed', 'held')),
    -- Security and payment: can't be switched off by its reader.
    is_essential boolean not null,
    -- No foreign key: notifications are purged sooner.
    notification_id uuid,
    message_id text not null,
    -- What the mail server said last, or why it was not asked.
    answer text not null default '',
    attempts integer not null default 0,
    created_at timestamptz not null,
    -- When the try that is under way began.
    sending_at timestamptz,
    sent_at timestamptz,
    -- A link in it serves until then; later it is not worth sending.
    useful_until timestamptz,
    constraint letters_sending_check check ((state = 'sending') = (sending_at is not null))
);
create index letters_user_id_idx on letters (user_id);
create index letters_state_idx on letters (state, id desc);

-- Addresses that a mail server refused for good: nothing is sent there until an administrator says so.
create table mail_pauses (
    address text primary key,
    answer text not null,
    letter_id uuid constraint mail_pauses_letter_id_fkey references letters (id) on delete set null,
    at timestamptz not null
);
create index mail_pauses_letter_id_idx on mail_pauses (letter_id);
create index mail_pauses_at_idx on mail_pauses (at desc, address);

-- Links of letters that do something: each once, for a while. Only a digest is kept.
create table account_tokens (
    id uuid primary key,
    user_id uuid not null constraint account_tokens_user_id_fkey references users (id) on delete cascade,
    purpose text not null constraint account_tokens_purpose_check check (purpose in ('confirm', 'reset')),
    -- The address that the link was sent to: it proves nothing about another one.
    email text not null,
    sha256 bytea not null constraint account_tokens_sha256_unique unique constraint account_tokens_sha256_length check (length(sha256) = 32),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index account_tokens_user_id_idx on account_tokens (user_id, purpose);
create index account_tokens_expires_at_idx on account_tokens (expires_at);

alter table users add column email_confirmed_at timestamptz;
-- Accounts of the demo and of the command line never consented on a page; their addresses are their maker's word.
update users u set email_confirmed_at = u.created_at
where u.is_demo or not exists (select from legal_consents c where c.user_id = u.id);
