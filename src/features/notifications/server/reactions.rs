//! What people are told of an event, made in the transaction that moves the event into the log: of each event a person is told once.

use super::delivery;
use super::notice::Notice;
use super::queries::{self, NewNotification};
use super::work_news::work_news;
use crate::features::accounts::server::readers;
use crate::features::announcements::server::service as announcements;
use crate::features::learning::server::facts as course_facts;
use crate::features::notifications::rules::{Channel, Mode, Unlinked};
use crate::features::quizzes::rules::Reminder;
use crate::features::quizzes::server::facts::{self as attempt_facts, AttemptFacts};
use crate::features::talk::server::service as talk;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError, is_outage};
use crate::server::events::Moved;
use crate::server::jobs::{self, Job};
use anyhow::Context as _;
use serde_json::Value;
use sqlx::{Acquire as _, PgConnection};
use uuid::Uuid;

/// Readers of an announcement that are told in one transaction.
const READERS_AT_ONCE: i64 = 200;

/// Tells of an event those whom it concerns. What fails for this event alone is tried again as a job of its own, so that the events
/// behind it do not wait.
pub async fn react(connection: &mut PgConnection, ctx: &Ctx, event: &Moved) -> Result<()> {
    if !concerns_people(&event.kind) {
        return Ok(());
    }
    let mut savepoint = connection.begin().await?;
    match tell_all(&mut savepoint, ctx, event).await {
        Ok(()) => Ok(savepoint.commit().await?),
        Err(ServiceError::Database(error)) if is_outage(&error) => Err(ServiceError::Database(error)),
        Err(error) => {
            savepoint.rollback().await?;
            tracing::error!(event_id = %event.id, kind = event.kind, %error, "nobody could be told of an event");
            jobs::enqueue(connection, ctx, &Job::React { event: event.clone() }).await
        }
    }
}

/// The same as a job, in a transaction of its own.
pub async fn react_alone(ctx: &Ctx, event: &Moved) -> Result<()> {
    let mut tx = ctx.begin().await?;
    tell_all(&mut tx, ctx, event).await?;
    Ok(tx.commit().await?)
}

/// Events that are made into news; the others are for the log.
fn concerns_people(kind: &str) -> bool {
    [
        "enrolled",
        "course_completed",
        "lesson_opened",
        "lesson_opening_taken_back",
        "lesson_reset",
        "lessons_came_open",
        "attempt_graded",
        "attempt_regraded",
        "attempt_submitted",
        "attempt_handed_over",
        "review_reminder",
        "work_submitted",
        "work_returned",
        "work_accepted",
        "work_rejected",
        "work_reopened",
        "work_expired",
        "work_handed_over",
        "work_reminder",
        "question_asked",
        "reply_posted",
        "announcement_published",
        "announcement_withdrawn",
        "job_failed",
        "password_changed",
        "session_reuse_detected",
        "role_changed",
        "telegram_linked",
        "telegram_unlinked",
    ]
    .contains(&kind)
}

/// Tells the next readers of an announcement, each part in a transaction of its own, and enqueues the part after it.
pub async fn tell_of_announcement(ctx: &Ctx, event: Moved, after: Option<Uuid>) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let id = event.subject_id.with_context(|| format!("the event {} is about nothing", event.id))?;
    // Nothing for an announcement that was taken back; it can't be while this goes on.
    if let Some(told) = announcements::told(&mut tx, id, after, READERS_AT_ONCE).await? {
        let notice = Notice::Announced { announcement_id: id, title: told.title, course: told.course };
        for user_id in told.readers.iter().filter(|user_id| event.actor_id != Some(**user_id)) {
            tell(&mut tx, ctx, event.id, *user_id, &notice).await?;
        }
        if let Some(last) = told.readers.last() {
            jobs::enqueue(&mut tx, ctx, &Job::TellOfAnnouncement { event, after: Some(*last) }).await?;
        }
    }
    Ok(tx.commit().await?)
}

async fn tell_all(connection: &mut PgConnection, ctx: &Ctx, event: &Moved) -> Result<()> {
    match event.kind.as_str() {
        "announcement_published" => return jobs::enqueue(connection, ctx, &Job::TellOfAnnouncement { event: event.clone(), after: None }).await,
        // Its page is gone: so is the news of it, and the letters that wait.
        "announcement_withdrawn" => return Ok(queries::delete_announced(connection, event.subject_id).await?),
        _ => {}
    }
    for (user_id, notice) in news_of(connection, ctx, event).await? {
        // What one did oneself is no news, unless somebody else may have done it in one's name.
        if event.actor_id != Some(user_id) || notice.topic().is_essential() {
            tell(connection, ctx, event.id, user_id, &notice).await?;
        }
    }
    Ok(())
}

fn id_in(event: &Moved, key: &str) -> Result<Uuid> {
    let id = event.after.as_ref().and_then(|after| after.get(key)).and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok());
    Ok(id.with_context(|| format!("the event {} has no {key}", event.id))?)
}

