//! Moodle XML: <https://docs.moodle.org/en/Moodle_XML_format>.

mod cloze;
mod element;
mod gaps;
mod question;
mod write;

pub(super) use write::write;

use super::draft::Draft;
use super::report::{FileProblem, Import, Reason};
use super::{QUESTIONS_MAX, Run};
use element::Elements;

/// The questions of a file.
pub(super) fn read(file: &str, run: &Run<'_>) -> Result<Import, FileProblem> {
    let mut import = Import::default();
    let mut tag = String::new();
    let mut elements = Elements::new(file)?;
    let mut count = 0;
    while let Some(element) = elements.next_question()? {
        count += 1;
        if count > QUESTIONS_MAX {
            return Err(FileProblem::TooManyQuestions(QUESTIONS_MAX));
        }
        run.check()?;
        if element.attribute("type") == "category" {
            tag = import.category(element.at(&["category", "text"]).map_or("", |text| &text.text));
            continue;
        }
        let name = element.at(&["name", "text"]).map_or("", |text| text.text.trim());
        if element.is_too_deep {
            import.refuse(element.line, name, Reason::TextTooComplex);
            continue;
        }
        let mut draft = Draft::default();
        let read = question::read(&element, &mut draft, run).map(|mut content| {
            if !tag.is_empty() && !content.tags.contains(&tag) {
                content.tags.push(tag.clone());
            }
            content
        });
        import.add(element.line, name, draft, read);
    }
    Ok(import)
}
