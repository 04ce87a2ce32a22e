-- Corrections of keys (tests.md T10): what counts of a version of a question in place of its own key. The last one stands.
create table key_corrections (
    id uuid primary key,
    question_version_id uuid not null constraint key_corrections_version_fkey references question_versions (id) on delete restrict,
    act text not null constraint key_corrections_act_check check (act in ('new_key', 'both_keys', 'full_marks', 'dropped')),
    -- Bodies of questions; an answer is worth the best that any of them gives. Nothing for the version's own.
    keys jsonb not null default '[]',
    reason text not null constraint key_corrections_reason_check check (reason <> ''),
    created_by uuid not null constraint key_corrections_created_by_fkey references users (id) on delete restrict,
    created_at timestamptz not null,
    is_current boolean not null default true
);
create index key_corrections_version_idx on key_corrections (question_version_id, created_at);
create unique index key_corrections_current_idx on key_corrections (question_version_id) where is_current;
create index key_corrections_created_by_idx on key_corrections (created_by);

-- What a new attempt at a version of a test asks: questions that are published and were not dropped.
create view asked_questions as
select tq.test_version_id, tq.question_id, tq.position, tq.weight, q.kind, q.published_version_id as question_version_id
from test_version_questions tq join questions q on q.id = tq.question_id
where q.published_version_id is not null
  and not exists (select from key_corrections k where k.question_version_id = q.published_version_id and k.is_current and k.act = 'dropped');
