//! The questions of an XML file one after the other, each as a small tree. What lies in embedded files is skipped, not kept.

use crate::features::quizzes::formats::line_of;
use crate::features::quizzes::formats::report::FileProblem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements inside each other that a question may have.
const DEPTH: usize = 16;

/// An element with the words right within it.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub name: String,
    pub line: u32,
    pub text: String,
    pub children: Vec<Element>,
    /// Something lay deeper than any question needs; it is not here.
    pub is_too_deep: bool,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// An attribute; empty without it.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The first child of a name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// What a path of names leads to.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// The words of a child, trimmed; empty without it.
    pub fn words(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    /// All names of embedded files.
    pub fn files(&self) -> Vec<&str> {
        let own = (self.name == "file").then(|| self.attribute("name"));
        own.into_iter().chain(self.children.iter().flat_map(Self::files)).collect()
    }
}

/// Goes through a file.
pub(super) struct Elements<'a> {
    file: &'a str,
    reader: Reader<&'a [u8]>,
    /// Where lines were counted last, so that a long file is not counted again for each question.
    counted: (usize, u32),
}

impl<'a> Elements<'a> {
    /// Before the first question of a quiz.
    pub fn new(file: &'a str) -> Result<Self, FileProblem> {
        let mut elements = Self { file, reader: Reader::from_str(file), counted: (0, 1) };
        loop {
            match elements.event()? {
                Event::Decl(declaration) => {
                    let encoding = declaration.encoding().and_then(Result::ok).map(std::borrow::Cow::into_owned);
                    if let Some(other) = encoding.filter(|name| !name.eq_ignore_ascii_case("utf-8")) {
                        return Err(FileProblem::Encoding(other.chars().take(40).collect()));
                    }
                }
                Event::Start(tag) if tag.name().as_ref() == "quiz" => return Ok(elements),
                Event::Text(text) if !text.trim().is_empty() => return Err(FileProblem::OtherFormat),
                Event::Start(_) | Event::Empty(_) | Event::Eof => return Err(FileProblem::OtherFormat),
                _ => {}
            }
        }
    }

    fn event(&mut self) -> Result<Event<'a>, FileProblem> {
        match self.reader.read_event() {
            Ok(Event::DocType(_)) => Err(FileProblem::Doctype(self.line())),
            Ok(event) => Ok(event),
            Err(_) => Err(FileProblem::NotWellFormed(self.line())),
        }
    }

    fn line(&mut self) -> u32 {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX).min(self.file.len());
        let (from, line) = self.counted;
        self.counted = (at, line + line_of(&self.file.as_bytes()[from.min(at)..at]) - 1);
        self.counted.1
    }

    /// The next question; `None` at the end of the quiz.
    pub fn next_question(&mut self) -> Result<Option<Element>, FileProblem> {
        loop {
            let line = self.line();
            match self.event()? {
                Event::Start(tag) if tag.name().as_ref() == "question" => {
                    let element = Self::begin(&tag, line)?;
                    return self.rest_of(element).map(Some);
                }
                Event::Start(tag) => {
                    // Nothing that Moodle writes; with what lies in it it is passed over.
                    let element = Self::begin(&tag, line)?;
                    self.rest_of(element)?;
                }
                Event::End(_) => return Ok(None),
                Event::Eof => return Err(FileProblem::NotWellFormed(self.line())),
                _ => {}
            }
        }
    }

    fn begin(tag: &BytesStart<'_>, line: u32) -> Result<Element, FileProblem> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let value = attribute
                .ok()
                .and_then(|attribute| Some((attribute.key.as_ref().to_owned(), quick_xml::escape::unescape(&attribute.value).ok()?.into_owned())));
            attributes.push(value.ok_or(FileProblem::NotWellFormed(line))?);
        }
        Ok(Element { name: tag.name().as_ref().to_owned(), line, attributes, ..Element::default() })
    }

    /// Reads to the end of an element that was begun.
    fn rest_of(&mut self, element: Element) -> Result<Element, FileProblem> {
        let mut open = vec![element];
        // Elements below the deepest that is kept.
        let mut beyond = 0_usize;
        loop {
            let event = self.event()?;
            let is_deepest = open.len() >= DEPTH;
            let Some(innermost) = open.last_mut() else { return Err(FileProblem::NotWellFormed(self.line())) };
            match event {
                Event::Start(_) if is_deepest => beyond += 1,
                Event::Start(tag) => {
                    let line = self.line();
                    let element = Self::begin(&tag, line)?;
                    open.push(element);
                }
                Event::Empty(tag) => {
                    let line = self.line();
                    let element = Self::begin(&tag, line)?;
                    open.push(element);
                    close(&mut open);
                }
                Event::End(_) if beyond > 0 => {
                    beyond -= 1;
                    if let Some(question) = open.first_mut() {
                        question.is_too_deep = true;
                    }
                }
                Event::End(_) => {
                    if let Some(whole) = close(&mut open) {
                        return Ok(whole);
                    }
                }
                Event::Text(text) if innermost.name != "file" => innermost.text.push_str(&text),
                Event::CData(text) if innermost.name != "file" => innermost.text.push_str(&text),
                Event::GeneralRef(name) => match name.resolve_char_ref() {
                    Ok(Some(c)) => innermost.text.push(c),
                    Ok(None) => match quick_xml::escape::resolve_predefined_entity(&name) {
                        Some(text) => innermost.text.push_str(text),
                        None => return Err(FileProblem::NotWellFormed(self.line())),
                    },
                    Err(_) => return Err(FileProblem::NotWellFormed(self.line())),
                },
                Event::Eof => return Err(FileProblem::NotWellFormed(self.line())),
                _ => {}
            }
        }
    }
}

/// Puts the innermost element into what holds it; gives it when nothing does.
fn close(open: &mut Vec<Element>) -> Option<Element> {
    let done = open.pop()?;
    match open.last_mut() {
        Some(parent) => {
            parent.children.push(done);
            None
        }
        None => Some(done),
    }
}
