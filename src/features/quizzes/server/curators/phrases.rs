//! Ready phrases for remarks, kept by each curator for themselves or for all.

use super::phrase_queries as queries;
use super::review::queue_owner;
use crate::features::quizzes::model::scoring::Phrase;
use crate::server::authz::{self, SeeReviewQueue};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::error::Problem;
use sqlx::PgConnection;
use uuid::Uuid;

/// Longest phrase, in characters.
const PHRASE_MAX: u32 = 500;
/// Most phrases of one person.
const PHRASES_MAX: i64 = 50;

/// Whom phrases are said to, and about what.
#[derive(Clone, Copy, Debug)]
pub struct Addressee<'a> {
    /// The learner's name; phrases say the first of it.
    pub learner: &'a str,
    /// Course.
    pub course_title: &'a str,
    /// Assignment or test.
    pub title: &'a str,
}

impl Addressee<'_> {
    /// A phrase with its variables filled in. What a value holds is never read for further variables; an unknown one stays as it is typed.
    fn hears(&self, phrase: &str) -> String {
        let values =
            [("{name}", self.learner.split_whitespace().next().unwrap_or_default()), ("{course}", self.course_title), ("{work}", self.title)];
        let (mut said, mut rest) = (String::new(), phrase);
        while let Some(at) = rest.find('{') {
            let (before, from) = rest.split_at(at);
            let known = values.iter().find_map(|(variable, value)| from.strip_prefix(variable).map(|after| (*value, after)));
            let (value, after) = known.unwrap_or_else(|| from.split_at(1));
            said.push_str(before);
            said.push_str(value);
            rest = after;
        }
        said + rest
    }
}

/// The reader's phrases as they are said to a learner, the oldest first, and then those that all share.
pub async fn known(connection: &mut PgConnection, ctx: &Ctx, addressee: Addressee<'_>) -> Result<Vec<Phrase>> {
    let user_id = ctx.actor.signed_in()?;
    let rows = queries::list_phrases(connection, user_id).await?;
    let may_all = queue_owner(ctx).is_none();
    let phrase = |row: queries::PhraseRow| {
        let may_forget = row.user_id == user_id || may_all;
        Phrase { id: row.id, text: addressee.hears(&row.body), is_shared: row.is_shared, may_forget }
    };
    Ok(rows.into_iter().map(phrase).collect())
}

/// Keeps a phrase, for oneself or for all curators. One that is there already stays, and may come to be shared.
pub async fn keep(ctx: &Ctx, typed: &str, is_shared: bool) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let user_id = ctx.actor.signed_in()?;
    let body = typed.replace("\r\n", "\n").trim().to_owned();
    let problem = match body.chars().count() {
        0 => Some(Problem::Required),
        count if count > PHRASE_MAX as usize => Some(Problem::TooLong(PHRASE_MAX)),
        _ => body.contains('\0').then_some(Problem::BadCharacters),
    };
    if let Some(problem) = problem {
        return Err(ServiceError::field("remark", problem));
    }
    let mut tx = ctx.begin().await?;
    if !queries::insert_phrase(&mut tx, ctx.new_id(), user_id, &body, is_shared, PHRASES_MAX, ctx.now()).await? {
        return Err(ServiceError::field("remark", Problem::TooMany(PHRASES_MAX)));
    }
    Ok(tx.commit().await?)
}

/// Forgets a phrase of one's own; administrators also what is shared.
pub async fn forget(ctx: &Ctx, id: Uuid) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, SeeReviewQueue)?;
    queries::delete_phrase(&mut *ctx.connection().await?, ctx.actor.signed_in()?, queue_owner(ctx).is_none(), id).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_says_the_name_the_course_and_the_work() {
        let addressee = Addressee { learner: "Anna {work} Belova", course_title: "{name}", title: "Window" };
        for (phrase, expected) in [
            ("{name}, look at {work} again, {name}", "Anna, look at Window again, Anna"),
            ("{course}", "{name}"),
            ("{unknown} { {name", "{unknown} { {name"),
            ("{{name}}", "{Anna}"),
            ("", ""),
        ] {
            assert_eq!(addressee.hears(phrase), expected, "{phrase}");
        }
    }
}
