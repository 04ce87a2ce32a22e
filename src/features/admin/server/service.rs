//! Use cases of administration.

use super::queries::{self, UserRow};
use crate::features::accounts::server::sessions;
use crate::features::admin::model::{
    ClosedLine, CompletedLine, CourseChoice, CourseFigures, EnrollmentLine, Figures, LogLine, OpeningLine, UserLine, UserList, UserPage,
};
use crate::features::learning::server::enrollment::{self, Enroll};
use crate::features::learning::server::{openings, resets};
use crate::server::authz::{self, Administer, Permit};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::server::reason;
use crate::shared::error::{FieldProblem, Problem};
use crate::shared::page::Page;
use crate::shared::role::Role;
use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

const PAGE_SIZE: i64 = 50;
const SEARCH_MAX: usize = 200;

pub(super) fn administer(ctx: &Ctx) -> Result<Permit<Administer>> {
    Ok(authz::permit(&ctx.actor, Administer)?)
}

/// The school's figures.
pub async fn figures(ctx: &Ctx) -> Result<Figures> {
    let _permit = administer(ctx)?;
    let mut connection = ctx.connection().await?;
    let row = queries::figures(&mut connection, ctx.now()).await?;
    let courses = queries::course_figures(&mut connection, ctx.now()).await?;
    Ok(Figures {
        students: row.students,
        staff: row.staff,
        enrollments: row.enrollments,
        active_learners: row.active_learners,
        waiting: row.waiting,
        overdue: row.overdue,
        courses: courses
            .into_iter()
            .map(|row| CourseFigures { slug: row.slug, title: row.title, learners: row.learners, progress: row.progress })
            .collect(),
    })
}

fn line(ctx: &Ctx, row: UserRow) -> Result<UserLine> {
    Ok(UserLine {
        role: Role::from_code(&row.role).with_context(|| format!("users.role of {} is `{}`", row.id, row.role))?,
        id: row.id,
        full_name: row.full_name,
        email: row.email,
        is_active: row.is_active,
        enrollments: row.enrollments,
        created: ctx.local(row.created_at),
    })
}

/// The pattern that finds a text anywhere, with its own wildcards taken literally.
pub(super) fn pattern(search: &str) -> String {
    let search: String = search.trim().replace('\0', "").chars().take(SEARCH_MAX).collect();
    if search.is_empty() {
        return search;
    }
    format!("%{}%", search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// People by name, address and role, one page.
pub async fn users(ctx: &Ctx, search: &str, role: &str, after: Option<Uuid>) -> Result<UserList> {
    let _permit = administer(ctx)?;
    let (pattern, role) = (pattern(search), Role::from_code(role).map(Role::code));
    let mut connection = ctx.connection().await?;
    let rows = queries::list_users(&mut connection, &pattern, role, after, PAGE_SIZE + 1).await?;
    let total = queries::count_users(&mut connection, &pattern, role).await?;
    let Page { items: rows, next } = Page::cut(rows, PAGE_SIZE, |row| row.id);
    let items = rows.into_iter().map(|row| line(ctx, row)).collect::<Result<Vec<_>>>()?;
    Ok(UserList { page: Page { items, next }, total })
}

/// A person's page.
pub async fn user(ctx: &Ctx, user_id: Uuid) -> Result<UserPage> {
    let _permit = administer(ctx)?;
    let mut connection = ctx.connection().await?;
    let row = queries::user_by_id(&mut connection, user_id).await?.ok_or(ServiceError::NotFound)?;
    let sessions = queries::sessions_of(&mut connection, user_id, ctx.now()).await?;
    let enrollments = queries::enrollments_of(&mut connection, user_id).await?;
    let courses = queries::courses_not_taken(&mut connection, user_id, ctx.now()).await?;
    let closed_lessons = openings::closed_for(&mut connection, ctx, user_id).await?;
    let completed = resets::completed_by(&mut connection, ctx, user_id).await?;
    let opened = openings::openings_of(&mut connection, ctx, user_id).await?;
    let log = queries::log_of(&mut connection, user_id).await?;
    Ok(UserPage {
        photo: row.photo_file_id,
        line: line(ctx, row)?,
        sessions: sessions.running,
        last_seen: sessions.last_seen_at.map(|at| ctx.local(at)),
        enrollments: enrollments
            .into_iter()
            .map(|row| EnrollmentLine {
                course_title: row.course_title,
                state: row.state,
                starts: ctx.local(row.starts_at),
                expires: row.expires_at.map(|at| ctx.local(at)),
                progress: row.progress,
                reason: row.grant_reason,
            })
            .collect(),
        courses: courses.into_iter().map(|row| CourseChoice { id: row.id, title: row.title }).collect(),
        closed_lessons: closed_lessons
            .into_iter()
            .map(|lesson| ClosedLine { lesson_id: lesson.lesson_id, title: lesson.title, course_title: lesson.course_title, waits: lesson.waits })
            .collect(),
        completed_lessons: completed
            .into_iter()
            .map(|lesson| CompletedLine { lesson_id: lesson.lesson_id, title: lesson.title, course_title: lesson.course_title })
            .collect(),
        openings: opened
            .into_iter()
            .map(|row| OpeningLine {
                id: row.id,
                title: row.title,
                course_title: row.course_title,
                opened_by: row.opened_by,
                reason: row.reason,
                at: ctx.local(row.at),
            })
            .collect(),
        log: log.into_iter().map(|row| LogLine { at: ctx.local(row.occurred_at), action: row.action, actor: row.actor }).collect(),
        is_self: ctx.actor.id() == Some(user_id),
    })
}

/// What is done to a person needs a choice and a reason; each is named by its field.
fn chosen_for_a_reason<'a>((field, choice): (&str, Option<Uuid>), (reason_field, reason): (&str, &'a str)) -> Result<(Uuid, &'a str)> {
    let checked = reason::check(reason);
    let missing = choice.is_none().then(|| FieldProblem::new(field, Problem::Required));
    match (choice, checked) {
        (Some(choice), Ok(reason)) => Ok((choice, reason)),
        (_, checked) => {
            Err(ServiceError::Invalid(missing.into_iter().chain(checked.err().map(|problem| FieldProblem::new(reason_field, problem))).collect()))
        }
    }
}

