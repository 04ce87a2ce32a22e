-- The desk's daily life: when a round was first looked at, works found by their state, learners' feeds of dates.

-- The first time that somebody took the round, for the measures.
alter table assignment_rounds add column first_taken_at timestamptz;
create index assignment_rounds_verdict_at_idx on assignment_rounds (verdict_at) where verdict is not null;
create index assignment_submissions_state_idx on assignment_submissions (state, updated_at, id);

-- A calendar program fetches a learner's dates by a secret address. It is made of the id and a signature; another id is another address.
create table calendar_feeds (
    user_id uuid not null constraint calendar_feeds_pkey primary key constraint calendar_feeds_user_id_fkey references users (id) on delete cascade,
    id uuid not null constraint calendar_feeds_id_unique unique,
    created_at timestamptz not null
);
