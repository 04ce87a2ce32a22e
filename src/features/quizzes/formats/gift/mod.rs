//! GIFT, Moodle's text format: <https://docs.moodle.org/en/GIFT_format>.

mod answers;
mod blocks;
mod marks;
mod question;
mod write;

pub(super) use write::write;

use super::draft::Draft;
use super::report::{FileProblem, Import, Reason};
use super::{QUESTIONS_MAX, Run};
use blocks::{Block, Blocks};

/// The questions of a file.
pub(super) fn read(text: &str, run: &Run<'_>) -> Result<Import, FileProblem> {
    let mut import = Import::default();
    let mut tag = String::new();
    for (at, block) in Blocks::new(text).enumerate() {
        if at >= QUESTIONS_MAX {
            return Err(FileProblem::TooManyQuestions(QUESTIONS_MAX));
        }
        run.check()?;
        if let Some(path) = &block.category {
            tag = import.category(path);
        }
        if !block.text.trim().is_empty() {
            take(&mut import, &block, &tag, run);
        }
    }
    Ok(import)
}

fn take(import: &mut Import, block: &Block, tag: &str, run: &Run<'_>) {
    let mut draft = Draft::default();
    let parts = match question::split(&block.text) {
        Ok(parts) => parts,
        Err((reason, at)) => {
            let line = if reason == Reason::Description { block.line } else { block.line_of(at) };
            return import.refuse(line, block.text.trim_start_matches([':', ' ']), reason);
        }
    };
    let name = marks::unescape(if parts.name.is_empty() { parts.before } else { parts.name });
    let read = question::read(&parts, block, &mut draft, run).map(|mut content| {
        if !tag.is_empty() && !content.tags.iter().any(|known| known == tag) {
            content.tags.push(tag.to_owned());
        }
        content
    });
    import.add(block.line, name.trim(), draft, read);
}
