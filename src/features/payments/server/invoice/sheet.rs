//! A sheet of paper: text, lines and squares at places, made into a PDF. The school's own typeface, which the program carries.

use anyhow::{Context as _, anyhow};
use krilla::Document;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph, Tag};
use skrifa::MetadataProvider as _;
use skrifa::instance::Size;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A4, in points.
pub(super) const WIDTH: f32 = 595.28;
/// A4, in points.
pub(super) const HEIGHT: f32 = 841.89;

/// Latin first: digits and marks are in it.
const FILES: [&[u8]; 2] =
    [include_bytes!("../../../../../public/fonts/onest-latin.woff2"), include_bytes!("../../../../../public/fonts/onest-cyrillic.woff2")];

/// What stands on a page. The origin is the upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Op {
    Text { x: f32, y: f32, size: f32, is_bold: bool, text: String },
    Line { from: (f32, f32), to: (f32, f32) },
    Square { x: f32, y: f32, side: f32 },
}

struct Face {
    font: Font,
    /// Glyph and advance (of the size 1) of each character.
    glyphs: HashMap<char, (u32, f32)>,
}

/// The typeface in its two weights.
pub(super) struct Typeface {
    /// Regular, then bold; of each weight a face for each file.
    faces: Vec<Face>,
}

static TYPEFACE: LazyLock<Result<Typeface, String>> = LazyLock::new(|| Typeface::open().map_err(|error| format!("{error:#}")));

fn unpack(mut packed: &[u8], size: usize) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut bytes = Vec::with_capacity(size);
    brotli_decompressor::BrotliDecompress(&mut packed, &mut bytes)?;
    Ok(bytes)
}

/// The typeface, made once.
pub(super) fn typeface() -> anyhow::Result<&'static Typeface> {
    TYPEFACE.as_ref().map_err(|error| anyhow!("{error}"))
}

impl Typeface {
    fn open() -> anyhow::Result<Self> {
        let mut faces = Vec::new();
        for weight in [400.0_f32, 700.0] {
            for file in FILES {
                let data = wuff::decompress_woff2_with_custom_brotli(file, &mut unpack).map_err(|error| anyhow!("a font of ours: {error:?}"))?;
                faces.push(Face::open(data, weight)?);
            }
        }
        Ok(Self { faces })
    }

    /// The face that has a character, its glyph and advance. What no face has is a question mark.
    fn glyph(&self, is_bold: bool, c: char) -> (usize, u32, f32) {
        let first = if is_bold { FILES.len() } else { 0 };
        let find = |c: char| {
            (first..first + FILES.len()).find_map(|place| self.faces.get(place)?.glyphs.get(&c).map(|(glyph, advance)| (place, *glyph, *advance)))
        };
        find(c).or_else(|| find('?')).unwrap_or((first, 0, 0.5))
    }

    /// How wide a text is.
    pub(super) fn width(&self, text: &str, size: f32, is_bold: bool) -> f32 {
        text.chars().map(|c| self.glyph(is_bold, c).2 * size).sum()
    }

    /// A text in lines that are no wider; a word that is wider than a line is cut.
    pub(super) fn wrap(&self, text: &str, size: f32, is_bold: bool, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in words(text) {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer, size, is_bold) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                if !line.is_empty() && self.width(&format!("{line}{c}"), size, is_bold) > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        }
        lines.push(line);
        lines
    }
}

/// Words between spaces that may break; those that may not stay in their words.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() && c != '\u{a0}').filter(|word| !word.is_empty())
}

impl Face {
    fn open(data: Vec<u8>, weight: f32) -> anyhow::Result<Self> {
        let glyphs = {
            let font = skrifa::FontRef::new(&data).context("a font of ours")?;
            let location = font.axes().location([("wght", weight)]);
            let metrics = font.glyph_metrics(Size::unscaled(), &location);
            let units = f32::from(font.metrics(Size::unscaled(), &location).units_per_em);
            let advance = |glyph| metrics.advance_width(glyph).unwrap_or(0.0) / units;
            font.charmap().mappings().filter_map(|(code, glyph)| Some((char::from_u32(code)?, (glyph.to_u32(), advance(glyph))))).collect()
        };
        let font = Font::new_variable(data.into(), 0, &[(Tag::new(b"wght"), weight)]).context("a font of ours")?;
        Ok(Self { font, glyphs })
    }
}

