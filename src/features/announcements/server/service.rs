//! Use cases of announcements.

use super::queries::{self, NewAnnouncement};
use crate::features::announcements::model::{Announcement, AnnouncementLine, Sent, SentLine, Target};
use crate::server::authz::{self, Actor, AnnounceInCourse, ReadAnnouncement, SeeReviewQueue};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::server::limits;
use crate::server::markdown::{RENDERER_VERSION, to_html};
use crate::shared::error::{FieldProblem, Problem};
use crate::shared::role::Role;
use sqlx::PgConnection;
use uuid::Uuid;

const TITLE_MAX: u32 = 150;
const BODY_MAX: u32 = 10_000;
/// Announcements on the learning home.
const SHOWN: i64 = 5;

/// The curator whose courses count; administrators have all.
fn curator(ctx: &Ctx) -> Option<Uuid> {
    match ctx.actor {
        Actor::Person { id, role: Role::Curator } => Some(id),
        _ => None,
    }
}

/// What was published in my courses, and whom I may write to.
pub async fn sent(ctx: &Ctx) -> Result<Sent> {
    let _permit = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let mut connection = ctx.connection().await?;
    let targets = queries::targets(&mut connection, curator(ctx), ctx.now()).await?;
    let lines = queries::sent(&mut connection, curator(ctx)).await?;
    Ok(Sent {
        targets: targets
            .into_iter()
            .map(|row| Target {
                value: row.group_id.map_or_else(|| row.course_id.to_string(), |group| format!("{}/{group}", row.course_id)),
                course_title: row.course_title,
                group: row.group_name,
                learners: row.learners,
            })
            .collect(),
        lines: lines
            .into_iter()
            .map(|row| SentLine {
                id: row.id,
                title: row.title,
                course_title: row.course_title,
                group: row.group_name,
                author: row.author,
                published: ctx.local(row.published_at),
                is_withdrawn: row.is_withdrawn,
                recipients: row.recipients,
                readers: row.readers,
                read_hundredths: if row.recipients == 0 { 0 } else { i32::try_from(row.readers * 10_000 / row.recipients).unwrap_or_default() },
            })
            .collect(),
        form_key: ctx.new_id(),
    })
}

/// An announcement as typed.
#[derive(Debug)]
pub struct Publish<'a> {
    /// A course's id, or with a group's after a slash.
    pub target: &'a str,
    /// In a line.
    pub title: &'a str,
    /// Markdown.
    pub body: &'a str,
    /// The form's; a double press has the same.
    pub form_key: Option<Uuid>,
}

/// Publishes at once to all who learn in the course or group now.
pub async fn publish(ctx: &Ctx, input: Publish<'_>) -> Result<()> {
    // Asked before the transaction, for it may ask Redis.
    let wait = ctx.state.limits.take(limits::ANNOUNCE, &ctx.actor.signed_in()?.to_string()).await;
    let mut tx = ctx.begin().await?;
    publish_in(&mut tx, ctx, wait, input).await?;
    Ok(tx.commit().await?)
}

/// The same in the caller's transaction; `wait` is how long the throttle tells the author to.
pub async fn publish_in(connection: &mut PgConnection, ctx: &Ctx, wait: u32, input: Publish<'_>) -> Result<()> {
    let _area = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let author_id = ctx.actor.signed_in()?;
    let (title, body) = (input.title.trim(), input.body.trim());
    let mut problems = Vec::new();
    for (field, text, most) in [("title", title, TITLE_MAX), ("body", body, BODY_MAX)] {
        if text.is_empty() {
            problems.push(FieldProblem::new(field, Problem::Required));
        } else if text.contains('\0') {
            problems.push(FieldProblem::new(field, Problem::BadCharacters));
        } else if text.chars().count() > most as usize {
            problems.push(FieldProblem::new(field, Problem::TooLong(most)));
        }
    }
    let target = target_of(connection, ctx, author_id, input.target).await?;
    if target.is_none() {
        problems.push(FieldProblem::new("course_id", Problem::UnknownChoice));
    }
    let Some((course_id, group_id)) = target.filter(|_| problems.is_empty()) else { return Err(ServiceError::Invalid(problems)) };
    let id = ctx.new_id();
    let mut form_key = input.form_key.unwrap_or(id);
    match queries::announcement_by_form_key(connection, author_id, form_key).await? {
        Some(before) if before.title == title && before.body_md == body => return Ok(()),
        // The same form with another text, after going back, is a new announcement.
        Some(_) => form_key = id,
        None => {}
    }
    if wait > 0 {
        return Err(ServiceError::field("", Problem::Throttled(wait)));
    }
    let row = NewAnnouncement {
        id,
        course_id,
        group_id,
        author_id,
        title,
        body_md: body,
        body_html: &to_html(body),
        renderer_version: RENDERER_VERSION,
        form_key,
        now: ctx.now(),
    };
    if queries::insert_announcement(connection, row).await? {
        queries::insert_recipients(connection, id, ctx.now()).await?;
        events::record(connection, ctx, Event::AnnouncementPublished { announcement_id: id, course_id }).await?;
    }
    Ok(())
}