fn ids_in(event: &Moved, key: &str) -> Vec<Uuid> {
    let ids = event.after.as_ref().and_then(|after| after.get(key)).and_then(Value::as_array);
    ids.into_iter().flatten().filter_map(Value::as_str).filter_map(|id| Uuid::try_parse(id).ok()).collect()
}

pub(super) fn text_in<'a>(event: &'a Moved, key: &str) -> &'a str {
    event.after.as_ref().and_then(|after| after.get(key)).and_then(Value::as_str).unwrap_or_default()
}

/// Who is told what of an event.
async fn news_of(connection: &mut PgConnection, ctx: &Ctx, event: &Moved) -> Result<Vec<(Uuid, Notice)>> {
    let subject = event.subject_id.with_context(|| format!("the event {} is about nothing", event.id))?;
    let waiting = |facts: AttemptFacts| Notice::ReviewWaiting { attempt_id: subject, test: facts.test, learner: facts.learner };
    Ok(match event.kind.as_str() {
        "enrolled" => course_news(connection, event, id_in(event, "course_id")?, |slug, course| Notice::Enrolled { slug, course }).await?,
        "course_completed" => course_news(connection, event, subject, |slug, course| Notice::CourseCompleted { slug, course }).await?,
        "lesson_opened" | "lesson_opening_taken_back" | "lesson_reset" => lesson_news(connection, event, &[subject]).await?,
        "lessons_came_open" => lesson_news(connection, event, &ids_in(event, "lesson_ids")).await?,
        "attempt_graded" => match attempt_facts::of_attempt(connection, subject).await? {
            Some(facts) => {
                let points = facts.points.map(|points| (points.numerator(), points.denominator()));
                vec![(facts.user_id, Notice::AttemptGraded { attempt_id: subject, test: facts.test, points, max_points: facts.max_points })]
            }
            None => Vec::new(),
        },
        "attempt_regraded" => mark_news(connection, ctx, event, subject).await?,
        "attempt_submitted" if event.after.as_ref().and_then(|after| after.get("needs_review")) == Some(&Value::Bool(true)) => {
            review_news(connection, ctx, subject, waiting, false).await?
        }
        "attempt_handed_over" => review_news(connection, ctx, subject, waiting, false).await?,
        "review_reminder" => match Reminder::from_code(text_in(event, "reminder")) {
            Some(Reminder::HalfGone) => {
                let notice = |facts: AttemptFacts| Notice::PromiseHalfGone { attempt_id: subject, test: facts.test, learner: facts.learner };
                review_news(connection, ctx, subject, notice, false).await?
            }
            Some(Reminder::DueSoon) => {
                let notice = |facts: AttemptFacts| Notice::PromiseDueSoon { attempt_id: subject, test: facts.test, learner: facts.learner };
                review_news(connection, ctx, subject, notice, false).await?
            }
            Some(Reminder::Broken) => {
                let notice = |facts: AttemptFacts| Notice::PromiseBroken { attempt_id: subject, test: facts.test, learner: facts.learner };
                review_news(connection, ctx, subject, notice, true).await?
            }
            None => Vec::new(),
        },
        kind if kind.starts_with("work_") => work_news(connection, event, subject).await?,
        "question_asked" => {
            talk_news(connection, event, subject, |lesson, author| Notice::QuestionAsked { thread_id: subject, lesson, author }).await?
        }
        "reply_posted" => talk_news(connection, event, subject, |lesson, author| Notice::ReplyPosted { thread_id: subject, lesson, author }).await?,
        "job_failed" => {
            let job = text_in(event, "kind").to_owned();
            readers::active_admins(connection).await?.into_iter().map(|id| (id, Notice::JobFailed { job: job.clone() })).collect()
        }
        "password_changed" => vec![(subject, Notice::PasswordChanged)],
        "session_reuse_detected" => vec![(subject, Notice::SessionReuse)],
        "role_changed" => vec![(subject, Notice::RoleChanged { role: text_in(event, "role").to_owned() })],
        "telegram_linked" => vec![(subject, Notice::TelegramLinked)],
        "telegram_unlinked" => {
            let reason = event.after.as_ref().and_then(|after| serde_json::from_value(after["reason"].clone()).ok()).unwrap_or(Unlinked::Asked);
            vec![(subject, Notice::TelegramUnlinked { reason })]
        }
        _ => Vec::new(),
    })
}

/// News for the learner of an event about a course.
async fn course_news(
    connection: &mut PgConnection,
    event: &Moved,
    course_id: Uuid,
    notice: impl FnOnce(String, String) -> Notice,
) -> Result<Vec<(Uuid, Notice)>> {
    let user_id = id_in(event, "user_id")?;
    let facts = course_facts::of_course(connection, course_id).await?;
    Ok(facts.map(|facts| (user_id, notice(facts.slug, facts.title))).into_iter().collect())
}

