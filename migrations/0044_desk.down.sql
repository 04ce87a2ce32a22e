drop index assignment_submissions_state_idx;
drop index assignment_rounds_verdict_at_idx;
alter table assignment_rounds drop column first_taken_at;
