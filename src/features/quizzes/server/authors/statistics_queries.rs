//! SQL of statistics: exact numbers over finished attempts that were not taken back.

use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) async fn count_finished(connection: &mut PgConnection, test_id: Uuid) -> Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from test_attempts where test_id = $1 and state in ('needs_review', 'graded')"#, test_id)
        .fetch_one(connection)
        .await
}

pub(super) struct FigureRow {
    pub question_id: Uuid,
    pub version_id: Uuid,
    pub kind: String,
    pub version: i32,
    pub name: String,
    pub prompt_md: String,
    pub attempts: i64,
    pub difficulty: i32,
    pub discrimination: Option<i32>,
}

/// Difficulty (the mean share of the points) and discrimination (the correlation of the share with the share of the rest of the attempt's
/// points) of each version of a question, from `least` graded attempts on; in the order of the test, what it asks no more at the end.
pub(super) async fn figures(connection: &mut PgConnection, test_id: Uuid, least: i64) -> Result<Vec<FigureRow>> {
    sqlx::query_as!(
        FigureRow,
        r#"with given as (
               select aq.question_version_id, aq.position, x.score_numerator::numeric / x.score_denominator as share,
                      a.points_numerator::numeric / a.points_denominator as points, a.max_points,
                      case k.act when 'dropped' then 0 else aq.weight end as weight,
                      case k.act when 'full_marks' then 1 else x.score_numerator::numeric / x.score_denominator end as counted
               from test_attempts a
               join test_attempt_questions aq on aq.attempt_id = a.id
               join test_answers x on x.attempt_id = a.id and x.question_id = aq.question_id and x.score_numerator is not null
               left join key_corrections k on k.question_version_id = aq.question_version_id and k.is_current
               where a.test_id = $1 and a.state in ('needs_review', 'graded')
           ), pairs as (
               select question_version_id, position, share, (points - weight * counted) / nullif(max_points - weight, 0) as rest from given
           ), sums as (
               select question_version_id, min(position) as position, count(*) as attempts, avg(share) as difficulty, count(rest) as n,
                      sum(share) filter (where rest is not null) as x, sum(rest) as y, sum(share * rest) as xy,
                      sum(share * share) filter (where rest is not null) as xx, sum(rest * rest) as yy
               from pairs group by question_version_id
           )
           select v.question_id, v.id as version_id, q.kind, v.number as version, v.name, v.prompt_md, s.attempts as "attempts!",
                  round(s.difficulty * 10000)::int as "difficulty!",
                  case when s.n >= $2 and s.n * s.xx > s.x * s.x and s.n * s.yy > s.y * s.y
                       then round(100 * (s.n * s.xy - s.x * s.y) / sqrt((s.n * s.xx - s.x * s.x) * (s.n * s.yy - s.y * s.y)))::int end
                  as discrimination
           from sums s join question_versions v on v.id = s.question_version_id join questions q on q.id = v.question_id
           left join tests t on t.id = $1
           left join test_version_questions tq on tq.test_version_id = t.published_version_id and tq.question_id = q.id
           order by tq.position nulls last, q.id, v.number desc"#,
        test_id,
        least
    )
    .fetch_all(connection)
    .await
}

pub(super) struct ShareRow {
    pub version_id: Uuid,
    pub gap: i64,
    pub text: String,
    pub count: i64,
    pub is_right: Option<bool>,
}

/// How often each option of each version was chosen; right by the newest key.
pub(super) async fn options(connection: &mut PgConnection, test_id: Uuid) -> Result<Vec<ShareRow>> {
    sqlx::query_as!(
        ShareRow,
        r#"with asked as (
               select distinct aq.question_version_id as id from test_attempts a join test_attempt_questions aq on aq.attempt_id = a.id
               where a.test_id = $1 and a.state in ('needs_review', 'graded')
           ), options as (
               select o.id, o.question_version_id, o.content_html, o.is_correct,
                      row_number() over (partition by o.question_version_id order by o.position) as place
               from answers o join asked on asked.id = o.question_version_id
           )
           select o.question_version_id as version_id, o.place as "gap!", o.content_html as text,
                  (select count(*) from test_attempts a join test_attempt_questions aq on aq.attempt_id = a.id
                   join test_answers x on x.attempt_id = a.id and x.question_id = aq.question_id
                   where a.test_id = $1 and a.state in ('needs_review', 'graded') and aq.question_version_id = o.question_version_id
                     and x.value->'choice' @> to_jsonb(o.id::text)) as "count!",
                  coalesce((k.keys->-1->'body'->'choice'->'options'->(o.place::int - 1)->>'is_right')::boolean, o.is_correct) as is_right
           from options o left join key_corrections k on k.question_version_id = o.question_version_id and k.is_current
           order by o.question_version_id, o.place"#,
        test_id
    )
    .fetch_all(connection)
    .await
}

