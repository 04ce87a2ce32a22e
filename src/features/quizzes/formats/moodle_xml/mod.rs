//! Moodle XML.
pub(super) fn read(_text: &str, _run: &super::Run<'_>) -> Result<super::report::Import, super::report::FileProblem> { Err(super::report::FileProblem::OtherFormat) }
pub(super) fn write(_questions: &[super::QuestionContent], _words: (&str, &str)) -> String { String::new() }
