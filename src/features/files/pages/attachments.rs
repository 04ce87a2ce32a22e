//! Files to download, each with its type and size.

use crate::features::files::model::LessonFile;
use crate::features::files::rules::{ending, size_in_tenths};
use crate::shared::href;
use crate::shared::i18n::{Locale, files as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;

/// A size as people read it: "1,5 МБ".
fn size_text(locale: Locale, bytes: i64) -> String {
    let (tenths, power) = size_in_tenths(bytes);
    let number = match (tenths / 10, tenths % 10) {
        (whole, 0) => whole.to_string(),
        (whole, _) if whole >= 100 => whole.to_string(),
        (whole, rest) => format!("{whole}{}{rest}", locale.decimal_mark()),
    };
    match power {
        0 => texts::bytes(locale, number),
        1 => texts::kilobytes(locale, number),
        2 => texts::megabytes(locale, number),
        _ => texts::gigabytes(locale, number),
    }
}

/// Type and size: "PDF · 1,5 МБ".
pub fn facts_text(locale: Locale, name: &str, bytes: i64) -> String {
    let size = size_text(locale, bytes);
    match ending(name) {
        Some(ending) if ending.len() <= 5 => format!("{} · {size}", ending.to_uppercase()),
        _ => size,
    }
}

/// The files of a lesson; nothing where it has none.
#[component]
pub fn Attachments(
    /// In order.
    files: Vec<LessonFile>,
) -> impl IntoView {
    let locale = use_locale();
    (!files.is_empty()).then(|| {
        view! {
            <section aria-labelledby="files-title">
                <h2 id="files-title">{texts::downloads(locale)}</h2>
                <ul class="files">
                    {files
                        .into_iter()
                        .map(|file| {
                            let facts = facts_text(locale, &file.name, file.size);
                            view! {
                                <li>
                                    <Icon glyph=Glyph::Download/>
                                    <a class="name" href=href::file(file.file_id) download>
                                        {file.shown_name().to_owned()}
                                    </a>
                                    <span class="small muted num">{facts}</span>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_and_size_are_told_as_people_read_them() {
        for (name, bytes, told) in [
            ("a.pdf", 1_572_864, "PDF · 1,5 МБ"),
            ("a.tar.gz", 10, "GZ · 10 Б"),
            ("a", 1_023, "1023 Б"),
            ("a.очень-длинное", 2_048, "2 КБ"),
            ("b.psd", 157_286_400, "PSD · 150 МБ"),
            ("b.mp4", 3_221_225_473, "MP4 · 3 ГБ"),
        ] {
            assert_eq!(facts_text(Locale::Ru, name, bytes), told);
        }
    }
}
