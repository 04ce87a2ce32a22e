delete from notification_digests where channel <> 'email';
alter table notification_digests drop constraint notification_digests_pkey;
alter table notification_digests add constraint notification_digests_pkey primary key (user_id);
alter table notification_digests drop column channel;
drop index notification_deliveries_undelivered_idx;
delete from notification_deliveries where channel <> 'email';
alter table notification_deliveries
    drop column reason,
    drop constraint notification_deliveries_state_check,
    drop constraint notification_deliveries_channel_check,
    add constraint notification_deliveries_channel_check check (channel in ('email')),
    add constraint notification_deliveries_state_check check (state in ('waiting', 'digest', 'handed_over', 'skipped'));
delete from notification_preferences where channel = 'telegram';
alter table notification_preferences
    drop constraint notification_preferences_channel_check,
    add constraint notification_preferences_channel_check check (channel in ('app', 'email'));
drop table telegram_bots, telegram_codes, telegram_links;
