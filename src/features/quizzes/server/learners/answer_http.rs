//! The form of an attempt with files, as browsers without scripts send it: texts and files in one body, in the order of the page.

use crate::features::files::rules::{UploadPlace, role_of_name};
use crate::features::files::server::uploads::{self, NewUploadInput};
use crate::features::quizzes::server::http;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::http::forms::Fields;
use crate::server::http::session::path_id;
use crate::shared::error::FieldProblem;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use futures_util::TryStreamExt as _;

/// Bytes of all texts together: as of any other form.
const TEXTS_MAX: usize = 1024 * 1024;
/// Fields of a form.
const FIELDS_MAX: usize = 2_000;

/// What a body held.
#[derive(Default)]
struct Read {
    fields: Vec<(String, String)>,
    bytes: usize,
    problems: Vec<FieldProblem>,
}

pub(in crate::features::quizzes::server) async fn save_with_files(
    ctx: Ctx,
    Path(id): Path<String>,
    upload: std::result::Result<Multipart, MultipartRejection>,
) -> Response {
    let Ok(mut upload) = upload else {
        // Who may not answer is told that first.
        return match http::save_form(&ctx, &id, &Fields::default()).await {
            Ok(()) => StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response(),
            refused => http::saved(ctx, &id, &Fields::default(), refused).await,
        };
    };
    let mut read = Read::default();
    let taken = loop {
        match upload.next_field().await {
            Ok(Some(field)) => match take(&ctx, &id, field, &mut read).await {
                Ok(true) => {}
                Ok(false) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
                Err(error) => break Err(error),
            },
            Ok(None) => break Ok(()),
            // The line broke: what came is kept below.
            Err(_) => break Ok(()),
        }
    };
    let fields: Fields = read.fields.into_iter().collect();
    let saved = match taken {
        Ok(()) => http::save_form(&ctx, &id, &fields).await,
        Err(error) => Err(error),
    };
    let result = match saved {
        Ok(()) if read.problems.is_empty() => Ok(()),
        Ok(()) => Err(ServiceError::Invalid(read.problems)),
        Err(ServiceError::Invalid(mut problems)) => {
            problems.extend(read.problems);
            Err(ServiceError::Invalid(problems))
        }
        Err(error) => Err(error),
    };
    http::saved(ctx, &id, &fields, result).await
}

/// Takes one field: a file goes on to where uploads go, a text is kept. False when the texts are too long.
async fn take(ctx: &Ctx, id: &str, mut field: Field<'_>, read: &mut Read) -> Result<bool> {
    let name = field.name().unwrap_or_default().to_owned();
    if let Some(question) = name.strip_prefix("files_") {
        let file_name = field.file_name().unwrap_or_default().to_owned();
        // A list in which nothing was chosen.
        if file_name.is_empty() {
            return Ok(true);
        }
        let place = UploadPlace::Answer { attempt_id: path_id(id)?, question_id: path_id(question)? };
        let role = role_of_name(&file_name);
        let input = NewUploadInput { role, place, name: file_name, size: place.max_bytes(role) };
        match uploads::receive(ctx, input, Box::pin(field.map_err(axum::Error::new))).await {
            Ok(()) => {}
            // One that can't be taken is told beside its field; the answers are saved nevertheless.
            Err(ServiceError::Invalid(found)) => {
                read.problems.extend(found.into_iter().map(|problem| FieldProblem::new(&name, problem.problem)));
            }
            Err(error) => return Err(error),
        }
        return Ok(true);
    }
    let mut text = Vec::new();
    loop {
        let chunk = match field.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            // Half a text is not what was typed.
            Err(_) => return Ok(true),
        };
        read.bytes += chunk.len();
        if read.bytes > TEXTS_MAX || read.fields.len() >= FIELDS_MAX {
            return Ok(false);
        }
        text.extend_from_slice(&chunk);
    }
    read.fields.push((name, String::from_utf8_lossy(&text).into_owned()));
    Ok(true)
}
