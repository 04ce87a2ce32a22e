//! The browser's side of a resumable upload (tus 1.0): a file goes in slices; after a broken line, or in a tab opened anew, from where
//! the server has it.

use crate::features::files::rules::{Role, UploadPlace};
use crate::shared::error::{AppError, ErrorKind};
use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::{Blob, File, ProgressEvent, Storage, XmlHttpRequest};
use uuid::Uuid;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_futures::js_sys::{Number, Promise};

/// As large as the server's parts, so that it writes each once.
const SLICE: f64 = 8.0 * 1024.0 * 1024.0;
/// Tries without any progress before the author is asked.
const TRIES: i32 = 12;
const LONGEST_PAUSE: i32 = 15_000;

/// What a file is uploaded for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Purpose {
    pub place: UploadPlace,
    pub role: Role,
}

/// What the page shows of an upload.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    /// Bytes on the server.
    pub sent: RwSignal<f64>,
    /// The line is broken for now.
    pub waits: RwSignal<bool>,
    /// The author wants no more of it.
    pub stopped: RwSignal<bool>,
}

/// An answer: its status, 0 for none.
struct Answer(XmlHttpRequest);

impl Answer {
    fn status(&self) -> u16 {
        self.0.status().unwrap_or(0)
    }

    fn header(&self, name: &str) -> Option<String> {
        self.0.get_response_header(name).ok().flatten()
    }

    fn offset(&self) -> Option<f64> {
        Some(Number::parse_float(&self.header("upload-offset")?)).filter(|offset| offset.is_finite())
    }

    fn error(&self) -> AppError {
        let text = self.0.response_text().ok().flatten().unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_else(|_| AppError::new(ErrorKind::Internal))
    }
}

/// Sends a request; tells of the bytes of its body on their way.
async fn request(
    method: &str,
    place: &str,
    headers: &[(&str, String)],
    body: Option<&Blob>,
    on_way: impl Fn(f64) + 'static,
) -> Result<Answer, JsValue> {
    let call = XmlHttpRequest::new()?;
    call.open_with_async(method, place, true)?;
    call.set_request_header("tus-resumable", "1.0.0")?;
    for (name, value) in headers {
        call.set_request_header(name, value)?;
    }
    let progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| on_way(event.loaded()));
    call.upload()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    let mut begun = Ok(());
    let ended = Promise::new(&mut |resolve, _| {
        call.set_onloadend(Some(&resolve));
        begun = match body {
            Some(body) => call.send_with_opt_blob(Some(body)),
            None => call.send(),
        };
    });
    begun?;
    JsFuture::from(ended).await?;
    Ok(Answer(call))
}

