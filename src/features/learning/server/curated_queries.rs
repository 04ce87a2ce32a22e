//! SQL about learners as those see them who look after them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct LearnerRow {
    pub enrollment_id: Uuid,
    pub user_id: Uuid,
    pub full_name: String,
    pub photo_file_id: Option<Uuid>,
    pub course_title: String,
    pub progress: i32,
    pub last_visited_at: Option<DateTime<Utc>>,
    pub stuck_lesson: Option<String>,
}

/// Learners by name: those of a curator (their own, and those of their courses who have none), or all; one page after an enrolment.
pub(super) async fn learners(
    connection: &mut PgConnection,
    curator_id: Option<Uuid>,
    course: Option<Uuid>,
    after: Option<Uuid>,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<LearnerRow>> {
    sqlx::query_as!(
        LearnerRow,
        r#"with page as (
               select e.id, e.user_id, e.course_id, e.course_version_id, u.full_name, u.photo_file_id
               from course_enrollments e join users u on u.id = e.user_id and u.is_active
               where e.state in ('active', 'completed') and (e.expires_at is null or e.expires_at > $4)
                 and ($1::uuid is null or e.curator_id = $1
                      or (e.curator_id is null and exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = $1)))
                 and ($2::uuid is null or e.course_id = $2)
                 and ($3::uuid is null or (u.full_name, e.id) > (select n.full_name, $3 from course_enrollments x join users n on n.id = x.user_id where x.id = $3))
               order by u.full_name, e.id limit $5
           )
           select e.id as enrollment_id, e.user_id, e.full_name, e.photo_file_id, c.title as course_title,
                  coalesce((p.progress_percentage * 100)::int, 0) as "progress!",
                  (select max(lp.last_visited_at) from lesson_progress lp join course_version_lessons l on l.lesson_id = lp.lesson_id
                   where lp.user_id = e.user_id and l.course_version_id = e.course_version_id) as last_visited_at,
                  (select lv.title from course_version_lessons l
                   join course_version_modules m on m.course_version_id = l.course_version_id and m.module_id = l.module_id
                   join lessons i on i.id = l.lesson_id join lesson_versions lv on lv.id = i.published_version_id
                   left join lesson_progress lp on lp.lesson_id = l.lesson_id and lp.user_id = e.user_id
                   where l.course_version_id = e.course_version_id and l.is_required and lp.state is distinct from 'completed'
                   order by m.position, m.module_id, l.position, l.lesson_id limit 1) as stuck_lesson
           from page e
           join courses c on c.id = e.course_id
           left join course_progress p on p.enrollment_id = e.id
           order by e.full_name, e.id"#,
        curator_id,
        course,
        after,
        now,
        limit
    )
    .fetch_all(connection)
    .await
}
