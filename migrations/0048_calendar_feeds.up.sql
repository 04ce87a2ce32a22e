-- The secret address of one's deadlines is signed, not kept: here is how often its owner made a new one, after which older ones open
-- nothing. Who never did has no row.
create table calendar_feeds (
    user_id uuid not null constraint calendar_feeds_user_id_fkey references users (id) on delete cascade,
    generation integer not null constraint calendar_feeds_generation_check check (generation > 0),
    constraint calendar_feeds_pkey primary key (user_id)
);
