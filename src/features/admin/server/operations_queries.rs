//! SQL about the activity log.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct ActivityRow {
    pub id: Uuid,
    pub occurred_at: DateTime<Utc>,
    pub action: String,
    pub actor: Option<String>,
    pub person_id: Option<Uuid>,
    pub person: Option<String>,
    pub subject_type: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub address: String,
    pub request_id: String,
}

/// The log, the newest first; the person is the subject where it is one, else whom the event names.
pub(super) async fn list_activity(
    connection: &mut PgConnection,
    action: Option<&str>,
    pattern: &str,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<ActivityRow>> {
    sqlx::query_as!(
        ActivityRow,
        r#"select l.id, l.occurred_at, l.action, a.full_name as "actor?", p.id as "person_id?", p.full_name as "person?", l.subject_type,
                  coalesce(l.before, d.before) as before, coalesce(l.after, d.after) as after,
                  coalesce(d.address, '') as "address!", l.request_id
           from activity_logs l
           left join activity_log_details d on d.activity_id = l.id
           left join users a on a.id = l.user_id
           left join users p on p.id = case when l.subject_type = 'user' then l.subject_id else (l.after ->> 'user_id')::uuid end
           where ($1::text is null or l.action = $1)
             and ($2 = '' or a.full_name ilike $2 or a.email ilike $2 or p.full_name ilike $2 or p.email ilike $2)
             and ($3::uuid is null or (l.occurred_at, l.id) < (select x.occurred_at, x.id from activity_logs x where x.id = $3))
           order by l.occurred_at desc, l.id desc limit $4"#,
        action,
        pattern,
        after,
        limit
    )
    .fetch_all(connection)
    .await
}

/// Every kind of event that the log has, found by skipping through the index rather than by reading the log.
pub(super) async fn list_actions(connection: &mut PgConnection) -> Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"with recursive kinds as (
               (select min(action) as action from activity_logs)
               union all
               select (select min(l.action) from activity_logs l where l.action > k.action) from kinds k where k.action is not null
           )
           select action as "action!" from kinds where action is not null order by 1"#
    )
    .fetch_all(connection)
    .await
}
