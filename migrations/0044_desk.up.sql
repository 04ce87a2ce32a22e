-- The desk's daily life: when a round was first looked at, works found by their state.

-- The first time that somebody took the round, for the measures.
alter table assignment_rounds add column first_taken_at timestamptz;
create index assignment_rounds_verdict_at_idx on assignment_rounds (verdict_at) where verdict is not null;
create index assignment_submissions_state_idx on assignment_submissions (state, updated_at, id);
