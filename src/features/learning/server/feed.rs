//! A learner's deadlines as a feed for calendar programs (iCalendar, RFC 5545). Those have no session: a secret address opens it. The
//! address is signed, not kept; what is kept is how often its owner made a new one, so that older ones open nothing.

use super::access::{self, CourseAccess};
use super::feed_queries as queries;
use crate::features::accounts::server::readers::{self, Reader};
use crate::features::assignments::server::view as works;
use crate::features::quizzes::server::learners::course_tests as tests;
use crate::server::authz::{self, Actor, LearnLesson, ReadCourse, UseOwnAccount};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::server::limits;
use crate::server::state::AppState;
use crate::shared::href;
use crate::shared::i18n::deadlines as texts;
use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use icalendar::{Calendar, Component as _, Event as Entry, EventLike as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

/// Not the audience of sessions: neither token serves as the other.
const AUDIENCE: &str = "lectern-calendar";
/// What is past stays in the calendar this long.
const KEPT: TimeDelta = TimeDelta::days(30);
/// How often programs are asked to look again.
const LOOKED_AT: TimeDelta = TimeDelta::hours(1);

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    aud: String,
    sub: Uuid,
    generation: i32,
}

/// The address of one's own feed.
pub(super) async fn address(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<String> {
    let generation = queries::generation(connection, user_id).await?;
    let claims = Claims { aud: AUDIENCE.to_owned(), sub: user_id, generation };
    let token = encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&ctx.state.secret)).context("a link to a calendar")?;
    Ok(format!("{}/calendar/{token}.ics", ctx.state.config.base_url))
}

fn read(state: &AppState, token: &str) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["aud", "sub"]);
    validation.validate_exp = false;
    decode::<Claims>(token, &DecodingKey::from_secret(&state.secret), &validation).ok().map(|data| data.claims)
}

/// Gives one's feed another address; those before open nothing any more.
pub async fn renew(ctx: &Ctx) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, UseOwnAccount)?;
    let user_id = ctx.actor.signed_in()?;
    let mut tx = ctx.begin().await?;
    queries::next_generation(&mut tx, user_id).await?;
    events::record(&mut tx, ctx, Event::CalendarLinkRenewed { user_id }).await?;
    Ok(tx.commit().await?)
}

/// The feed of an address, as a calendar program reads it.
///
/// # Errors
/// Not found for an address that was replaced, is not ours, or whose owner has no active account.
pub async fn feed(ctx: &Ctx, token: &str) -> Result<String> {
    let Some(claims) = read(&ctx.state, token) else {
        return Err(match ctx.state.limits.take(limits::TRY_LINK, &ctx.address).await {
            0 => ServiceError::NotFound,
            wait => ServiceError::TooManyRequests(wait),
        });
    };
    // An address that was replaced takes nothing of its successor's.
    let key = format!("{} {}", claims.sub, claims.generation);
    let wait = ctx.state.limits.take(limits::READ_CALENDAR, &key).await;
    if wait > 0 {
        return Err(ServiceError::TooManyRequests(wait));
    }
    let mut connection = ctx.connection().await?;
    let reader = readers::reader(&mut connection, claims.sub).await?.ok_or(ServiceError::NotFound)?;
    if queries::generation(&mut connection, reader.user_id).await? != claims.generation {
        return Err(ServiceError::NotFound);
    }
    // Whoever holds the address sees what its owner may see, and no more.
    let ctx = Ctx { actor: Actor::Person { id: reader.user_id, role: reader.role }, zone: reader.zone, ..ctx.clone() };
    let mut calendar = empty(&texts::calendar_name(reader.locale, &ctx.viewer.school.name));
    calendar.extend(entries(&mut connection, &ctx, &reader).await?);
    Ok(calendar.to_string())
}

fn empty(name: &str) -> Calendar {
    let mut calendar = Calendar::empty();
    for property in [("VERSION", "2.0"), ("PRODID", "-//Lectern//Deadlines//EN"), ("CALSCALE", "GREGORIAN"), ("METHOD", "PUBLISH")] {
        calendar.append_property(property);
    }
    // Its successor `NAME` is not escaped by the crate, and read by nobody who can't read this one.
    calendar.append_property(("X-WR-CALNAME", one_text(name).as_str()));
    calendar.ttl(&LOOKED_AT);
    calendar
}

/// The deadlines in all courses that may be read.
async fn entries(connection: &mut PgConnection, ctx: &Ctx, reader: &Reader) -> Result<Vec<Entry>> {
    let (locale, since) = (reader.locale, ctx.now() - KEPT);
    let due = works::due(connection, reader.user_id, since).await?;
    let mut entries = Vec::new();
    for course_id in queries::enrolled_courses(connection, reader.user_id).await? {
        let Some(course) = readable(connection, ctx, course_id).await? else { continue };
        let entry = |uid: String, at, summary: String, path: String| entry(ctx, &uid, at, &summary, &course.title, &path);
        for work in due.iter().filter(|work| work.course_id == course_id) {
            let summary = texts::work_due(locale, &work.title);
            entries.push(entry(format!("work-{}", work.id), work.at, summary, href::assignment(work.assignment_id)));
        }
        let closings = tests::closings(connection, course.version_id, reader.user_id, since).await?;
        if !closings.is_empty() {
            let lessons = access::open_lessons(connection, ctx, &course).await?;
            let is_open = |id: &Uuid| lessons.get(id).is_some_and(|lesson| authz::permit(&ctx.actor, LearnLesson(lesson.facts.clone())).is_ok());
            for test in closings.into_iter().filter(|test| is_open(&test.lesson_id)) {
                let uid = format!("test-{}-{}", test.test_id, reader.user_id);
                entries.push(entry(uid, test.at, texts::test_closes(locale, &test.title), href::test(test.test_id)));
            }
        }
        if let Some((id, end)) = course.enrollment_id.zip(course.row.expires_at) {
            let summary = texts::access_ends(locale, &course.title);
            entries.push(entry(format!("access-{id}"), end, summary, href::outline(&course.facts.slug)));
        }
    }
    Ok(entries)
}

/// A course that the person may read; others are not named.
async fn readable(connection: &mut PgConnection, ctx: &Ctx, course_id: Uuid) -> Result<Option<CourseAccess>> {
    match access::course_by_id(connection, ctx, course_id).await {
        Ok(course) => Ok(authz::permit(&ctx.actor, ReadCourse(course.facts.clone())).is_ok().then_some(course)),
        Err(ServiceError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn entry(ctx: &Ctx, uid: &str, at: DateTime<Utc>, summary: &str, course: &str, path: &str) -> Entry {
    Entry::new()
        .uid(uid)
        .timestamp(ctx.now())
        .starts(at)
        .summary(&one_text(summary))
        .description(&one_text(course))
        .url(&format!("{}{path}", ctx.state.config.base_url))
        // A moment, which keeps nobody busy.
        .add_property("TRANSP", "TRANSPARENT")
        .done()
}

/// A text without what the format has no way to write.
fn one_text(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}