/// News for the learner for whom lessons of a course opened, or one was closed again, or begins anew.
async fn lesson_news(connection: &mut PgConnection, event: &Moved, lessons: &[Uuid]) -> Result<Vec<(Uuid, Notice)>> {
    let facts = course_facts::of_course(connection, id_in(event, "course_id")?).await?;
    let titles = course_facts::lesson_titles(connection, lessons).await?;
    let Some((facts, (lesson_id, lesson))) = facts.zip(titles.first().cloned()) else { return Ok(Vec::new()) };
    let slug = facts.slug;
    let notice = match (event.kind.as_str(), titles.len()) {
        ("lesson_opened", _) => Notice::LessonOpened { slug, lesson_id, lesson },
        ("lesson_opening_taken_back", _) => Notice::OpeningTakenBack { slug, lesson },
        ("lesson_reset", _) => Notice::LessonReset { slug, lesson_id, lesson },
        (_, 1) => Notice::LessonCameOpen { slug, lesson_id, lesson },
        (_, count) => Notice::LessonsCameOpen { slug, course: facts.title, count: i64::try_from(count).unwrap_or(i64::MAX) },
    };
    Ok(vec![(id_in(event, "user_id")?, notice)])
}

/// News for those whom a thread concerns.
async fn talk_news(
    connection: &mut PgConnection,
    event: &Moved,
    thread_id: Uuid,
    notice: impl FnOnce(String, String) -> Notice,
) -> Result<Vec<(Uuid, Notice)>> {
    let author = readers::reader(connection, id_in(event, "author_id")?).await?;
    let lesson = talk::lesson_of(connection, thread_id).await?;
    let Some((lesson, author)) = lesson.zip(author) else { return Ok(Vec::new()) };
    let people = talk::audience(connection, thread_id).await?;
    let notice = notice(lesson, author.full_name);
    Ok(people.into_iter().map(|id| (id, notice.clone())).collect())
}

/// News for the learner whose mark changed, and for their curators when a test is not passed any more.
async fn mark_news(connection: &mut PgConnection, ctx: &Ctx, event: &Moved, attempt_id: Uuid) -> Result<Vec<(Uuid, Notice)>> {
    let Some(AttemptFacts { user_id, test, points, max_points, .. }) = attempt_facts::of_attempt(connection, attempt_id).await? else {
        return Ok(Vec::new());
    };
    let points = points.map(|points| (points.numerator(), points.denominator()));
    let mut news = vec![(user_id, Notice::MarkChanged { attempt_id, test, points, max_points })];
    if event.after.as_ref().and_then(|after| after.get("lost_pass")) == Some(&Value::Bool(true)) {
        let lost = |facts: AttemptFacts| Notice::PassLost { attempt_id, test: facts.test, learner: facts.learner };
        news.extend(review_news(connection, ctx, attempt_id, lost, false).await?);
    }
    Ok(news)
}

/// News for the curators of an attempt, and for administrators too.
async fn review_news(
    connection: &mut PgConnection,
    ctx: &Ctx,
    attempt_id: Uuid,
    notice: impl FnOnce(AttemptFacts) -> Notice,
    also_admins: bool,
) -> Result<Vec<(Uuid, Notice)>> {
    let Some(facts) = attempt_facts::of_attempt(connection, attempt_id).await? else { return Ok(Vec::new()) };
    let mut people = attempt_facts::reviewers(connection, attempt_id, ctx.now()).await?;
    if also_admins || people.is_empty() {
        // What has no curator any more must not wait unseen.
        people.extend(readers::active_admins(connection).await?);
        people.sort();
        people.dedup();
    }
    let notice = notice(facts);
    Ok(people.into_iter().map(|id| (id, notice.clone())).collect())
}

/// Tells one person, by the channels that they chose.
async fn tell(connection: &mut PgConnection, ctx: &Ctx, event_id: Uuid, user_id: Uuid, notice: &Notice) -> Result<()> {
    let Some(reader) = readers::reader(connection, user_id).await? else { return Ok(()) };
    // A mail server that is away fails many jobs: one piece of news an hour says so, by none of the ways that fail.
    if let Notice::JobFailed { job } = notice
        && queries::was_told_of_job(connection, user_id, job, ctx.now() - chrono::Duration::hours(1)).await?
    {
        return Ok(());
    }
    let in_app = delivery::mode(connection, user_id, notice, Channel::App).await?;
    let payload = serde_json::to_value(notice).context("a notice as JSON")?;
    let id = ctx.new_id();
    let row =
        NewNotification { id, user_id, kind: notice.kind(), payload: &payload, event_id, is_shown: in_app != Mode::Never, created_at: ctx.now() };
    if queries::insert_notification(connection, row).await? {
        delivery::plan(connection, ctx, id, &reader, notice).await?;
    }
    Ok(())
}
