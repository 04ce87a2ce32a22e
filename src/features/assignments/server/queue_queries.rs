//! SQL of the curators' queue: what waits, what is found by its state.

use crate::features::quizzes::model::QueueFilter;
use crate::server::ctx::Ctx;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Whose queue it is, and which works of it are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// The curator whose courses count; all without.
    pub curator_id: Option<Uuid>,
    /// Nobody reviews their own.
    pub reader_id: Option<Uuid>,
    /// The moment.
    pub now: DateTime<Utc>,
    /// Of one course.
    pub course: Option<Uuid>,
    /// On one assignment.
    pub assignment: Option<Uuid>,
    /// Of one round.
    pub round: Option<i32>,
    /// The reader's, nobody's, and what is late.
    pub is_mine: bool,
}

impl Scope {
    /// What of their queue somebody asks for.
    pub fn of(ctx: &Ctx, curator_id: Option<Uuid>, filter: &QueueFilter) -> Self {
        Self {
            curator_id,
            reader_id: ctx.actor.id(),
            now: ctx.now(),
            course: filter.course,
            assignment: filter.assignment,
            round: filter.round,
            is_mine: filter.is_mine,
        }
    }
}

/// The moment and the id after which a page begins.
pub type After = Option<(DateTime<Utc>, Uuid)>;

pub(super) struct QueueRow {
    pub submission_id: Uuid,
    pub learner: String,
    pub course_title: String,
    pub title: String,
    pub round: i32,
    pub photos: i64,
    pub pictures: Vec<String>,
    pub submitted_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    pub owner: Option<String>,
    pub holder: Option<String>,
    pub held_until: Option<DateTime<Utc>>,
}

/// Works that wait, by promised moment; never the reader's own.
pub(super) async fn queue(connection: &mut PgConnection, scope: Scope, after: After, limit: i64) -> Result<Vec<QueueRow>> {
    let (after_at, after_id) = after.unzip();
    sqlx::query_as!(
        QueueRow,
        r#"with waiting as (
               select s.id, s.user_id, s.assignment_version_id, e.course_id, s.owner_id, s.round, s.submitted_at, s.due_at
               from assignment_submissions s join course_enrollments e on e.id = s.enrollment_id
               where s.state in ('submitted', 'in_review') and s.user_id is distinct from $2
                 and ($1::uuid is null or exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = $1))
                 and ($4::uuid is null or e.course_id = $4) and ($5::uuid is null or s.assignment_id = $5) and ($6::int is null or s.round = $6)
                 and (not $7 or s.owner_id is null or s.owner_id = $2 or s.due_at < $3)
                 and ($8::timestamptz is null or (s.due_at, s.id) > ($8, $9::uuid))
               order by s.due_at, s.id limit $10
           )
           select s.id as submission_id, u.full_name as learner, c.title as course_title, v.title, s.round,
                  (select count(*) from assignment_round_files f where f.round_id = r.id and f.kind = 'photo') as "photos!",
                  array(select f.file_id || '/' || min(p.width) from assignment_round_files f join file_pictures p on p.file_id = f.file_id
                        where f.round_id = r.id and f.kind = 'photo' group by f.file_id, f.position order by f.position, f.file_id limit 2) as "pictures!",
                  s.submitted_at as "submitted_at!", s.due_at as "due_at!", o.full_name as "owner?", k.full_name as "holder?",
                  h.held_until as "held_until?"
           from waiting s
           join users u on u.id = s.user_id
           join assignment_versions v on v.id = s.assignment_version_id
           join assignment_rounds r on r.submission_id = s.id and r.number = s.round
           join courses c on c.id = s.course_id
           left join users o on o.id = s.owner_id
           left join assignment_holds h on h.submission_id = s.id and h.held_until > $3
           left join users k on k.id = h.curator_id
           order by s.due_at, s.id"#,
        scope.curator_id,
        scope.reader_id,
        scope.now,
        scope.course,
        scope.assignment,
        scope.round,
        scope.is_mine,
        after_at,
        after_id,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) struct CountsRow {
    pub waiting: i64,
    pub near: i64,
    pub overdue: i64,
}

