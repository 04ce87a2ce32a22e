//! Use cases of authors: the key of a question that was asked is corrected (T10), after a look at the marks that would change.

use super::contents;
use super::correction_queries::{self as queries, AttemptOfVersion, NewCorrection, VersionRow};
use super::question_authoring::{self, key_text};
use crate::features::quizzes::content::{Body, QuestionContent};
use crate::features::quizzes::model::author::QuestionText;
use crate::features::quizzes::model::correction::{AskedVersion, ChangedMark, CorrectionPage, Preview, Proposal, StandingCorrection};
use crate::features::quizzes::model::{AttemptState, Correction};
use crate::features::quizzes::scoring;
use crate::features::quizzes::server::learners::{answer_queries as answers, question_queries as questions};
use crate::features::quizzes::server::stored::{fraction, kind_of, value_of};
use crate::features::quizzes::server::{asked::StoredQuestion, judging};
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, MarkEvent};
use crate::server::reason;
use crate::shared::error::{FieldProblem, Problem};
use crate::shared::fraction::Fraction;
use anyhow::Context as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

/// Lines of the table that a page shows.
const LINES: usize = 500;

/// The place of a question: course, test, question.
pub type Place = (Uuid, Uuid, Uuid);

/// A version that was asked, and what counts of it.
struct Version {
    row: VersionRow,
    content: QuestionContent,
    standing: Option<queries::StandingRow>,
    /// The keys that stand, the newest last: at least one.
    keys: Vec<Body>,
}

impl Version {
    fn act(&self) -> Option<Correction> {
        self.standing.as_ref().and_then(|row| Correction::from_code(&row.act))
    }
}

/// What is to stand.
struct Plan {
    act: Correction,
    keys: Vec<Body>,
    /// The key that new attempts are scored by, where it is a new one.
    new: Option<Body>,
}

impl Plan {
    fn stored(&self) -> Result<Value> {
        let keys = self.keys.iter().map(Body::to_stored).collect::<std::result::Result<Vec<_>, _>>();
        Ok(Value::Array(keys.context("a key as JSON")?))
    }
}

/// The versions of a question that were asked, the newest first; nothing of a question that was not.
async fn versions(connection: &mut PgConnection, (course_id, test_id, question_id): Place) -> Result<Vec<VersionRow>> {
    let rows = queries::asked_versions(connection, course_id, test_id, question_id).await?;
    if rows.is_empty() { Err(ServiceError::NotFound) } else { Ok(rows) }
}

async fn version(connection: &mut PgConnection, rows: Vec<VersionRow>, asked: &str) -> Result<Version> {
    let id = Uuid::try_parse(asked).ok();
    let row = if asked.is_empty() { rows.into_iter().next() } else { rows.into_iter().find(|row| Some(row.id) == id) };
    let row = row.ok_or(ServiceError::NotFound)?;
    let content = contents::read(connection, row.id).await?;
    let standing = queries::standing(connection, row.id).await?;
    let stored = standing.as_ref().and_then(|row| row.keys.as_array().cloned()).unwrap_or_default();
    let mut keys = stored.into_iter().map(Body::from_stored).collect::<std::result::Result<Vec<_>, _>>().context("key_corrections.keys")?;
    if keys.is_empty() {
        keys.push(content.body.clone());
    }
    Ok(Version { row, content, standing, keys })
}

/// What a proposal makes of a version.
fn plan(version: &Version, proposal: &Proposal) -> Result<Plan> {
    let kind = version.content.kind();
    let act = Correction::from_code(&proposal.act).filter(|act| act.suits(kind)).ok_or_else(|| ServiceError::field("act", Problem::UnknownChoice))?;
    let mut keys = version.keys.clone();
    let mut new = None;
    if act.has_key() {
        let body = question_authoring::read_key(&version.content, &proposal.key)?;
        if !scoring::shows_the_same(&version.content.body, &body) {
            return Err(ServiceError::field("answers", Problem::OtherItems));
        }
        if act == Correction::NewKey {
            keys.clear();
        }
        keys.retain(|key| *key != body);
        keys.push(body.clone());
        new = Some(body);
    }
    let as_before = if act.has_key() { keys == version.keys && version.act().is_none_or(Correction::has_key) } else { version.act() == Some(act) };
    if as_before {
        return Err(ServiceError::field(if act.has_key() { "answers" } else { "act" }, Problem::SameKey));
    }
    Ok(Plan { act, keys, new })
}

