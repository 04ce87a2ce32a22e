//! What pages show of works: rounds with their parts and remarks, for a learner and for staff.

use super::remark_queries::{self, RemarkRow};
use super::round_queries::{self as rows, RoundRow};
use super::works::{self, Work};
use super::{line_queries, queries};
use crate::features::assignments::model::course_work::CourseWork;
use crate::features::assignments::model::{Draft, GivenLevel, MyWork, Photo, Remark, Round, Unfinished, Verdict, WorkFile, WorkLine, WorkPage};
use crate::features::assignments::rules::passages::Passage;
use crate::features::assignments::rules::{self, Act, Place, RemarkKind, WorkState};
use crate::features::files::server::photos;
use crate::features::learning::server::access;
use crate::server::authz::{self, EnrollmentFacts, ReadCourse, ReadLesson};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::fraction::Fraction;
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// The work's learner.
    Learner,
    /// Who reviews it.
    Staff,
}

fn fraction(numerator: Option<i64>, denominator: Option<i64>) -> Option<Fraction> {
    Fraction::new(numerator?, denominator?)
}

fn remark(ctx: &Ctx, row: RemarkRow) -> Result<Remark> {
    Ok(Remark {
        id: row.id,
        kind: RemarkKind::from_code(&row.kind).context("assignment_remarks.kind")?,
        place: Place::from_code(&row.place).context("assignment_remarks.place")?,
        file_id: row.file_id,
        points: row.points,
        passage: row.text_start.zip(row.text_end).map(|(start, end)| Passage { start, end, quote: row.quote }),
        body: row.body,
        is_draft: row.published_at.is_none(),
        done: row.done_at.map(|at| ctx.local(at)),
        done_note: row.done_note,
    })
}

fn verdict(ctx: &Ctx, row: &RoundRow) -> Result<Option<Verdict>> {
    let (Some(code), Some(at)) = (&row.verdict, row.verdict_at) else { return Ok(None) };
    Ok(Some(Verdict {
        state: WorkState::from_code(code).context("assignment_rounds.verdict")?,
        at: ctx.local(at),
        reviewer: row.reviewer.clone().unwrap_or_default(),
        reason: row.reason.clone(),
        mark: fraction(row.mark_numerator, row.mark_denominator),
        deduction: fraction(row.deduction_numerator, row.deduction_denominator),
        levels: given_levels(row),
    }))
}

/// The levels that were chosen, by the rubric of the round's own version.
fn given_levels(row: &RoundRow) -> Vec<GivenLevel> {
    let chosen = row.rubric.iter().zip(row.levels.iter().flatten());
    let given = chosen.filter_map(|(criterion, level)| {
        let level = criterion.levels.get(usize::try_from(*level).ok()?)?;
        Some(GivenLevel { criterion: criterion.title.clone(), level: level.title.clone(), points: level.points, most: criterion.most() })
    });
    given.collect()
}

