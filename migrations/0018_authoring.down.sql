drop index lesson_versions_one_draft_idx;
alter table lesson_versions drop column revision, drop column edited_at, drop column edited_by;
