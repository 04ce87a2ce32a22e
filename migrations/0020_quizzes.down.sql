drop index test_attempts_voided_by_idx;
alter table test_attempts
    drop constraint test_attempts_voided_check, drop column void_reason, drop column voided_at, drop column voided_by;
drop table test_exceptions;
alter table test_versions
    add column shows_score boolean not null default true, add column shows_right_answers boolean not null default true;
update test_versions set shows_score = show_score <> 'never', shows_right_answers = show_key <> 'never';
alter table test_versions
    drop column closes_at, drop column show_score, drop column show_answers, drop column show_key, drop column show_explanations;
alter table test_attempt_questions drop column shown_order;
drop index questions_tags_idx;
alter table questions drop column tags;
drop index test_versions_one_draft_idx;
alter table question_versions drop column is_draft, drop column body, drop column name, add column settings jsonb not null default '{}';