/// Opens a closed lesson for a person, with a reason.
pub async fn open_lesson(ctx: &Ctx, user_id: Uuid, lesson_id: Option<Uuid>, reason: &str) -> Result<()> {
    let _permit = administer(ctx)?;
    let (lesson_id, reason) = chosen_for_a_reason(("lesson_id", lesson_id), ("opening_reason", reason))?;
    let mut tx = ctx.begin().await?;
    queries::lock_user(&mut tx, user_id).await?.ok_or(ServiceError::NotFound)?;
    openings::open(&mut tx, ctx, user_id, lesson_id, reason).await?;
    Ok(tx.commit().await?)
}

/// Takes a person's completion of a lesson back, with a reason.
pub async fn reset_lesson(ctx: &Ctx, user_id: Uuid, lesson_id: Option<Uuid>, reason: &str) -> Result<()> {
    let _permit = administer(ctx)?;
    let (lesson_id, reason) = chosen_for_a_reason(("reset_lesson_id", lesson_id), ("reset_reason", reason))?;
    let mut tx = ctx.begin().await?;
    queries::lock_user(&mut tx, user_id).await?.ok_or(ServiceError::NotFound)?;
    resets::reset(&mut tx, ctx, user_id, lesson_id, reason).await?;
    Ok(tx.commit().await?)
}

/// Takes such an opening back.
pub async fn close_lesson(ctx: &Ctx, user_id: Uuid, opening_id: Uuid) -> Result<()> {
    let _permit = administer(ctx)?;
    let mut tx = ctx.begin().await?;
    openings::take_back(&mut tx, ctx, user_id, opening_id).await?;
    Ok(tx.commit().await?)
}

/// Enrols a person into a course, with a reason.
pub async fn enroll(ctx: &Ctx, user_id: Uuid, course_id: Option<Uuid>, reason: &str) -> Result<()> {
    let _permit = administer(ctx)?;
    let (course_id, reason) = chosen_for_a_reason(("course_id", course_id), ("reason", reason))?;
    let mut tx = ctx.begin().await?;
    queries::lock_user(&mut tx, user_id).await?.ok_or(ServiceError::NotFound)?;
    let input = Enroll { user_id, course_id, offer_id: None, reason: Some(reason), expires_at: None };
    enrollment::enroll(&mut tx, ctx, input).await.map_err(|error| match error {
        ServiceError::NotFound => ServiceError::field("course_id", Problem::UnknownChoice),
        error => error,
    })?;
    Ok(tx.commit().await?)
}

/// Changes a role; the person's sessions end, so that the new role holds at once.
pub async fn change_role(ctx: &Ctx, user_id: Uuid, role: &str) -> Result<()> {
    let _permit = administer(ctx)?;
    let role = Role::from_code(role).ok_or_else(|| ServiceError::field("role", Problem::UnknownChoice))?;
    if ctx.actor.id() == Some(user_id) {
        return Err(ServiceError::field("role", Problem::OwnAccount));
    }
    let mut tx = ctx.begin().await?;
    let before = lock_for_change(&mut tx, user_id, "role", role == Role::Admin).await?;
    if before != role {
        queries::update_role(&mut tx, user_id, role.code(), ctx.now()).await?;
        events::record(&mut tx, ctx, Event::RoleChanged { user_id, before, after: role }).await?;
        sessions::end_all(&mut tx, ctx, user_id, None, "role_changed").await?;
    }
    Ok(tx.commit().await?)
}

/// Disables an account and ends its sessions, or enables it again.
pub async fn set_active(ctx: &Ctx, user_id: Uuid, is_active: bool) -> Result<()> {
    let _permit = administer(ctx)?;
    if ctx.actor.id() == Some(user_id) {
        return Err(ServiceError::field("is_active", Problem::OwnAccount));
    }
    let mut tx = ctx.begin().await?;
    lock_for_change(&mut tx, user_id, "is_active", is_active).await?;
    let was_active = queries::lock_user(&mut tx, user_id).await?.ok_or(ServiceError::NotFound)?.is_active;
    if was_active != is_active {
        queries::update_active(&mut tx, user_id, is_active, ctx.now()).await?;
        events::record(&mut tx, ctx, Event::ActiveChanged { user_id, is_active }).await?;
        if !is_active {
            sessions::end_all(&mut tx, ctx, user_id, None, "disabled").await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Locks a person for a change; refuses to take away the last active administrator. Returns their role.
async fn lock_for_change(connection: &mut PgConnection, user_id: Uuid, field: &str, stays_admin: bool) -> Result<Role> {
    let admins = queries::lock_active_admins(connection).await?;
    let row = queries::lock_user(connection, user_id).await?.ok_or(ServiceError::NotFound)?;
    if !stays_admin && admins == [user_id] {
        return Err(ServiceError::field(field, Problem::LastAdmin));
    }
    Ok(Role::from_code(&row.role).with_context(|| format!("users.role of {user_id} is `{}`", row.role))?)
}
