-- What a test draws at random out of its course's bank at the start of an attempt, beside the questions that it names.
create table test_version_draws (
    test_version_id uuid not null constraint test_version_draws_version_fkey references test_versions (id) on delete cascade,
    position integer not null,
    tag text not null constraint test_version_draws_tag_check check (tag <> ''),
    wanted integer not null constraint test_version_draws_wanted_check check (wanted between 1 and 200),
    weight integer not null constraint test_version_draws_weight_check check (weight between 1 and 1000),
    constraint test_version_draws_pkey primary key (test_version_id, position),
    constraint test_version_draws_tag_unique unique (test_version_id, tag)
);
