//! Use cases of authors: a course's bank of questions.

use super::author_queries;
use super::authoring::{begin, draft, edited, label};
use super::bank_queries as queries;
use crate::features::quizzes::content::validation::{ITEMS_MAX, NAME_MAX};
use crate::features::quizzes::model::bank::{BankLine, BankPage};
use crate::features::quizzes::server::stored::kind_of;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, AuthoringEvent, Event};
use crate::shared::error::Problem;
use uuid::Uuid;

const PAGE: u32 = 50;

/// A page of the bank, of a tag and with these words where they are given.
pub async fn bank(ctx: &Ctx, course_id: Uuid, tag: &str, words: &str, page: u32) -> Result<BankPage> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    let course_title = queries::course_title(&mut connection, course_id).await?.ok_or(ServiceError::NotFound)?;
    let offset = i64::from(page) * i64::from(PAGE);
    let rows = queries::list(&mut connection, course_id, (tag.trim(), words.trim()), (i64::from(PAGE), offset)).await?;
    let total = rows.first().map_or(0, |row| row.total);
    Ok(BankPage {
        course_id,
        course_title,
        tags: queries::tags(&mut connection, course_id).await?.into_iter().map(|row| (row.tag, row.count)).collect(),
        tests: queries::tests_of_course(&mut connection, course_id).await?.into_iter().map(|row| (row.id, row.title)).collect(),
        next: (offset + i64::from(PAGE) < total).then_some(page + 1),
        total,
        questions: rows
            .into_iter()
            .map(|row| {
                Ok(BankLine {
                    id: row.id,
                    kind: kind_of(&row.kind)?,
                    label: label(&row.name, &row.prompt_md),
                    tags: row.tags,
                    is_draft: row.is_draft,
                    tests: row.tests,
                })
            })
            .collect::<Result<_>>()?,
    })
}

/// What happens to chosen questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// They get a tag.
    Tag,
    /// They lose one.
    Untag,
    /// They leave the bank; tests that hold them keep them.
    Archive,
    /// They go into a test's draft, after those that are there.
    IntoTest(Uuid),
}

impl Deed {
    /// Its name in the log.
    const fn code(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Untag => "untag",
            Self::Archive => "archive",
            Self::IntoTest(_) => "into_test",
        }
    }
}

/// Does something with chosen questions of a course.
pub async fn act(ctx: &Ctx, course_id: Uuid, ids: &[Uuid], deed: Option<Deed>, tag: &str) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let deed = deed.ok_or(ServiceError::NotFound)?;
    if ids.is_empty() {
        return Err(ServiceError::field("", Problem::TooFew(1)));
    }
    if let Deed::IntoTest(test_id) = deed {
        return into_test(ctx, course_id, test_id, ids).await;
    }
    let mut tx = ctx.begin().await?;
    let count = match deed {
        Deed::Tag => queries::add_tag(&mut tx, course_id, ids, &read_tag(tag)?, i32::try_from(ITEMS_MAX).unwrap_or(i32::MAX)).await?,
        Deed::Untag => queries::remove_tag(&mut tx, course_id, ids, &read_tag(tag)?).await?,
        Deed::Archive | Deed::IntoTest(_) => queries::archive(&mut tx, course_id, ids).await?,
    };
    if count == 0 {
        return Err(ServiceError::NotFound);
    }
    let event = AuthoringEvent::BankChanged { course_id, deed: deed.code(), count };
    events::record(&mut tx, ctx, Event::Authoring(event)).await?;
    Ok(tx.commit().await?)
}

/// A tag as it may be kept; a comma parts tags where they are typed.
pub(super) fn read_tag(typed: &str) -> Result<String> {
    let tag = typed.trim();
    let problem = if tag.is_empty() {
        Problem::Required
    } else if tag.contains(['\0', ',']) {
        Problem::BadCharacters
    } else if tag.chars().count() > NAME_MAX {
        Problem::TooLong(u32::try_from(NAME_MAX).unwrap_or(u32::MAX))
    } else {
        return Ok(tag.to_owned());
    };
    Err(ServiceError::field("tag", problem))
}

async fn into_test(ctx: &Ctx, course_id: Uuid, test_id: Uuid, ids: &[Uuid]) -> Result<()> {
    let (mut tx, version) = begin(ctx, course_id, test_id).await?;
    let rows = author_queries::questions(&mut tx, version.id).await?;
    let mut order: Vec<(Uuid, i32)> = rows.into_iter().map(|row| (row.question_id, row.weight)).collect();
    let before = order.len();
    let found = queries::in_bank(&mut tx, course_id, ids).await?;
    if found.is_empty() {
        return Err(ServiceError::field("", Problem::UnknownChoice));
    }
    for id in found {
        if !order.iter().any(|(known, _)| *known == id) {
            order.push((id, 1));
        }
    }
    if order.len() == before {
        return Ok(());
    }
    let draft_id = draft(&mut tx, ctx, test_id, &version).await?;
    author_queries::replace_questions(&mut tx, draft_id, &order).await?;
    edited(tx, ctx, course_id, test_id).await
}
