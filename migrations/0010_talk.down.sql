drop table announcement_recipients;
drop table announcements;
drop table talk_reads;
drop table talk_posts;
drop table talk_threads;
alter table courses drop constraint courses_slug_check;
alter table courses add constraint courses_slug_check
    check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and slug not in ('tests', 'attempts', 'assignments'));
