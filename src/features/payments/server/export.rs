//! Payments and refunds as a table for accountants: UTF-8 with its mark, semicolons and decimal commas, as Excel reads it in Russian.
//! It is written while it is read, so that its size is nobody's trouble.

use super::admin_queries::{self as queries, MoneyRow};
use super::administration;
use crate::features::payments::pages::provider_name;
use crate::features::payments::rules::table::{cell, number};
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::shared::i18n::{Locale, orders as texts};
use anyhow::Context as _;
use axum::body::{Body, Bytes};
use csv::{Writer, WriterBuilder};
use futures_util::{StreamExt as _, stream};
use tokio::sync::mpsc;

/// Rows of one piece.
const AT_ONCE: usize = 200;
/// By which Excel knows the encoding.
const MARK: &[u8] = b"\xef\xbb\xbf";

type Piece = std::result::Result<Bytes, std::io::Error>;

/// The table of the orders that a list's filters find.
pub fn table(ctx: &Ctx, search: &str, state: &str) -> Result<Body> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let (send, receive) = mpsc::channel(2);
    let (ctx, wanted) = (ctx.clone(), administration::Wanted::of(search, state));
    tokio::spawn(async move {
        if let Err(error) = write(&ctx, &wanted, &send).await {
            tracing::error!(%error, "an export broke off");
            // The table ends in the middle, and the browser says so.
            let _ = send.send(Err(std::io::Error::other("the export broke off"))).await;
        }
    });
    let pieces = stream::unfold(receive, |mut receive: mpsc::Receiver<Piece>| async move {
        let piece = receive.recv().await?;
        Some((piece, receive))
    });
    // Compression asks again after the end.
    Ok(Body::from_stream(pieces.fuse()))
}

async fn write(ctx: &Ctx, wanted: &administration::Wanted, send: &mpsc::Sender<Piece>) -> anyhow::Result<()> {
    let locale = ctx.locale();
    let mut table = writer(MARK.to_vec());
    table.write_record(header(locale))?;
    let mut connection = ctx.connection().await?;
    let mut rows = std::pin::pin!(queries::money(&mut connection, wanted.filter()).chunks(AT_ONCE));
    while let Some(piece) = rows.next().await {
        for row in piece {
            table.write_record(line(ctx, locale, &row?))?;
        }
        let bytes = std::mem::replace(&mut table, writer(Vec::new())).into_inner().map_err(csv::IntoInnerError::into_error)?;
        // Nobody reads any more.
        if send.send(Ok(bytes.into())).await.is_err() {
            return Ok(());
        }
    }
    let rest = table.into_inner().map_err(csv::IntoInnerError::into_error).context("the end of an export")?;
    if !rest.is_empty() {
        let _ = send.send(Ok(rest.into())).await;
    }
    Ok(())
}

fn writer(begin: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(begin)
}

fn header(locale: Locale) -> [&'static str; 10] {
    [
        texts::csv_at(locale),
        texts::csv_kind(locale),
        texts::order(locale),
        texts::csv_buyer(locale),
        texts::csv_email(locale),
        texts::course(locale),
        texts::csv_way(locale),
        texts::csv_number(locale),
        texts::amount(locale),
        texts::csv_currency(locale),
    ]
}

fn line(ctx: &Ctx, locale: Locale, row: &MoneyRow) -> [String; 10] {
    let text = |text: &str| cell(text).into_owned();
    [
        row.at.with_timezone(&ctx.zone).format("%Y-%m-%d %H:%M:%S").to_string(),
        if row.amount_minor < 0 { texts::refund(locale) } else { texts::payment(locale) }.to_owned(),
        row.order_number.to_string(),
        text(&row.buyer),
        text(&row.email),
        text(&row.courses),
        text(&provider_name(locale, &row.provider)),
        text(row.provider_number.as_deref().unwrap_or_default()),
        number(row.amount_minor),
        row.currency.clone(),
    ]
}