/// The rounds that were handed in, and the one that is written (for its learner alone).
pub(super) async fn rounds(connection: &mut PgConnection, ctx: &Ctx, work: &Work, reader: Reader) -> Result<(Vec<Round>, Option<Draft>)> {
    let id = work.row.id;
    let mut files = rows::files(connection, id).await?;
    let of_photos: Vec<Uuid> = files.iter().filter(|file| file.kind == "photo").map(|file| file.file_id).collect();
    let readings = photos::readings(connection, &of_photos).await?;
    let mut remarks = remark_queries::remarks(connection, id, reader == Reader::Learner).await?;
    let (mut rounds, mut draft) = (Vec::new(), None);
    for row in rows::rounds(connection, id).await? {
        let (mut photos, mut others) = (Vec::new(), Vec::new());
        for file in files.extract_if(.., |file| file.round_id == row.id) {
            if file.kind == "photo" {
                let reading = readings.get(&file.file_id).cloned();
                photos.push(Photo { file_id: file.file_id, name: file.name, size: file.width.zip(file.height), widths: file.widths, reading });
            } else {
                others.push(WorkFile { file_id: file.file_id, name: file.name, size: file.size_bytes });
            }
        }
        if row.submitted_at.is_none() {
            if reader == Reader::Learner && matches!(work.state, WorkState::Draft | WorkState::Returned) {
                let unfinished = rows::unfinished(connection, id, ctx.now()).await?.into_iter().map(|row| Unfinished {
                    id: row.id,
                    name: row.file_name,
                    received: row.received_bytes,
                    size: row.size_bytes,
                });
                draft = Some(Draft {
                    number: row.number,
                    text: row.text_md,
                    links: row.links.join("\n"),
                    sequence: row.sequence,
                    photos,
                    files: others,
                    unfinished: unfinished.collect(),
                });
            }
            continue;
        }
        let of_round = remarks.extract_if(.., |remark| remark.round_id == row.id).map(|row| remark(ctx, row)).collect::<Result<_>>()?;
        rounds.push(Round {
            verdict: verdict(ctx, &row)?,
            number: row.number,
            max_points: row.max_points,
            text_html: row.text_html,
            links: row.links,
            photos,
            files: others,
            submitted: row.submitted_at.map(|at| ctx.local(at)),
            remarks: of_round,
        });
    }
    Ok((rounds, draft))
}

/// `/learn/assignments/{id}`: readers of the lesson see what is asked for, learners their work too; that also after their access ended,
/// for the verdict is owed to them.
pub async fn page(ctx: &Ctx, assignment_id: Uuid) -> Result<WorkPage> {
    let mut connection = ctx.connection().await?;
    let mut assignment = queries::assignment(&mut connection, assignment_id, None).await?.ok_or(ServiceError::NotFound)?;
    let user_id = ctx.actor.signed_in()?;
    let known = match queries::work_of(&mut connection, assignment_id, user_id).await? {
        Some(id) => works::of_id(&mut connection, ctx, id).await?,
        None => None,
    };
    let mut may_write = false;
    match access::course_by_id(&mut connection, ctx, assignment.course_id).await {
        Ok(course) => {
            let read = authz::permit(&ctx.actor, ReadCourse(course.facts.clone()));
            match read {
                Ok(_) => {
                    let is_held = queries::version_holds(&mut connection, course.version_id, assignment_id).await?;
                    if is_held {
                        let lesson = access::lesson(&mut connection, ctx, &course, assignment.lesson_id).await?;
                        let opened = authz::permit(&ctx.actor, ReadLesson(lesson.facts));
                        may_write = opened.is_ok() && course.facts.enrollment == Some(EnrollmentFacts::Running);
                        if known.is_none() {
                            opened?;
                        }
                    } else if known.is_none() {
                        return Err(ServiceError::NotFound);
                    }
                }
                Err(refusal) if known.is_none() => return Err(refusal.into()),
                Err(_) => {}
            }
        }
        Err(error) if known.is_none() => return Err(error),
        Err(_) => {}
    }
    let (mut work, mut draft, mut sequence) = (None, None, 0);
    if let Some(known) = known {
        sequence = known.row.sequence;
        let (rounds, written) = rounds(&mut connection, ctx, &known, Reader::Learner).await?;
        draft = written;
        // The next round is written by what is published now; what was handed in, by what was asked for then.
        if !matches!(known.state, WorkState::Returned) {
            assignment = known.assignment.clone();
        }
        work = Some(mine(ctx, &known, rounds, may_write));
        may_write = may_write && rules::next(known.state, Act::Save, known.facts(ctx)).is_ok();
    }
    if !may_write {
        draft = None;
    } else if draft.is_none() {
        let number = work.as_ref().map_or(1, |work: &MyWork| work.rounds.last().map_or(1, |round| round.number + 1));
        // The next round counts its savings on from the one before it.
        draft = Some(Draft {
            number,
            text: String::new(),
            links: String::new(),
            sequence,
            photos: Vec::new(),
            files: Vec::new(),
            unfinished: Vec::new(),
        });
    }
    Ok(WorkPage {
        id: assignment_id,
        course_slug: assignment.course_slug.clone(),
        course_title: assignment.course_title.clone(),
        lesson_id: assignment.lesson_id,
        task: works::task(assignment),
        work,
        draft,
    })
}