/// How many works wait, how many of them until a moment, how many are late.
pub(super) async fn counts(connection: &mut PgConnection, scope: Scope, near: DateTime<Utc>) -> Result<CountsRow> {
    sqlx::query_as!(
        CountsRow,
        r#"select count(*) as "waiting!", count(*) filter (where s.due_at >= $3 and s.due_at < $8) as "near!",
                  count(*) filter (where s.due_at < $3) as "overdue!"
           from assignment_submissions s join course_enrollments e on e.id = s.enrollment_id
           where s.state in ('submitted', 'in_review') and s.user_id is distinct from $2
             and ($1::uuid is null or exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = $1))
             and ($4::uuid is null or e.course_id = $4) and ($5::uuid is null or s.assignment_id = $5) and ($6::int is null or s.round = $6)
             and (not $7 or s.owner_id is null or s.owner_id = $2 or s.due_at < $3)"#,
        scope.curator_id,
        scope.reader_id,
        scope.now,
        scope.course,
        scope.assignment,
        scope.round,
        scope.is_mine,
        near
    )
    .fetch_one(connection)
    .await
}

/// How many works wait.
pub(super) async fn count(connection: &mut PgConnection, curator_id: Option<Uuid>, reader_id: Option<Uuid>) -> Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from assignment_submissions s join course_enrollments e on e.id = s.enrollment_id
           where s.state in ('submitted', 'in_review') and s.user_id is distinct from $2
             and ($1::uuid is null or exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = $1))"#,
        curator_id,
        reader_id
    )
    .fetch_one(connection)
    .await
}

pub(super) struct FoundRow {
    pub submission_id: Uuid,
    pub learner: String,
    pub course_title: String,
    pub title: String,
    pub round: i32,
    pub updated_at: DateTime<Utc>,
    pub owner: Option<String>,
}

/// Works in one state, the latest moved first. Of those that are written only what was handed in before: the rest is its learner's alone.
pub(super) async fn found(connection: &mut PgConnection, scope: Scope, state: &str, after: After, limit: i64) -> Result<Vec<FoundRow>> {
    let (after_at, after_id) = after.unzip();
    sqlx::query_as!(
        FoundRow,
        r#"with found as (
               select s.id, s.user_id, s.assignment_version_id, e.course_id, s.owner_id, s.round, s.updated_at
               from assignment_submissions s join course_enrollments e on e.id = s.enrollment_id
               where s.state = $3 and (s.state <> 'draft' or s.round > 1) and s.user_id is distinct from $2
                 and ($1::uuid is null or exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = $1))
                 and ($4::uuid is null or e.course_id = $4) and ($5::uuid is null or s.assignment_id = $5) and ($6::int is null or s.round = $6)
                 and (not $7 or s.owner_id is null or s.owner_id = $2)
                 and ($8::timestamptz is null or (s.updated_at, s.id) < ($8, $9::uuid))
               order by s.updated_at desc, s.id desc limit $10
           )
           select s.id as submission_id, u.full_name as learner, c.title as course_title, v.title, s.round, s.updated_at, o.full_name as "owner?"
           from found s
           join users u on u.id = s.user_id
           join assignment_versions v on v.id = s.assignment_version_id
           join courses c on c.id = s.course_id
           left join users o on o.id = s.owner_id
           order by s.updated_at desc, s.id desc"#,
        scope.curator_id,
        scope.reader_id,
        state,
        scope.course,
        scope.assignment,
        scope.round,
        scope.is_mine,
        after_at,
        after_id,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) struct CourseRow {
    pub id: Uuid,
    pub title: String,
}

