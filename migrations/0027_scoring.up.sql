-- A curator's ready phrases, for remarks on open answers.
create table review_phrases (
    id uuid primary key,
    user_id uuid not null constraint review_phrases_user_id_fkey references users (id) on delete cascade,
    body text not null constraint review_phrases_body_check check (body <> ''),
    created_at timestamptz not null,
    constraint review_phrases_user_body_unique unique (user_id, body)
);

-- Open answers that wait for a curator.
create view waiting_answers as
select a.id as attempt_id, a.test_id, a.user_id, a.enrollment_id, a.finished_at, aq.question_id
from test_attempts a
join test_attempt_questions aq on aq.attempt_id = a.id
join questions q on q.id = aq.question_id and q.kind = 'open'
left join test_answers x on x.attempt_id = aq.attempt_id and x.question_id = aq.question_id
where a.state = 'needs_review' and x.score_numerator is null
  and not exists (select from key_corrections k where k.question_version_id = aq.question_version_id and k.is_current);