async fn pause(milliseconds: i32) {
    let waited = Promise::new(&mut |resolve, _| {
        // Without a timer there is no pause.
        if window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds).is_err() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(waited).await;
}

/// Where unfinished uploads are remembered, by what is known of a file without reading it.
struct Memory {
    storage: Option<Storage>,
    key: String,
}

impl Memory {
    fn of(file: &File, purpose: Purpose) -> Self {
        let id = match purpose.place {
            UploadPlace::Lesson { lesson_id: id, .. } | UploadPlace::Work { assignment_id: id } => id.to_string(),
            UploadPlace::Answer { attempt_id, question_id } => format!("{attempt_id} {question_id}"),
        };
        let key = format!("upload {id} {} {} {} {}", purpose.role.code(), whole(file.size()), whole(file.last_modified()), file.name());
        Self { storage: window().local_storage().ok().flatten(), key }
    }

    fn place(&self) -> Option<String> {
        self.storage.as_ref()?.get_item(&self.key).ok().flatten().filter(|place| place.starts_with("/uploads/"))
    }

    fn keep(&self, place: &str) {
        if let Some(storage) = &self.storage {
            let _ = storage.set_item(&self.key, place);
        }
    }

    fn forget(&self) {
        if let Some(storage) = &self.storage {
            let _ = storage.remove_item(&self.key);
        }
    }
}

/// What one step came to.
enum Step {
    /// The server has so many bytes.
    At(f64),
    /// It is to be begun anew.
    Lost,
    /// Not now.
    Later,
    /// Never.
    Refused(AppError),
}

fn step_of(answer: Result<Answer, JsValue>) -> Step {
    let Ok(answer) = answer else { return Step::Later };
    match (answer.status(), answer.offset()) {
        (200..=299, Some(offset)) => Step::At(offset),
        (404 | 410, _) => Step::Lost,
        // Somebody else writes, the line, a server that starts anew, or a throttle.
        (0 | 408 | 409 | 423 | 429 | 460 | 500 | 502..=504, _) => Step::Later,
        _ => Step::Refused(answer.error()),
    }
}

/// Begins an upload; its place.
async fn begin(file: &File, purpose: Purpose) -> Result<String, Step> {
    let encoded = |text: &str| window().btoa(&bytes_as_letters(text)).unwrap_or_default();
    let (name, role) = (encoded(&file.name()), encoded(purpose.role.code()));
    let id = |id: Uuid| encoded(&id.to_string());
    let place = match purpose.place {
        UploadPlace::Lesson { course_id, lesson_id } => format!("course {},lesson {}", id(course_id), id(lesson_id)),
        UploadPlace::Work { assignment_id } => format!("assignment {}", id(assignment_id)),
        UploadPlace::Answer { attempt_id, question_id } => format!("attempt {},question {}", id(attempt_id), id(question_id)),
    };
    let metadata = format!("filename {name},role {role},{place}");
    let headers = [("upload-length", whole(file.size()).to_string()), ("upload-metadata", metadata)];
    let Ok(answer) = request("POST", "/uploads", &headers, None, |_| ()).await else { return Err(Step::Later) };
    match (answer.status(), answer.header("location")) {
        (201, Some(place)) => Ok(place),
        (404, _) => Err(Step::Refused(answer.error())),
        _ => Err(step_of(Ok(answer))),
    }
}

/// `btoa` takes letters up to 255: one for each byte of the text.
fn bytes_as_letters(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

/// As it is written; the browser's program knows how to write whole numbers only.
#[expect(clippy::cast_possible_truncation, reason = "a file has fewer than 2^53 bytes")]
pub(super) const fn whole(bytes: f64) -> i64 {
    bytes as i64
}

async fn send_slice(file: &File, place: &str, from: f64, shown: Shown) -> Step {
    let to = (from + SLICE).min(file.size());
    let Ok(slice) = file.slice_with_f64_and_f64(from, to) else { return Step::Later };
    let headers = [("upload-offset", whole(from).to_string()), ("content-type", "application/offset+octet-stream".to_owned())];
    let on_way = move |loaded: f64| {
        let _ = shown.sent.try_set(from + loaded);
    };
    step_of(request("PATCH", place, &headers, Some(&slice), on_way).await)
}

/// Uploads a file, as often as it takes. `Ok(false)` when the author stopped it.
pub(super) async fn upload(file: File, purpose: Purpose, shown: Shown) -> Result<bool, AppError> {
    let memory = Memory::of(&file, purpose);
    let (mut place, mut at, mut tries) = (memory.place(), None::<f64>, 0);
    loop {
        // The page may be gone meanwhile.
        if shown.stopped.try_get_untracked() != Some(false) {
            if let Some(place) = &place {
                let _ = request("DELETE", place, &[], None, |_| ()).await;
            }
            memory.forget();
            return Ok(false);
        }
        let step = match (&place, at) {
            (None, _) => match begin(&file, purpose).await {
                Ok(begun) => {
                    memory.keep(&begun);
                    place = Some(begun);
                    Step::At(0.0)
                }
                Err(step) => step,
            },
            (Some(place), None) => step_of(request("HEAD", place, &[], None, |_| ()).await),
            (Some(place), Some(from)) => send_slice(&file, place, from, shown).await,
        };
        match step {
            Step::At(offset) => {
                if at.is_none_or(|before| offset > before) {
                    tries = 0;
                }
                at = Some(offset);
                let _ = shown.sent.try_set(offset);
                let _ = shown.waits.try_set(false);
                if offset >= file.size() {
                    memory.forget();
                    return Ok(true);
                }
            }
            Step::Lost => {
                memory.forget();
                (place, at) = (None, None);
                tries += 1;
            }
            Step::Later => {
                at = None;
                tries += 1;
                let _ = shown.waits.try_set(true);
                pause((500 << tries.min(6)).min(LONGEST_PAUSE)).await;
            }
            Step::Refused(error) => {
                memory.forget();
                return Err(error);
            }
        }
        if tries > TRIES {
            return Err(AppError::new(ErrorKind::Offline));
        }
    }
}
