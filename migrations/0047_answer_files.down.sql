delete from uploads where attempt_id is not null;
alter table uploads
    drop constraint uploads_answer_check,
    drop constraint uploads_place_check,
    drop column attempt_id,
    drop column question_id,
    add constraint uploads_place_check check ((lesson_id is null) <> (submission_id is null));
drop table test_answer_files;
drop function test_answer_files_refuse_change();
