-- What was told of an announcement is taken back with it.
create index notifications_announced_idx on notifications ((payload ->> 'announcement_id')) where kind = 'announced';
