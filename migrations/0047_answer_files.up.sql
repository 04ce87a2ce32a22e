-- Files that belong to open answers. They come and go while the attempt runs, and stay as they are afterwards.

create table test_answer_files (
    attempt_id uuid not null,
    question_id uuid not null,
    file_id uuid not null constraint test_answer_files_file_id_fkey references files (id) on delete restrict,
    added_at timestamptz not null,
    constraint test_answer_files_pkey primary key (attempt_id, question_id, file_id),
    constraint test_answer_files_question_fkey foreign key (attempt_id, question_id)
        references test_attempt_questions (attempt_id, question_id) on delete cascade
);
create index test_answer_files_file_id_idx on test_answer_files (file_id);

-- An attempt that is gone takes its files' rows with it; one that is over keeps them.
create function test_answer_files_refuse_change() returns trigger language plpgsql as $$
begin
    if exists (select from test_attempts a where a.state <> 'in_progress'
               and a.id in (case when tg_op <> 'INSERT' then old.attempt_id end, case when tg_op <> 'DELETE' then new.attempt_id end)) then
        raise exception 'the attempt is over' using errcode = 'insufficient_privilege';
    end if;
    return coalesce(new, old);
end
$$;
create trigger test_answer_files_guard before insert or update or delete on test_answer_files
    for each row execute function test_answer_files_refuse_change();

-- An upload is for a lesson's draft, a work, or an answer.
alter table uploads
    drop constraint uploads_place_check,
    add column attempt_id uuid constraint uploads_attempt_id_fkey references test_attempts (id) on delete cascade,
    add column question_id uuid constraint uploads_question_id_fkey references questions (id) on delete cascade,
    add constraint uploads_place_check check (num_nonnulls(lesson_id, submission_id, attempt_id) = 1),
    add constraint uploads_answer_check check ((attempt_id is null) = (question_id is null));
create index uploads_attempt_id_idx on uploads (attempt_id);
create index uploads_question_id_idx on uploads (question_id);