fn mine(ctx: &Ctx, work: &Work, rounds: Vec<Round>, may_learn: bool) -> MyWork {
    let row = &work.row;
    let waits = work.state.waits();
    let is_ones_turn = matches!(work.state, WorkState::Draft | WorkState::Returned);
    // Whether a curator holds it is their matter, until there is nothing to withdraw.
    let state = if work.state == WorkState::InReview && work.holder(ctx.now()).is_none() { WorkState::Submitted } else { work.state };
    MyWork {
        state,
        owner: row.owner.clone().filter(|_| waits),
        submitted: row.submitted_at.filter(|_| waits).map(|at| ctx.local(at)),
        promised: row.due_at.filter(|_| waits).map(|at| ctx.local(at)),
        due: row.learner_due_at.filter(|_| is_ones_turn).map(|at| ctx.local(at)),
        may_withdraw: may_learn && rules::next(state, Act::Withdraw, work.facts(ctx)).is_ok(),
        may_extend: row.days.filter(|_| is_ones_turn && rules::next(work.state, Act::Extend, work.facts(ctx)).is_ok()),
        reason: row.reason.clone(),
        rounds,
    }
}

/// All assignments of a course version, with one's own works and marks.
pub async fn of_version(connection: &mut PgConnection, ctx: &Ctx, version_id: Uuid, user_id: Uuid) -> Result<Vec<CourseWork>> {
    let rows = line_queries::of_version(connection, version_id, user_id).await?;
    rows.into_iter()
        .map(|row| {
            let state = row.state.as_deref().map(|code| WorkState::from_code(code).context("assignment_submissions.state")).transpose()?;
            let moment = match state {
                Some(state) if state.waits() => row.due_at,
                Some(WorkState::Draft | WorkState::Returned) => row.learner_due_at,
                _ => None,
            };
            let given = row.mark_numerator.zip(row.mark_denominator).and_then(|(over, under)| Fraction::new(over, under));
            let lost = row.deduction_numerator.zip(row.deduction_denominator).and_then(|(over, under)| Fraction::new(over, under));
            // A mark counts when the work is done; one that is opened again has none.
            let is_judged = row.mark == "points" && matches!(state, Some(WorkState::Accepted | WorkState::Rejected));
            Ok(CourseWork {
                assignment_id: row.assignment_id,
                title: row.title,
                state,
                moment: moment.map(|at| ctx.local(at)),
                mark: given.filter(|_| is_judged).map(|given| (given, lost.unwrap_or(Fraction::ZERO), row.max_points)),
            })
        })
        .collect()
}

/// The dates by which a learner is to hand works in, from a moment on.
pub async fn due(connection: &mut PgConnection, user_id: Uuid, since: DateTime<Utc>) -> Result<Vec<line_queries::DueRow>> {
    Ok(line_queries::due(connection, user_id, since).await?)
}

/// One's own works that wait for somebody; those of a lesson whatever their state.
pub async fn lines(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid, lesson_id: Option<Uuid>) -> Result<Vec<WorkLine>> {
    let rows = line_queries::lines(connection, user_id, lesson_id).await?;
    rows.into_iter()
        .map(|row| {
            let state = WorkState::from_code(&row.state).context("assignment_submissions.state")?;
            let moment = if state.waits() { row.due_at } else { row.learner_due_at };
            Ok(WorkLine {
                assignment_id: row.assignment_id,
                title: row.title,
                course_title: row.course_title,
                moment: moment.filter(|_| state.waits() || matches!(state, WorkState::Draft | WorkState::Returned)).map(|at| ctx.local(at)),
                state,
            })
        })
        .collect()
}
