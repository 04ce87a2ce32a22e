//! Plain routes of a course's bank and of files of questions.

use super::bank::{self, Deed};
use super::exchange::{self, Source};
use super::report_words;
use crate::features::quizzes::formats::report::{FileProblem, Import};
use crate::features::quizzes::formats::{FileFormat, MEGABYTES_MAX};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::shared::error::Problem;
use crate::shared::href;
use crate::shared::i18n::exchange as texts;
use crate::shared::viewer::Flash;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::{Multipart, Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Lines of a report that a page shows.
const REPORT_MAX: usize = 300;
const MAX_BYTES: usize = MEGABYTES_MAX as usize * 1024 * 1024;
/// With the form around the file.
pub(in crate::features::quizzes::server) const BODY_MAX: usize = MAX_BYTES + 64 * 1024;

type Upload = std::result::Result<Multipart, MultipartRejection>;

fn page_of(source: Result<Source>) -> String {
    match source {
        Ok(Source::Bank(course)) => href::bank(course),
        Ok(Source::Test(course, test)) => href::edit_test(course, test),
        Err(_) => "/admin/courses".to_owned(),
    }
}

fn bank_of(course: &str) -> Result<Source> {
    Ok(Source::Bank(path_id(course)?))
}

fn test_of(course: &str, test: &str) -> Result<Source> {
    Ok(Source::Test(path_id(course)?, path_id(test)?))
}

pub(in crate::features::quizzes::server) async fn import_into_bank(ctx: Ctx, Path(course): Path<String>, upload: Upload) -> Response {
    import(ctx, || bank_of(&course), upload).await
}

pub(in crate::features::quizzes::server) async fn import_into_test(
    ctx: Ctx,
    Path((course, test)): Path<(String, String)>,
    upload: Upload,
) -> Response {
    import(ctx, || test_of(&course, &test), upload).await
}

/// Takes a file's questions and shows what became of each.
async fn import(ctx: Ctx, source: impl Fn() -> Result<Source>, upload: Upload) -> Response {
    let taken = match source() {
        Ok(source) => take(&ctx, source, upload).await,
        Err(error) => Err(error),
    };
    let page = page_of(source());
    match taken {
        Ok(outcome) => {
            let status = if outcome.is_ok() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let told = told(&ctx, outcome);
            forms::show(ctx, "import", &page, told, status).await
        }
        Err(error) => forms::refuse(ctx, "import", &Fields::default(), &page, error).await,
    }
}

async fn take(ctx: &Ctx, source: Source, upload: Upload) -> Result<std::result::Result<Import, FileProblem>> {
    exchange::may_import(ctx, source).await?;
    let (format, bytes) = read_file(upload).await?;
    exchange::import(ctx, source, format, bytes).await
}

/// The file of a form and its format.
async fn read_file(upload: Upload) -> Result<(FileFormat, Vec<u8>)> {
    let nothing = || ServiceError::field("file", Problem::Required);
    let too_large = || ServiceError::field("file", Problem::FileTooLarge(MEGABYTES_MAX));
    let broken = |error: MultipartError| if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { nothing() };
    let mut upload = upload.map_err(|_| nothing())?;
    let mut format = None;
    while let Some(mut field) = upload.next_field().await.map_err(broken)? {
        match field.name() {
            Some("format") => format = FileFormat::from_code(&field.text().await.map_err(broken)?),
            Some("file") => {
                let is_xml = field.file_name().is_some_and(|name| name.to_lowercase().ends_with(".xml"));
                let mut bytes = Vec::new();
                while let Some(chunk) = field.chunk().await.map_err(broken)? {
                    if bytes.len() + chunk.len() > MAX_BYTES {
                        return Err(too_large());
                    }
                    bytes.extend_from_slice(&chunk);
                }
                if bytes.is_empty() {
                    return Err(nothing());
                }
                let by_name = if is_xml { FileFormat::MoodleXml } else { FileFormat::Gift };
                return Ok((format.unwrap_or(by_name), bytes));
            }
            _ => {}
        }
    }
    Err(nothing())
}

/// A report as the page shows it: a line each of line, name, outcome, parted by tabs.
fn told(ctx: &Ctx, outcome: std::result::Result<Import, FileProblem>) -> BTreeMap<String, String> {
    let locale = ctx.locale();
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let import = match outcome {
        Ok(import) => import,
        Err(problem) => return [pair("refused", report_words::file_problem(locale, &problem))].into(),
    };
    let plain = |text: &str| text.replace(['\t', '\n', '\r', '\0'], " ");
    let lines: Vec<String> = import
        .report
        .iter()
        .take(REPORT_MAX)
        .map(|remark| format!("{}\t{}\t{}", remark.line, plain(&remark.name), plain(&report_words::outcome(locale, &remark.outcome))))
        .collect();
    let more = import.report.len() - lines.len();
    [
        pair("taken", import.questions.len().to_string()),
        pair("report", lines.join("\n")),
        pair("more", if more > 0 { more.to_string() } else { String::new() }),
    ]
    .into()
}

/// `?format=`.
#[derive(Deserialize)]
pub(in crate::features::quizzes::server) struct Wanted {
    #[serde(default)]
    format: String,
}

pub(in crate::features::quizzes::server) async fn export_bank(ctx: Ctx, Path(course): Path<String>, Query(wanted): Query<Wanted>) -> Response {
    export(ctx, || bank_of(&course), &wanted).await
}

pub(in crate::features::quizzes::server) async fn export_test(
    ctx: Ctx,
    Path((course, test)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Response {
    export(ctx, || test_of(&course, &test), &wanted).await
}

async fn export(ctx: Ctx, source: impl Fn() -> Result<Source>, wanted: &Wanted) -> Response {
    let format = FileFormat::from_code(&wanted.format).unwrap_or(FileFormat::Gift);
    let written = match source() {
        Ok(source) => exchange::export(&ctx, source, format).await,
        Err(error) => Err(error),
    };
    let page = page_of(source());
    forms::finish(ctx, "export", &Fields::default(), &page, written, |ctx, (mut file, left_out)| {
        let (kind, name) = match format {
            FileFormat::Gift => ("text/plain; charset=utf-8", "questions.gift.txt"),
            FileFormat::MoodleXml => ("application/xml; charset=utf-8", "questions.xml"),
        };
        if !left_out.is_empty() {
            let names = left_out.join("; ").replace(['\n', '\r'], " ").replace("--", "—");
            let note = texts::left_out(ctx.locale(), names);
            let (begin, end) = if format == FileFormat::Gift { ("// ", "") } else { ("<!-- ", " -->") };
            file = format!("{file}\n{begin}{note}{end}\n");
        }
        let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))];
        (headers, file).into_response()
    })
    .await
}

pub(in crate::features::quizzes::server) async fn act(ctx: Ctx, Path(course): Path<String>, fields: Fields) -> Response {
    let ids: Vec<Uuid> = fields.all("question").filter_map(|id| Uuid::try_parse(id).ok()).collect();
    let deed = match fields.get("deed") {
        "tag" => Some(Deed::Tag),
        "untag" => Some(Deed::Untag),
        "archive" => Some(Deed::Archive),
        "into_test" => Uuid::try_parse(fields.get("test")).ok().map(Deed::IntoTest),
        _ => None,
    };
    let result = match path_id(&course) {
        Ok(course) => bank::act(&ctx, course, &ids, deed, fields.get("tag")).await,
        Err(error) => Err(error),
    };
    let page = page_of(bank_of(&course));
    forms::finish(ctx, "bank", &fields, &page, result, |ctx, ()| forms::see_other_with(ctx, &page, Flash::Saved)).await
}
