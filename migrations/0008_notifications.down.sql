drop index activity_logs_action_idx, activity_logs_occurred_at_idx;
alter table activity_log_details drop column before, drop column after;
drop trigger notifications_call_live on notifications;
drop function call_live();
drop table review_reminders, notification_deliveries;
drop table notification_digests, notification_quiet_hours, notification_preferences;
drop index notifications_unread_idx;
alter table notifications drop column is_shown;
