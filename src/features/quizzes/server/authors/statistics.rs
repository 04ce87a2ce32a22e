//! Use cases of authors: how the questions of a test do.

use super::author_queries;
use super::authoring::label;
use super::statistics_queries::{self as queries, FigureRow, PickRow, ShareRow};
use crate::features::quizzes::content::Body;
use crate::features::quizzes::kind::QuestionKind;
use crate::features::quizzes::model::statistics::{QuestionStatistics, Share, TestStatistics};
use crate::features::quizzes::rules;
use crate::features::quizzes::server::stored::kind_of;
use crate::features::quizzes::text::normal;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::markdown;
use crate::shared::html::escape;
use anyhow::Context as _;
use uuid::Uuid;

/// Words of a field that are listed.
const WORDS: usize = 6;
/// What an item was given that is listed.
const PICKS: usize = 4;
/// Different spellings that are looked at.
const SPELLINGS: i64 = 500;

/// The statistics of a test.
pub async fn test(ctx: &Ctx, course_id: Uuid, test_id: Uuid) -> Result<TestStatistics> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    let version = author_queries::working_version(&mut connection, course_id, test_id).await?.ok_or(ServiceError::NotFound)?;
    let title = author_queries::settings(&mut connection, version.id).await?.title;
    let attempts = queries::count_finished(&mut connection, test_id).await?;
    let figures = queries::figures(&mut connection, test_id, rules::STATISTICS_FROM).await?;
    let mut shares = queries::options(&mut connection, test_id).await?;
    shares.extend(together(queries::words(&mut connection, test_id, SPELLINGS).await?));
    shares.extend(picked(queries::picks(&mut connection, test_id).await?)?);
    let questions = figures.into_iter().map(|row| question(row, &shares)).collect::<Result<_>>()?;
    Ok(TestStatistics { course_id, test_id, title, attempts, questions })
}

/// What the scorer takes for the same words, under its most frequent spelling; the most frequent of each field.
fn together(rows: Vec<ShareRow>) -> Vec<ShareRow> {
    let mut words: Vec<ShareRow> = Vec::new();
    for row in rows {
        let is_same = |known: &&mut ShareRow| known.version_id == row.version_id && known.gap == row.gap && normal(&known.text) == normal(&row.text);
        match words.iter_mut().find(is_same) {
            Some(known) => known.count += row.count,
            None => words.push(row),
        }
    }
    // The sort is stable: versions and gaps stay in their order.
    words.sort_by_key(|row| (row.version_id, row.gap, std::cmp::Reverse(row.count)));
    let mut place = 0;
    let mut last = None;
    words.retain(|row| {
        place = if last == Some((row.version_id, row.gap)) { place + 1 } else { 0 };
        last = Some((row.version_id, row.gap));
        place < WORDS
    });
    words
}

/// What each item was given most often, in words: `left → right`, or `place. item`.
fn picked(rows: Vec<PickRow>) -> Result<Vec<ShareRow>> {
    let mut shares = Vec::new();
    let mut place = 0;
    let mut last = None;
    for row in rows {
        place = if last == Some((row.version_id, row.item)) { place + 1 } else { 0 };
        last = Some((row.version_id, row.item));
        let shown = Body::from_stored(row.body).context("question_versions.body")?;
        let key = Body::from_stored(row.key).context("key_corrections.keys")?;
        let indices = usize::try_from(row.item).ok().zip(usize::try_from(row.choice).ok());
        let named = indices.filter(|_| place < PICKS).and_then(|(item, choice)| pick_words(&shown, &key, item, choice));
        shares.extend(named.map(|(text, is_right)| ShareRow {
            version_id: row.version_id,
            gap: i64::from(row.item),
            text,
            count: row.count,
            is_right: Some(is_right),
        }));
    }
    Ok(shares)
}

/// What an item was given, in words, and whether a key has it so.
fn pick_words(shown: &Body, key: &Body, item: usize, choice: usize) -> Option<(String, bool)> {
    match (shown, key) {
        (Body::Matching(shown), Body::Matching(key)) => {
            let (left, right) = (&shown.pairs.get(item)?.left, *shown.rights().get(choice)?);
            let is_right = key.pairs.get(item).is_some_and(|pair| pair.right == right);
            Some((format!("{} → {right}", markdown::plain_text(left).trim()), is_right))
        }
        (Body::Ordering { items }, Body::Ordering { items: right }) => {
            let text = items.get(item)?;
            Some((format!("{}. {}", choice + 1, markdown::plain_text(text).trim()), right.get(choice) == Some(text)))
        }
        _ => None,
    }
}

fn question(row: FigureRow, shares: &[ShareRow]) -> Result<QuestionStatistics> {
    let kind = kind_of(&row.kind)?;
    let shares: Vec<Share> = shares
        .iter()
        .filter(|share| share.version_id == row.version_id)
        .map(|share| {
            let html = match kind {
                QuestionKind::SingleChoice | QuestionKind::MultipleChoice => share.text.clone(),
                QuestionKind::Gaps => format!("[{}] {}", share.gap, escape(&share.text)),
                _ => escape(&share.text),
            };
            let hundredths = i32::try_from(share.count * 10_000 / row.attempts.max(1)).unwrap_or(10_000).min(10_000);
            Share { html, count: share.count, hundredths, is_right: share.is_right }
        })
        .collect();
    // Of one option, that the right one should be the most frequent is sure; of several ticks it is not.
    let most = |is_right: bool| shares.iter().filter(|share| share.is_right == Some(is_right)).map(|share| share.count).max();
    let is_outdrawn = kind == QuestionKind::SingleChoice && most(false) > most(true);
    Ok(QuestionStatistics {
        question_id: row.question_id,
        label: label(&row.name, &row.prompt_md),
        kind,
        version: row.version,
        attempts: row.attempts,
        difficulty: row.difficulty,
        discrimination: row.discrimination,
        concerns: rules::concerns(row.attempts, row.difficulty, row.discrimination, is_outdrawn),
        shares,
    })
}