/// Courses of a curator, or all.
pub(super) async fn courses(connection: &mut PgConnection, curator_id: Option<Uuid>) -> Result<Vec<CourseRow>> {
    sqlx::query_as!(
        CourseRow,
        "select c.id, c.title from courses c
         where $1::uuid is null or exists (select from course_curators cc where cc.course_id = c.id and cc.user_id = $1)
         order by c.position, c.id limit 200",
        curator_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct AssignmentRow {
    pub id: Uuid,
    pub title: String,
    pub course_title: String,
}

/// Assignments of a curator's courses, or of all.
pub(super) async fn assignments(connection: &mut PgConnection, curator_id: Option<Uuid>) -> Result<Vec<AssignmentRow>> {
    sqlx::query_as!(
        AssignmentRow,
        "select a.id, v.title, c.title as course_title
         from assignments a join assignment_versions v on v.id = a.published_version_id
         join lessons l on l.id = a.lesson_id join modules m on m.id = l.module_id join courses c on c.id = m.course_id
         where $1::uuid is null or exists (select from course_curators cc where cc.course_id = c.id and cc.user_id = $1)
         order by c.position, c.id, m.position, l.position, a.position, a.id limit 500",
        curator_id
    )
    .fetch_all(connection)
    .await
}

/// The works before and after one.
pub(super) struct NeighboursRow {
    pub previous: Option<Uuid>,
    pub next: Option<Uuid>,
}

/// The works to go on with from one, by their moments: what nobody else holds. After the last comes the first.
pub(super) async fn neighbours(connection: &mut PgConnection, scope: Scope, from: Uuid) -> Result<NeighboursRow> {
    sqlx::query_as!(
        NeighboursRow,
        r#"with waiting as (
               select s.id, s.due_at
               from assignment_submissions s join course_enrollments e on e.id = s.enrollment_id
               where s.state in ('submitted', 'in_review') and s.user_id is distinct from $2 and s.id <> $8
                 and ($1::uuid is null or exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = $1))
                 and ($4::uuid is null or e.course_id = $4) and ($5::uuid is null or s.assignment_id = $5) and ($6::int is null or s.round = $6)
                 and (not $7 or s.owner_id is null or s.owner_id = $2 or s.due_at < $3)
                 and not exists (select from assignment_holds h where h.submission_id = s.id and h.held_until > $3 and h.curator_id is distinct from $2)
           ), here as (select due_at from assignment_submissions where id = $8)
           select coalesce(
                      (select w.id from waiting w, here where (w.due_at, w.id) < (here.due_at, $8) order by w.due_at desc, w.id desc limit 1),
                      (select w.id from waiting w order by w.due_at desc, w.id desc limit 1)) as previous,
                  coalesce(
                      (select w.id from waiting w, here where (w.due_at, w.id) > (here.due_at, $8) order by w.due_at, w.id limit 1),
                      (select w.id from waiting w order by w.due_at, w.id limit 1)) as next"#,
        scope.curator_id,
        scope.reader_id,
        scope.now,
        scope.course,
        scope.assignment,
        scope.round,
        scope.is_mine,
        from
    )
    .fetch_one(connection)
    .await
}

pub(super) struct EnrolledRow {
    pub enrollment_id: Uuid,
    pub submission_id: Uuid,
    pub title: String,
    pub round: i32,
    pub state: String,
}

/// Works of enrolments of which something was handed in, in the order of their courses.
pub(super) async fn of_enrollments(connection: &mut PgConnection, enrollments: &[Uuid]) -> Result<Vec<EnrolledRow>> {
    sqlx::query_as!(
        EnrolledRow,
        "select s.enrollment_id, s.id as submission_id, v.title, s.round, s.state
         from assignment_submissions s join assignment_versions v on v.id = s.assignment_version_id
         join assignments a on a.id = s.assignment_id join lessons l on l.id = a.lesson_id join modules m on m.id = l.module_id
         where s.enrollment_id = any ($1) and (s.state <> 'draft' or s.round > 1)
         order by m.position, l.position, a.position, s.id limit 2000",
        enrollments
    )
    .fetch_all(connection)
    .await
}