/// The chosen course and group, if this person may write to it.
async fn target_of(connection: &mut PgConnection, ctx: &Ctx, author_id: Uuid, value: &str) -> Result<Option<(Uuid, Option<Uuid>)>> {
    let (course, group) = value.split_once('/').map_or((value, None), |(course, group)| (course, Some(group)));
    let Ok(course_id) = Uuid::try_parse(course) else { return Ok(None) };
    let is_curator = queries::is_curator(connection, course_id, author_id).await?;
    if authz::permit(&ctx.actor, AnnounceInCourse { is_curator }).is_err() {
        return Ok(None);
    }
    let known = queries::targets(connection, curator(ctx), ctx.now()).await?;
    let group_id = match group.map(Uuid::try_parse) {
        None => None,
        Some(Ok(group_id)) if queries::is_group_of(connection, group_id, course_id).await? => Some(group_id),
        Some(_) => return Ok(None),
    };
    Ok(known.iter().any(|row| row.course_id == course_id).then_some((course_id, group_id)))
}

/// An announcement; a reader's first opening is remembered.
pub async fn announcement(ctx: &Ctx, id: Uuid) -> Result<Announcement> {
    let user_id = ctx.actor.signed_in()?;
    let mut connection = ctx.connection().await?;
    let row = queries::announcement_by_id(&mut connection, id, user_id).await?.ok_or(ServiceError::NotFound)?;
    let action = ReadAnnouncement { is_recipient: row.is_recipient, is_withdrawn: row.is_withdrawn, is_curator: row.is_curator };
    let _permit = authz::permit(&ctx.actor, action)?;
    if row.is_recipient {
        queries::mark_read(&mut connection, id, user_id, ctx.now()).await?;
    }
    Ok(Announcement {
        id,
        title: row.title,
        course_title: row.course_title,
        author: row.author,
        html: row.body_html,
        published: ctx.local(row.published_at),
        is_withdrawn: row.is_withdrawn,
        can_withdraw: !row.is_withdrawn && authz::permit(&ctx.actor, AnnounceInCourse { is_curator: row.is_curator }).is_ok(),
    })
}

/// Takes an announcement back: its readers see it no more.
pub async fn withdraw(ctx: &Ctx, id: Uuid) -> Result<()> {
    let _area = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let user_id = ctx.actor.signed_in()?;
    let mut tx = ctx.begin().await?;
    let row = queries::announcement_by_id(&mut tx, id, user_id).await?.ok_or(ServiceError::NotFound)?;
    let _permit = authz::permit(&ctx.actor, AnnounceInCourse { is_curator: row.is_curator })?;
    if queries::withdraw(&mut tx, id, user_id, ctx.now()).await? {
        events::record(&mut tx, ctx, Event::AnnouncementWithdrawn { announcement_id: id, course_id: row.course_id }).await?;
    }
    Ok(tx.commit().await?)
}

/// What reached a person, unread first.
pub async fn mine(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<Vec<AnnouncementLine>> {
    let rows = queries::mine(connection, user_id, SHOWN).await?;
    Ok(rows
        .into_iter()
        .map(|row| AnnouncementLine {
            id: row.id,
            title: row.title,
            course_title: row.course_title,
            published: ctx.local(row.published_at),
            is_read: row.is_read,
        })
        .collect())
}

/// Whom an announcement reached, to tell them of it.
#[derive(Debug)]
pub struct Told {
    /// Its title.
    pub title: String,
    /// The course's.
    pub course: String,
    /// Its readers.
    pub readers: Vec<Uuid>,
}

/// So many of an announcement's readers after one of them; `None` when it was withdrawn. It can't be withdrawn until the transaction
/// ends.
pub async fn told(connection: &mut PgConnection, announcement_id: Uuid, after: Option<Uuid>, limit: i64) -> Result<Option<Told>> {
    let Some(row) = queries::share_published(connection, announcement_id).await? else { return Ok(None) };
    let readers = queries::recipients(connection, announcement_id, after, limit).await?;
    Ok(Some(Told { title: row.title, course: row.course_title, readers }))
}

/// Renders some announcements again that an older renderer made; whether there were any.
pub async fn render_again(ctx: &Ctx) -> Result<bool> {
    let mut tx = ctx.begin().await?;
    let rows = queries::lock_stale(&mut tx, RENDERER_VERSION).await?;
    for row in &rows {
        queries::update_html(&mut tx, row.id, &to_html(&row.body_md), RENDERER_VERSION).await?;
    }
    tx.commit().await?;
    Ok(!rows.is_empty())
}
