-- The bank of a course: its questions in the order in which they came, also of those that came at once.
alter table questions add column number bigint not null generated always as identity;
create index questions_bank_idx on questions (course_id, number) where state = 'active';
