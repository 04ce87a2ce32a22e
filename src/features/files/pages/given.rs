//! Files that a learner sent with an answer: photographs small, each to be opened or kept.

use super::attachments::facts_text;
use crate::features::files::model::SentFile;
use crate::shared::href;
use crate::shared::i18n::Locale;
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;

/// A file: its picture or a sign, its name as a link to the bytes, type and size.
pub fn file_line(locale: Locale, file: &SentFile) -> impl IntoView + use<> {
    let whole = href::file(file.file_id);
    let (sign, address) = match file.widths.iter().find(|width| **width >= 160).or_else(|| file.widths.last()) {
        Some(width) => {
            let small = format!("{whole}/{width}");
            (view! { <img class="thumb" src=small alt="" loading="lazy"/> }.into_any(), format!("{whole}?original=1"))
        }
        None => (view! { <Icon glyph=Glyph::Download/> }.into_any(), whole),
    };
    view! {
        {sign}
        <a class="name" href=address rel="external">
            {file.name.clone()}
        </a>
        <span class="small muted num">{facts_text(locale, &file.name, file.size)}</span>
    }
}

/// The files of an answer; nothing where it has none.
#[component]
pub fn GivenFiles(
    /// The oldest first.
    files: Vec<SentFile>,
) -> impl IntoView {
    let locale = use_locale();
    (!files.is_empty()).then(|| {
        let lines: Vec<_> = files.iter().map(|file| view! { <li>{file_line(locale, file)}</li> }).collect();
        view! { <ul class="files">{lines}</ul> }
    })
}
