//! Works of the demo school in every state, so that the desk and the learner's page are not empty at first sight. Their past is written
//! as it would stand there now; nothing of it is news to anybody.

use super::media::Media;
use super::queries;
use super::work_queries::{self, NewRemark, NewRound, NewVerdict, NewWork, PlaceRow};
use crate::features::accounts::server::offline::create_demo_learner;
use crate::features::assignments::rules::{HOLD_MINUTES, WorkState};
use crate::features::calendar::server::service as calendar;
use crate::features::learning::server::enrollment::{self, Enroll};
use crate::features::learning::server::progress;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::markdown::post_html;
use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stories {
    learners: Vec<Learner>,
    works: Vec<Story>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Learner {
    email: String,
    name: String,
    courses: Vec<String>,
    /// Lessons that they read.
    read: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    learner: String,
    lesson: String,
    state: WorkState,
    rounds: Vec<Round>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Round {
    /// So many hours ago; one that is being written was not.
    handed_in: Option<i64>,
    text: String,
    #[serde(default)]
    photos: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    links: Vec<String>,
    #[serde(default)]
    remarks: Vec<Remark>,
    verdict: Option<Verdict>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Remark {
    kind: String,
    place: String,
    /// The photograph's number, from 1.
    photo: Option<usize>,
    points: Vec<i32>,
    body: String,
    /// How its learner did what it asks.
    done: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdict {
    state: WorkState,
    /// So many hours after it was handed in.
    after: i64,
    reason: String,
    /// Whole points.
    mark: Option<i64>,
}

/// Before a round was handed in it was written for so many hours.
const WRITTEN_FOR: i64 = 30;

/// The default accounts that have a part in it.
#[derive(Clone, Copy)]
pub(super) struct People {
    pub student: Uuid,
    pub curator: Uuid,
}

fn stories() -> Result<Stories> {
    Ok(toml::from_str(include_str!("../../../../demo/works.toml")).context("demo/works.toml")?)
}

/// Makes the learners and their works in the caller's transaction.
pub(super) async fn create(connection: &mut PgConnection, ctx: &Ctx, media: &mut Media, people: People) -> Result<()> {
    let stories = stories()?;
    let mut learners = BTreeMap::from([("student@example.com".to_owned(), people.student)]);
    for learner in stories.learners {
        // Somebody may have this address; then it is theirs.
        let Some(user_id) = create_demo_learner(connection, ctx, &learner.email, &learner.name).await? else { continue };
        for slug in &learner.courses {
            let course_id = queries::course_id_by_slug(connection, slug).await?.with_context(|| format!("there is no course {slug}"))?;
            let input = Enroll { user_id, course_id, offer_id: None, reason: Some("demo data"), expires_at: None };
            enrollment::enroll(connection, ctx, input).await?;
        }
        for (days, slug) in (2..).zip(&learner.read) {
            let (enrollment_id, lesson_id) = work_queries::lesson(connection, slug, user_id).await?;
            work_queries::insert_read(connection, user_id, lesson_id, ctx.now() - TimeDelta::days(days)).await?;
            progress::refresh_lesson(connection, ctx, enrollment_id, lesson_id, "marked").await?;
        }
        learners.insert(learner.email, user_id);
    }
    for story in &stories.works {
        if let Some(user_id) = learners.get(&story.learner) {
            tell(connection, ctx, media, story, *user_id, people.curator).await?;
        }
    }
    Ok(())
}

/// The moments of a round.
struct Times {
    begun: DateTime<Utc>,
    learner_due: Option<DateTime<Utc>>,
    handed_in: Option<DateTime<Utc>>,
    due: Option<DateTime<Utc>>,
    judged: Option<DateTime<Utc>>,
}

/// Each round begins where the one before was judged.
async fn times(connection: &mut PgConnection, ctx: &Ctx, place: &PlaceRow, rounds: &[Round]) -> Result<Vec<Times>> {
    let mut all: Vec<Times> = Vec::new();
    for round in rounds {
        let handed_in = round.handed_in.map(|hours| ctx.now() - TimeDelta::hours(hours));
        let begun = all.last().and_then(|before| before.judged);
        let begun = begun.unwrap_or_else(|| handed_in.unwrap_or_else(|| ctx.now()) - TimeDelta::hours(WRITTEN_FOR));
        let due = match handed_in {
            Some(at) => Some(calendar::promise(connection, at, place.review_hours).await?),
            None => None,
        };
        all.push(Times {
            begun,
            learner_due: place.days.map(|days| begun + TimeDelta::days(i64::from(days))),
            handed_in,
            due,
            judged: handed_in.zip(round.verdict.as_ref()).map(|(at, verdict)| at + TimeDelta::hours(verdict.after)),
        });
    }
    Ok(all)
}

async fn tell(connection: &mut PgConnection, ctx: &Ctx, media: &mut Media, story: &Story, user_id: Uuid, curator_id: Uuid) -> Result<()> {
    let place = work_queries::place(connection, &story.lesson, user_id).await?;
    let times = times(connection, ctx, &place, &story.rounds).await?;
    let (first, last) = times.first().zip(times.last()).context("a work has a round")?;
    let verdict = story.rounds.last().and_then(|round| round.verdict.as_ref());
    let id = ctx.new_id();
    let work = NewWork {
        id,
        place: &place,
        user_id,
        state: story.state.code(),
        owner_id: first.handed_in.map(|_| curator_id),
        round: i32::try_from(times.len()).unwrap_or(1),
        submitted_at: last.handed_in,
        due_at: last.due,
        // What was returned goes on from the verdict.
        learner_due_at: last.judged.zip(place.days).map(|(at, days)| at + TimeDelta::days(i64::from(days))).or(last.learner_due),
        verdict_at: last.judged,
        reason: verdict.map_or("", |verdict| verdict.reason.as_str()),
        mark: verdict.and_then(|verdict| verdict.mark),
        created_at: first.begun,
        updated_at: last.judged.or(last.handed_in).unwrap_or(last.begun),
    };
    work_queries::insert_work(connection, work).await?;
    for ((number, round), times) in (1..).zip(&story.rounds).zip(&times) {
        let round_id = ctx.new_id();
        let row = NewRound {
            id: round_id,
            submission_id: id,
            number,
            version_id: place.version_id,
            text_md: round.text.trim(),
            text_html: &post_html(round.text.trim()),
            links: &round.links,
            learner_due_at: times.learner_due.filter(|_| times.handed_in.is_some()),
            at: times.begun,
        };
        work_queries::insert_round(connection, row).await?;
        let mut photos = Vec::new();
        for (position, (kind, name)) in
            (1..).zip(round.photos.iter().map(|name| ("photo", name)).chain(round.files.iter().map(|name| ("file", name))))
        {
            let file_id = media.copy(connection, ctx, name, user_id).await?;
            work_queries::insert_file(connection, round_id, file_id, kind, position).await?;
            photos.push(file_id);
        }
        if let Some((at, due_at)) = times.handed_in.zip(times.due) {
            work_queries::hand_in(connection, round_id, at, due_at).await?;
        }
        for remark in &round.remarks {
            let file_id = remark.photo.map(|number| photos.get(number - 1).copied().context("a remark's photograph")).transpose()?;
            let row = NewRemark {
                id: ctx.new_id(),
                round_id,
                author_id: curator_id,
                kind: &remark.kind,
                place: &remark.place,
                file_id,
                points: &remark.points,
                body: &remark.body,
                created_at: times.judged.unwrap_or_else(|| ctx.now()),
                published_at: times.judged,
                done_note: remark.done.as_deref(),
            };
            work_queries::insert_remark(connection, row).await?;
        }
        if let Some((verdict, at)) = round.verdict.as_ref().zip(times.judged) {
            let row =
                NewVerdict { round_id, verdict: verdict.state.code(), at, reviewer_id: curator_id, reason: &verdict.reason, mark: verdict.mark };
            work_queries::insert_verdict(connection, row).await?;
        }
    }
    if story.state == WorkState::InReview {
        work_queries::insert_hold(connection, id, curator_id, ctx.now(), ctx.now() + TimeDelta::minutes(HOLD_MINUTES)).await?;
    }
    progress::refresh_lesson(connection, ctx, place.enrollment_id, place.lesson_id, "assignment").await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_state_has_a_work() {
        let stories = stories().expect("stories");
        let states: BTreeSet<WorkState> = stories.works.iter().map(|work| work.state).collect();
        assert_eq!(states, BTreeSet::from(WorkState::ALL));
        for work in &stories.works {
            let (last, before) = work.rounds.split_last().expect("a round");
            assert!(before.iter().all(|round| round.verdict.as_ref().is_some_and(|verdict| verdict.state == WorkState::Returned)), "{work:?}");
            let judged = last.verdict.as_ref().map(|verdict| verdict.state);
            let expected = match work.state {
                WorkState::Draft | WorkState::Submitted | WorkState::InReview => None,
                WorkState::Expired => Some(WorkState::Returned),
                state => Some(state),
            };
            assert_eq!(judged, expected, "{work:?}");
            assert_eq!(last.handed_in.is_none(), work.state == WorkState::Draft, "{work:?}");
        }
    }
}
