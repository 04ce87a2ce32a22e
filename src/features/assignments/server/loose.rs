//! Remarks that a curator began on a round which its learner took back: they are kept, whatever becomes of what they are on.

use super::{passage_queries as queries, round_queries as rounds};
use crate::features::assignments::rules::passages::{self, Passage};
use crate::features::assignments::rules::{Place, REMARK_MAX};
use crate::server::error::Result;
use sqlx::PgConnection;
use uuid::Uuid;

/// The text may be another one: passages that stand elsewhere now go with their words, the others become words of the remark.
pub(super) async fn follow_text(connection: &mut PgConnection, round_id: Uuid) -> Result<()> {
    let rows = queries::on_passages(connection, round_id).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let html = rounds::text_html(connection, round_id).await?;
    for row in rows {
        let passage = Passage { start: row.text_start, end: row.text_end, quote: row.quote };
        if passages::stands(&html, &passage) {
            continue;
        }
        match passages::find(&html, &passage.quote) {
            Some(found) => queries::set_passage(connection, row.id, &found).await?,
            None => queries::loosen(connection, row.id, Place::Text, &about(&passage.quote, &row.body)).await?,
        }
    }
    Ok(())
}

/// A file is about to be taken out, which would take its remarks with it.
pub(super) async fn outlive_file(connection: &mut PgConnection, round_id: Uuid, file_id: Uuid) -> Result<()> {
    for row in queries::on_file(connection, round_id, file_id).await? {
        queries::loosen(connection, row.id, Place::Work, &about(&row.name, &row.body)).await?;
    }
    Ok(())
}

/// The words of a remark, after what it was on; as much of that as there is room for.
fn about(what: &str, body: &str) -> String {
    let room = (REMARK_MAX as usize).saturating_sub(body.chars().count() + "«…»\n".chars().count());
    let words: String = what.chars().take(room).collect();
    let rest = if words.len() < what.len() { "…" } else { "" };
    if words.is_empty() { body.to_owned() } else { format!("«{words}{rest}»\n{body}") }
}