/// An attempt as it would be.
struct Outcome {
    attempt: AttemptOfVersion,
    /// The machine's score of the question by the keys that are to stand.
    score: Option<Fraction>,
    /// The mark, before and after, when there was one.
    change: Option<ChangedMark>,
}

/// What a plan makes of every attempt that was handed in.
async fn outcomes(connection: &mut PgConnection, version_id: Uuid, plan: &Plan) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    let keys = plan.stored()?;
    for attempt in queries::handed_in(connection, version_id).await? {
        let mut rows = questions::questions_of_attempt(connection, attempt.id).await?;
        let options = questions::options_of_attempt(connection, attempt.id).await?;
        let mut score = None;
        for row in rows.iter_mut().filter(|row| row.question_version_id == version_id) {
            row.correction = Some(plan.act.code().to_owned());
            row.keys = Some(keys.clone());
            let stored = StoredQuestion::of_row(row, &options)?;
            score = stored.score(value_of(row.value.clone())?.as_ref());
            if let Some(score) = score {
                (row.score_numerator, row.score_denominator) = (Some(score.numerator()), Some(score.denominator()));
            }
        }
        let after = judging::sum(&rows)?.mark(attempt.pass_hundredths);
        let change = attempt.mark().zip(after).filter(|(before, after)| before != after).map(|(before, after)| ChangedMark {
            attempt_id: attempt.id,
            learner: attempt.learner.clone(),
            test: attempt.test.clone(),
            number: attempt.number,
            before,
            after,
        });
        outcomes.push(Outcome { attempt, score, change });
    }
    Ok(outcomes)
}

/// What a table of marks stands for: another one when anything in it is another, or another correction came between.
fn token(version: &Version, plan: &Plan, changes: &[&ChangedMark]) -> Result<String> {
    let standing = version.standing.as_ref().map(|row| row.id);
    let text = json!([version.row.id, standing, plan.act, plan.stored()?, changes]).to_string();
    let number = Sha256::digest(text.as_bytes()).iter().take(16).fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
    Ok(format!("{number:032x}"))
}

/// The page of a correction: what was asked, what stands, and what a proposal would change.
pub async fn page(ctx: &Ctx, place: Place, proposal: Proposal) -> Result<CorrectionPage> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let (course_id, test_id, question_id) = place;
    let mut connection = ctx.connection().await?;
    let rows = versions(&mut connection, place).await?;
    let line = |row: &VersionRow| AskedVersion { id: row.id, number: row.number, attempts: row.attempts, running: row.running };
    let lines = rows.iter().map(line).collect();
    let version = version(&mut connection, rows, &proposal.version).await?;
    let preview = match plan(&version, &proposal) {
        // What is wrong with it is said by the form; nothing is proposed by a fresh one.
        Err(ServiceError::Invalid(_)) => None,
        Err(error) => return Err(error),
        Ok(plan) => {
            let outcomes = outcomes(&mut connection, version.row.id, &plan).await?;
            let changes: Vec<&ChangedMark> = outcomes.iter().filter_map(|outcome| outcome.change.as_ref()).collect();
            Some(Preview {
                id: ctx.new_id(),
                token: token(&version, &plan, &changes)?,
                changed: u32::try_from(changes.len()).unwrap_or(u32::MAX),
                lines: changes.into_iter().take(LINES).cloned().collect(),
            })
        }
    };
    Ok(CorrectionPage {
        course_id,
        test_id,
        test_title: version.row.test_title.clone(),
        question_id,
        kind: kind_of(&version.row.kind)?,
        prompt_html: version.row.prompt_html.clone(),
        version: line(&version.row),
        versions: lines,
        key: version.keys.last().map_or_else(QuestionText::default, key_text),
        standing: version.act().zip(version.standing).map(|(act, row)| StandingCorrection {
            act,
            reason: row.reason,
            author: row.author,
            at: ctx.local(row.created_at),
        }),
        preview,
    })
}