/// What was typed for each version, the most frequent first: into one field, or each gap.
pub(super) async fn words(connection: &mut PgConnection, test_id: Uuid, most: i64) -> Result<Vec<ShareRow>> {
    sqlx::query_as!(
        ShareRow,
        r#"with typed as (
               select aq.question_version_id as version_id, w.gap, btrim(w.word) as word,
                      case when x.value ? 'text' then x.score_numerator = x.score_denominator end as is_right
               from test_attempts a
               join test_attempt_questions aq on aq.attempt_id = a.id
               join questions q on q.id = aq.question_id and q.kind in ('short_text', 'number', 'gaps')
               join test_answers x on x.attempt_id = a.id and x.question_id = aq.question_id
               cross join lateral jsonb_array_elements_text(coalesce(x.value->'words', jsonb_build_array(x.value->'text')))
                    with ordinality as w (word, gap)
               where a.test_id = $1 and a.state in ('needs_review', 'graded') and btrim(w.word) <> ''
           ), counted as (
               select version_id, gap, word, count(*) as count, bool_or(is_right) as is_right,
                      row_number() over (partition by version_id, gap order by count(*) desc, word) as place
               from typed group by version_id, gap, word
           )
           select version_id, gap as "gap!", word as "text!", count as "count!", is_right from counted where place <= $2
           order by version_id, gap, place"#,
        test_id,
        most
    )
    .fetch_all(connection)
    .await
}

pub(super) struct PickRow {
    pub version_id: Uuid,
    /// As the version has it, and by its newest key.
    pub body: serde_json::Value,
    pub key: serde_json::Value,
    /// Index of the item in the author's order, and of what it was given: of the right column, or its place.
    pub item: i32,
    pub choice: i32,
    pub count: i64,
}

/// What each item of matching and ordering was given, the most frequent first.
pub(super) async fn picks(connection: &mut PgConnection, test_id: Uuid) -> Result<Vec<PickRow>> {
    sqlx::query_as!(
        PickRow,
        r#"with picked as (
               select aq.question_version_id as version_id, q.kind, aq.shown_order, p.place::int as place, p.pick::int as pick
               from test_attempts a
               join test_attempt_questions aq on aq.attempt_id = a.id
               join questions q on q.id = aq.question_id and q.kind in ('matching', 'ordering')
               join test_answers x on x.attempt_id = a.id and x.question_id = aq.question_id
               cross join lateral jsonb_array_elements_text(x.value->'picks') with ordinality as p (pick, place)
               where a.test_id = $1 and a.state in ('needs_review', 'graded') and p.pick is not null
           ), placed as (
               select version_id,
                      case when kind = 'ordering' and shown_order <> '{}' then shown_order[place] else place - 1 end as item,
                      case when kind = 'matching' and shown_order <> '{}' then shown_order[pick + 1] else pick end as choice
               from picked
           ), counted as (
               select version_id, item, choice, count(*) as count from placed where item is not null and choice is not null
               group by version_id, item, choice
           )
           select c.version_id as "version_id!", v.body as "body!", coalesce(k.keys->-1, v.body) as "key!", c.item as "item!", c.choice as "choice!",
                  c.count as "count!"
           from counted c join question_versions v on v.id = c.version_id and v.body is not null
           left join key_corrections k on k.question_version_id = v.id and k.is_current and jsonb_array_length(k.keys) > 0
           order by c.version_id, c.item, c.count desc, c.choice"#,
        test_id
    )
    .fetch_all(connection)
    .await
}
