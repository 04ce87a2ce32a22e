drop view asked_questions;
drop table key_corrections;
