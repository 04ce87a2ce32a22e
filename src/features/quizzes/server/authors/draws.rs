//! What a test draws at random out of its course's bank: set by authors in the draft, drawn at the start of an attempt.

use super::authoring::{begin, draft, edited};
use super::bank::read_tag;
use super::draw_queries as queries;
use crate::features::quizzes::server::queries::TestQuestionRow;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::error::{FieldProblem, Problem};
use sqlx::PgConnection;
use uuid::Uuid;

const WANTED_MAX: i32 = 200;
const WEIGHT_MAX: i32 = 1000;

/// Adds a rule to a test's draft: so many questions of a tag, each for so many points, as typed.
pub async fn add(ctx: &Ctx, course_id: Uuid, test_id: Uuid, (tag, wanted, weight): (&str, &str, &str)) -> Result<()> {
    let (mut tx, version) = begin(ctx, course_id, test_id).await?;
    let mut problems = Vec::new();
    let tag = read_tag(tag).unwrap_or_else(|error| {
        if let ServiceError::Invalid(found) = error {
            problems.extend(found);
        }
        String::new()
    });
    let mut number = |field: &str, typed: &str, most: i32, problem: Problem| {
        let number = typed.trim().parse::<i32>().ok().filter(|number| (1..=most).contains(number));
        number.unwrap_or_else(|| {
            problems.push(FieldProblem::new(field, problem));
            1
        })
    };
    let wanted = number("wanted", wanted, WANTED_MAX, Problem::TooMany(i64::from(WANTED_MAX)));
    let weight = number("weight", weight, WEIGHT_MAX, Problem::PointsOutOfRange(i64::from(WEIGHT_MAX)));
    if queries::list_draws(&mut tx, version.id, course_id).await?.iter().any(|row| row.tag == tag) {
        problems.push(FieldProblem::new("tag", Problem::Repeated));
    }
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    let draft_id = draft(&mut tx, ctx, test_id, &version).await?;
    queries::insert_draw(&mut tx, draft_id, &tag, wanted, weight).await?;
    edited(tx, ctx, course_id, test_id).await
}

/// Takes a rule out of a test's draft.
pub async fn remove(ctx: &Ctx, course_id: Uuid, test_id: Uuid, tag: &str) -> Result<()> {
    let (mut tx, version) = begin(ctx, course_id, test_id).await?;
    let draft_id = draft(&mut tx, ctx, test_id, &version).await?;
    if !queries::delete_draw(&mut tx, draft_id, tag).await? {
        return Err(ServiceError::NotFound);
    }
    edited(tx, ctx, course_id, test_id).await
}

/// Refuses a version whose bank has fewer questions than it wants; returns how many it draws.
pub(in crate::features::quizzes::server) async fn check(connection: &mut PgConnection, version_id: Uuid, course_id: Uuid) -> Result<i64> {
    let rows = queries::list_draws(connection, version_id, course_id).await?;
    if let Some(row) = rows.iter().find(|row| row.available < i64::from(row.wanted)) {
        return Err(ServiceError::field("", Problem::TooFew(i64::from(row.wanted))));
    }
    Ok(rows.iter().map(|row| i64::from(row.wanted)).sum())
}

/// Draws for a learner, beside the questions that the test names. Where the bank has lost questions since it was published, there are
/// fewer.
pub(in crate::features::quizzes::server) async fn draw(
    connection: &mut PgConnection,
    (course_id, test_version_id): (Uuid, Uuid),
    user_id: Uuid,
    questions: &mut Vec<TestQuestionRow>,
) -> Result<()> {
    for row in queries::list_draws(connection, test_version_id, course_id).await? {
        let taken: Vec<Uuid> = questions.iter().map(|question| question.question_id).collect();
        questions.extend(queries::draw(connection, course_id, &row, &taken, user_id).await?);
    }
    Ok(())
}
