drop table assignment_submissions;
drop table test_answers;
drop table test_attempt_questions;
drop table test_attempts;
