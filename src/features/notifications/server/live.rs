//! `GET /events`: what happens for the signed-in person, as server-sent events. A browser that comes back says what it heard last.

use super::service::{self, Known};
use crate::features::accounts::server::sessions;
use crate::server::authz::{self, SeeReviewQueue};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::wake::{self, Listener};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, Stream};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// Streams of one person at once, in this process: some devices with a tab each, since the tabs of a browser share one.
const PER_PERSON: usize = 12;
/// A sign of life, so that proxies keep the line and a dead one is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(25);
/// How long a browser waits before it comes back.
const COME_BACK_AFTER: Duration = Duration::from_secs(3);
/// The curators' desk: pages there look again when something moves on it.
const DESK: &str = "/curate";
const DESK_PAUSE: Duration = Duration::from_millis(500);

/// The stream's state between two events.
struct Streamed {
    ctx: Ctx,
    listener: Listener,
    known: Known,
    /// What moves on the curators' desk, for who works at it.
    desk: Option<watch::Receiver<u64>>,
    /// Something moved there that was not told.
    desk_moved: bool,
    /// Nothing was sent yet.
    is_new: bool,
}

/// Waits until something moves on the desk; for ever where nobody works at it.
async fn moved(desk: &mut Option<watch::Receiver<u64>>) {
    let heard = match desk {
        Some(desk) => desk.changed().await.is_ok(),
        None => false,
    };
    if !heard {
        std::future::pending::<()>().await;
    }
}

/// Opens the stream.
pub async fn events(ctx: Ctx, headers: HeaderMap) -> Response {
    let Some(user_id) = ctx.actor.id() else { return StatusCode::UNAUTHORIZED.into_response() };
    let Some(listener) = wake::listen_for(&ctx.state, user_id, PER_PERSON) else {
        return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, HeaderValue::from_static("60"))]).into_response();
    };
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| Uuid::try_parse(id).ok());
    let known = last.map_or(Known::All, |last| Known::UpTo(Some(last)));
    let desk = authz::permit(&ctx.actor, SeeReviewQueue).is_ok().then(|| ctx.state.wake.desk());
    // Who was away for a moment may have missed something.
    let desk_moved = desk.is_some() && last.is_some();
    let stream = happenings(Streamed { ctx, listener, known, desk, desk_moved, is_new: true });
    let mut response = Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would gather what is to go out at once.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn happenings(state: Streamed) -> impl Stream<Item = std::result::Result<Event, Infallible>> {
    stream::unfold(state, |mut state| async move {
        if !state.is_new {
            let stop = state.ctx.state.stop.clone();
            tokio::select! {
                () = stop.cancelled() => return None,
                () = state.listener.changed() => {}
                () = moved(&mut state.desk) => {
                    state.desk_moved = true;
                    // Much at once is told once.
                    tokio::time::sleep(DESK_PAUSE).await;
                    if let Some(desk) = &mut state.desk {
                        desk.borrow_and_update();
                    }
                }
            }
        }
        // A session that ended hears nothing more; neither does one when the database is away: the browser comes back by itself.
        let event = next_event(&mut state).await.ok().flatten()?;
        state.is_new = false;
        Some((Ok(event), state))
    })
}

async fn next_event(state: &mut Streamed) -> Result<Option<Event>> {
    if !sessions::is_running(&state.ctx).await? {
        return Ok(None);
    }
    let (mut news, last) = service::news(&state.ctx, state.known).await?;
    if std::mem::take(&mut state.desk_moved) {
        news.paths.push(DESK.to_owned());
    }
    state.known = Known::UpTo(last);
    let mut event = Event::default().retry(COME_BACK_AFTER).event("news");
    if let Some(last) = last {
        event = event.id(last.to_string());
    }
    let data = serde_json::to_string(&news).map_err(anyhow::Error::from)?;
    Ok(Some(event.data(data)))
}