/// Whether a proposal can be made.
///
/// # Errors
/// What is wrong with its fields.
pub async fn check(ctx: &Ctx, place: Place, proposal: &Proposal) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    let rows = versions(&mut connection, place).await?;
    let version = version(&mut connection, rows, &proposal.version).await?;
    let plan = plan(&version, proposal)?;
    check_place(&mut connection, place, &version, &plan).await
}

/// What a plan may not do to the question as it is asked from now on.
async fn check_place(connection: &mut PgConnection, place: Place, version: &Version, plan: &Plan) -> Result<()> {
    if plan.new.is_some() && version.row.is_published && queries::has_draft(connection, place.2).await? {
        return Err(ServiceError::field("", Problem::DraftInTheWay));
    }
    if plan.act == Correction::Dropped && version.row.is_published && queries::is_asked_alone(connection, place.2).await? {
        return Err(ServiceError::field("act", Problem::LastQuestion));
    }
    Ok(())
}

/// A correction that was looked at and is meant.
#[derive(Debug)]
pub struct Correct {
    /// What is to stand.
    pub proposal: Proposal,
    /// `Preview::id`.
    pub id: Option<Uuid>,
    /// `Preview::token`.
    pub token: String,
    /// Why.
    pub reason: String,
}

/// Corrects a key: every attempt that was handed in is scored anew, with all that hangs on it. Attempts that run end by what stands then.
/// Sent twice it is made once; when the marks moved since the author saw them, nothing is done.
pub async fn correct(ctx: &Ctx, place: Place, input: Correct) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let created_by = ctx.actor.signed_in()?;
    let (course_id, _, question_id) = place;
    let mut tx = ctx.begin().await?;
    queries::lock_question(&mut tx, question_id).await?;
    let rows = versions(&mut tx, place).await?;
    let id = input.id.ok_or(ServiceError::NotFound)?;
    if queries::is_made(&mut tx, id).await? {
        return Ok(());
    }
    let version = version(&mut tx, rows, &input.proposal.version).await?;
    let plan = plan(&version, &input.proposal)?;
    check_place(&mut tx, place, &version, &plan).await?;
    let reason = reason::read("reason", &input.reason)?;
    // Shared with savers, exclusive with the hand-in: who hands in now is counted here, or by what stands afterwards.
    queries::share_attempts(&mut tx, version.row.id).await?;
    let outcomes = outcomes(&mut tx, version.row.id, &plan).await?;
    let changes: Vec<&ChangedMark> = outcomes.iter().filter_map(|outcome| outcome.change.as_ref()).collect();
    if token(&version, &plan, &changes)? != input.token {
        return Err(ServiceError::Invalid(vec![FieldProblem::new("", Problem::MarksMoved)]));
    }
    let row =
        NewCorrection { id, version_id: version.row.id, act: plan.act.code(), keys: plan.stored()?, reason: &reason, created_by, now: ctx.now() };
    queries::insert_correction(&mut tx, row).await?;
    if let Some(body) = plan.new.as_ref().filter(|body| version.row.is_published && **body != version.content.body) {
        contents::publish_next(&mut tx, ctx, question_id, &QuestionContent { body: body.clone(), ..version.content.clone() }).await?;
    }
    let event = MarkEvent::KeyCorrected {
        question_id,
        course_id,
        correction_id: id,
        before: json!({ "act": version.act(), "keys": version.keys }),
        after: json!({ "act": plan.act, "keys": plan.keys }),
        changed: changes.len(),
        reason: reason.clone(),
    };
    events::record(&mut tx, ctx, Event::Mark(event)).await?;
    for Outcome { attempt, score, change } in &outcomes {
        let stored = fraction(attempt.score_numerator, attempt.score_denominator);
        if let Some(score) = score.filter(|score| Some(*score) != stored) {
            answers::update_score(&mut tx, attempt.id, question_id, score.into(), ctx.now()).await?;
        } else if change.is_none() && attempt.state != AttemptState::NeedsReview.code() {
            continue;
        }
        judging::add_up_again(&mut tx, ctx, attempt.id, &reason).await?;
    }
    Ok(tx.commit().await?)
}
