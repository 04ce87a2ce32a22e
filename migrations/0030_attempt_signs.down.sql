drop table test_attempt_signs;
alter table test_attempts drop column address_mark;
