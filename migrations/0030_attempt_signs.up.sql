-- What happened around an attempt (tests.md T12): advice for staff. The address is kept as a mark of it only, which tells that it changed.
alter table test_attempts add column address_mark bytea;

create table test_attempt_signs (
    id uuid primary key,
    attempt_id uuid not null constraint test_attempt_signs_attempt_id_fkey references test_attempts (id) on delete cascade,
    kind text not null constraint test_attempt_signs_kind_check check (kind in ('left', 'returned', 'pasted', 'moved')),
    noticed_at timestamptz not null
);
create index test_attempt_signs_attempt_id_idx on test_attempt_signs (attempt_id, noticed_at);