/// Pages as a PDF.
pub(super) fn pdf(typeface: &Typeface, title: &str, language: &str, pages: &[Vec<Op>]) -> anyhow::Result<Vec<u8>> {
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(title.to_owned()).language(language.to_owned()));
    for ops in pages {
        let mut page = document.start_page_with(PageSettings::from_wh(WIDTH, HEIGHT).context("a size of paper")?);
        let mut surface = page.surface();
        for op in ops {
            draw(&mut surface, typeface, op);
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| anyhow!("a PDF: {error:?}"))
}

fn draw(surface: &mut Surface<'_>, typeface: &Typeface, op: &Op) {
    surface.set_fill(Some(Fill::default()));
    surface.set_stroke(None);
    match op {
        Op::Text { x, y, size, is_bold, text } => draw_text(surface, typeface, (*x, *y), *size, *is_bold, text),
        Op::Line { from, to } => {
            let mut path = PathBuilder::new();
            path.move_to(from.0, from.1);
            path.line_to(to.0, to.1);
            if let Some(path) = path.finish() {
                surface.set_fill(None);
                surface.set_stroke(Some(Stroke { width: 0.6, ..Stroke::default() }));
                surface.draw_path(&path);
            }
        }
        Op::Square { x, y, side } => {
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(*x, *y, *side, *side) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

/// A line of text; each stretch of it by the face that has its characters.
fn draw_text(surface: &mut Surface<'_>, typeface: &Typeface, (mut x, y): (f32, f32), size: f32, is_bold: bool, text: &str) {
    let characters: Vec<(usize, u32, f32, char)> = text
        .chars()
        .map(|c| {
            let (face, glyph, advance) = typeface.glyph(is_bold, c);
            (face, glyph, advance, c)
        })
        .collect();
    for run in characters.chunk_by(|a, b| a.0 == b.0) {
        let Some(face) = run.first().and_then(|first| typeface.faces.get(first.0)) else { continue };
        let mut words = String::new();
        let mut glyphs = Vec::new();
        for (_, glyph, advance, c) in run {
            let start = words.len();
            words.push(*c);
            glyphs.push(KrillaGlyph::new(GlyphId::new(*glyph), *advance, 0.0, 0.0, 0.0, start..words.len(), None));
        }
        surface.draw_glyphs(Point::from_xy(x, y), &glyphs, face.font.clone(), &words, size, false);
        x += run.iter().map(|(_, _, advance, _)| advance * size).sum::<f32>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_an_invoice_has_its_glyph() {
        let typeface = typeface().unwrap();
        for c in "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя№«»—–0123456789 ,.()/%-ABCxyz@".chars()
        {
            for is_bold in [false, true] {
                let (face, glyph, advance) = typeface.glyph(is_bold, c);
                assert!(glyph > 0 && advance > 0.0 && typeface.faces[face].glyphs.contains_key(&c), "{c}");
            }
        }
        assert_eq!(typeface.glyph(false, '漢'), typeface.glyph(false, '?'));
        assert!(typeface.width("Счёт", 10.0, true) > typeface.width("Счёт", 10.0, false), "bold is wider");
    }

    #[test]
    fn lines_are_no_wider_than_asked_and_lose_nothing() {
        let typeface = typeface().unwrap();
        let text = "Доступ к онлайн-курсу «Как снимать детей» иоченьдлинноесловокотороеневлезаетниводнустроку 10\u{a0}000";
        let lines = typeface.wrap(text, 10.0, false, 90.0);
        assert!(lines.len() > 3 && lines.iter().all(|line| typeface.width(line, 10.0, false) <= 90.0), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        assert!(lines.iter().any(|line| line.contains("10\u{a0}000")));
    }
}
