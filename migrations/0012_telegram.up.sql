-- Telegram as a way out of the application: which chat is whose, how far the bot has read, and what became of each message.

-- A chat belongs to one account, an account has one chat. A chat that blocked the bot is gone, and its person is told so.
create table telegram_links (
    user_id uuid primary key constraint telegram_links_user_id_fkey references users (id) on delete cascade,
    chat_id bigint constraint telegram_links_chat_id_unique unique,
    state text not null constraint telegram_links_state_check check (state in ('linked', 'blocked')),
    -- When it came into its state.
    since timestamptz not null,
    constraint telegram_links_chat_id_check check ((state = 'linked') = (chat_id is not null))
);

-- What a person sends to the bot to link their chat: one code each, which goes when it is used. Only a digest is kept.
create table telegram_codes (
    user_id uuid primary key constraint telegram_codes_user_id_fkey references users (id) on delete cascade,
    sha256 bytea not null constraint telegram_codes_sha256_unique unique constraint telegram_codes_sha256_length check (length(sha256) = 32),
    expires_at timestamptz not null
);
create index telegram_codes_expires_at_idx on telegram_codes (expires_at);

-- How far a bot's updates are handled, and which server asks for the next ones.
create table telegram_bots (
    bot_id bigint primary key,
    next_update_id bigint not null default 0,
    updated_at timestamptz,
    owner_id uuid not null,
    owned_until timestamptz not null
);

alter table notification_preferences
    drop constraint notification_preferences_channel_check,
    add constraint notification_preferences_channel_check check (channel in ('app', 'email', 'telegram'));

alter table notification_deliveries
    drop constraint notification_deliveries_channel_check,
    drop constraint notification_deliveries_state_check,
    add constraint notification_deliveries_channel_check check (channel in ('email', 'telegram')),
    -- A letter is handed over when it is written: its own fate is in `letters`. A message is handed over when Telegram has it.
    add constraint notification_deliveries_state_check
        check (state in ('waiting', 'digest', 'sending', 'handed_over', 'skipped', 'refused', 'failed')),
    -- Why it was refused or given up.
    add column reason text not null default '';
create index notification_deliveries_undelivered_idx on notification_deliveries (done_at desc, notification_id)
    where state in ('refused', 'failed');

-- Each channel gathers for itself.
alter table notification_digests add column channel text not null default 'email'
    constraint notification_digests_channel_check check (channel in ('email', 'telegram'));
alter table notification_digests alter column channel drop default;
alter table notification_digests drop constraint notification_digests_pkey;
alter table notification_digests add constraint notification_digests_pkey primary key (user_id, channel);
