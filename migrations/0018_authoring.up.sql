-- A lesson's text is changed in a version that is not published yet. There is one at a time; its revision grows with each saving, so
-- that of two people who write at once neither replaces the other's words unseen.
alter table lesson_versions
    add column revision integer not null default 1,
    add column edited_at timestamptz,
    add column edited_by uuid constraint lesson_versions_edited_by_fkey references users (id) on delete restrict;
create index lesson_versions_edited_by_idx on lesson_versions (edited_by);
create unique index lesson_versions_one_draft_idx on lesson_versions (lesson_id) where published_at is null;
