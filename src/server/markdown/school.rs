//! How a text of the school is written as HTML, where it differs from plain CommonMark.

use super::headings::Anchors;
use super::{PictureSource, math, video, words};
use comrak::Options;
use comrak::html::{ChildRendering, Context, format_document_with_formatter, format_node_default};
use comrak::nodes::{AlertType, AstNode, NodeAlert, NodeLink, NodeMath, NodeValue};
use comrak::options::Plugins;
use std::fmt::{self, Write as _};
use uuid::Uuid;

/// Formulas of a text.
const FORMULAS: usize = 500;

/// A picture to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Of a file of ours: `/files/…`.
    pub address: String,
    /// Width and height in pixels, where they are known.
    pub size: Option<(u32, u32)>,
    /// Its other sizes, as in `<img srcset>`.
    pub srcset: Option<String>,
    /// A tiny blurred copy, as a `data:` address, shown until the picture is there.
    pub placeholder: Option<String>,
}

/// What the formatter remembers.
struct Text<'p> {
    pictures: PictureSource<'p>,
    has_anchors: bool,
    anchors: Anchors,
    formulas: usize,
}

pub(super) fn options(has_footnotes: bool) -> Options<'static> {
    let mut options = words::options();
    options.extension.alerts = true;
    options.extension.math_dollars = true;
    options.extension.footnotes = has_footnotes;
    options
}

/// The document as HTML, to be sanitised.
pub(super) fn html<'a>(document: &'a AstNode<'a>, options: &Options<'_>, pictures: PictureSource<'_>, has_anchors: bool) -> String {
    let mut html = String::new();
    let text = Text { pictures, has_anchors, anchors: Anchors::default(), formulas: 0 };
    // Writing into a String does not fail.
    let _ = format_document_with_formatter(document, options, &mut html, &Plugins::default(), format_node, text);
    html
}

fn format_node<'a>(context: &mut Context<'_, '_, Text<'_>>, node: &'a AstNode<'a>, entering: bool) -> Result<ChildRendering, fmt::Error> {
    match &node.data.borrow().value {
        NodeValue::Heading(heading) => {
            let level = heading.level.clamp(2, 4);
            if !entering {
                writeln!(context, "</h{level}>")?;
            } else if context.user.has_anchors {
                let anchor = context.user.anchors.give(&node.collect_text());
                context.cr()?;
                write!(context, "<h{level} id=\"{anchor}\">")?;
            } else {
                context.cr()?;
                write!(context, "<h{level}>")?;
            }
            Ok(ChildRendering::HTML)
        }
        NodeValue::Math(formula) if entering => math_node(context, formula),
        NodeValue::CodeBlock(code) if entering && code.info.trim() == "math" => {
            let formula = NodeMath { dollar_math: true, display_math: true, literal: code.literal.trim().to_owned() };
            context.cr()?;
            context.write_str("<p>")?;
            math_node(context, &formula)?;
            context.write_str("</p>\n")?;
            Ok(ChildRendering::Skip)
        }
        NodeValue::CodeBlock(code) if code.info.trim() == "math" => Ok(ChildRendering::HTML),
        NodeValue::Alert(alert) => callout(context, alert, entering),
        NodeValue::Table(_) if entering => {
            context.cr()?;
            context.write_str("<div class=\"scroll\" tabindex=\"0\">")?;
            format_node_default(context, node, true)
        }
        NodeValue::Table(_) => {
            format_node_default(context, node, false)?;
            context.write_str("</div>\n")?;
            Ok(ChildRendering::HTML)
        }
        NodeValue::Paragraph => match alone(node) {
            Some(part) => write_alone(context, part, entering),
            None => format_node_default(context, node, entering),
        },
        // The router of the application leaves downloads to the browser.
        NodeValue::Link(link) if is_own_file(&link.url) => {
            if entering {
                write!(context, "<a href=\"{}\" download>", link.url.replace('&', "&amp;"))?;
            } else {
                context.write_str("</a>")?;
            }
            Ok(ChildRendering::HTML)
        }
        NodeValue::Image(image) => picture_node(context, node, image, entering),
        _ => format_node_default(context, node, entering),
    }
}

fn math_node(context: &mut Context<'_, '_, Text<'_>>, formula: &NodeMath) -> Result<ChildRendering, fmt::Error> {
    context.user.formulas += 1;
    let mathml = (context.user.formulas <= FORMULAS).then(|| math::to_mathml(&formula.literal, formula.display_math)).flatten();
    if let Some(mathml) = mathml {
        context.write_str(&mathml)?;
    } else {
        let mark = if formula.display_math { "$$" } else { "$" };
        write!(context, "<code>{mark}")?;
        context.escape(&formula.literal)?;
        write!(context, "{mark}</code>")?;
    }
    Ok(ChildRendering::Skip)
}

/// The style sheet gives a call-out its title in the reader's language, unless the author wrote one.
fn callout(context: &mut Context<'_, '_, Text<'_>>, alert: &NodeAlert, entering: bool) -> Result<ChildRendering, fmt::Error> {
    context.cr()?;
    if entering {
        let class = match alert.alert_type {
            AlertType::Note => "note",
            AlertType::Tip => "tip",
            AlertType::Important => "important",
            AlertType::Warning => "warning",
            AlertType::Caution => "caution",
        };
        writeln!(context, "<div class=\"callout {class}\">")?;
        if let Some(title) = &alert.title {
            context.write_str("<p class=\"callout-title\">")?;
            context.escape(title)?;
            context.write_str("</p>\n")?;
        }
    } else {
        context.write_str("</div>\n")?;
    }
    Ok(ChildRendering::HTML)
}

/// What is alone in its paragraph and becomes more than a part of a line.
enum Alone<'a> {
    Figure { image: &'a AstNode<'a>, caption: String },
    Video { player: String },
    Download,
}

fn alone<'a>(paragraph: &'a AstNode<'a>) -> Option<Alone<'a>> {
    let parent = paragraph.parent()?;
    if !matches!(parent.data.borrow().value, NodeValue::Document | NodeValue::BlockQuote | NodeValue::Alert(_)) {
        return None;
    }
    let child = paragraph.first_child().filter(|child| child.next_sibling().is_none())?;
    match &child.data.borrow().value {
        NodeValue::Image(image) => Some(Alone::Figure { image: child, caption: image.title.trim().to_owned() }),
        NodeValue::Link(link) if is_own_file(&link.url) => Some(Alone::Download),
        NodeValue::Link(link) => video::player(&link.url).map(|player| Alone::Video { player }),
        _ => None,
    }
}

/// A file of ours, or one of its sizes.
fn is_own_file(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("/files/") else { return false };
    let id = rest.split(['/', '?']).next().unwrap_or_default();
    id.len() == 36 && Uuid::try_parse(id).is_ok() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_/?=&".contains(&byte))
}

fn write_alone(context: &mut Context<'_, '_, Text<'_>>, part: Alone<'_>, entering: bool) -> Result<ChildRendering, fmt::Error> {
    if entering {
        context.cr()?;
    }
    match (part, entering) {
        (Alone::Figure { image, .. }, true) => {
            let shown = shown_picture(context, image);
            if let Some(picture) = shown {
                // Without scripts the picture opens by itself.
                write!(context, "<figure><a href=\"{}\">", picture.address.replace('&', "&amp;"))?;
            } else {
                context.write_str("<p>")?;
            }
        }
        (Alone::Figure { image, caption }, false) => {
            let is_shown = shown_picture(context, image).is_some();
            context.write_str(if is_shown { "</a>" } else { "" })?;
            if is_shown && !caption.is_empty() {
                context.write_str("<figcaption>")?;
                context.escape(&caption)?;
                context.write_str("</figcaption>")?;
            }
            context.write_str(if is_shown { "</figure>\n" } else { "</p>\n" })?;
        }
        (Alone::Video { player }, true) => {
            context.write_str("<p class=\"video\" data-player=\"")?;
            context.escape(&player)?;
            context.write_str("\">")?;
        }
        (Alone::Download, true) => context.write_str("<p class=\"download\">")?,
        (Alone::Video { .. } | Alone::Download, false) => context.write_str("</p>\n")?,
    }
    Ok(ChildRendering::HTML)
}

fn shown_picture<'a>(context: &Context<'_, '_, Text<'_>>, image: &'a AstNode<'a>) -> Option<Picture> {
    match &image.data.borrow().value {
        NodeValue::Image(link) => picture(context, link),
        _ => None,
    }
}

/// The picture of an address; none from anywhere else than our own files.
fn picture(context: &Context<'_, '_, Text<'_>>, link: &NodeLink) -> Option<Picture> {
    (context.user.pictures)(&link.url).filter(|picture| is_own_file(&picture.address))
}

/// A picture; its words where it may not be shown.
fn picture_node<'a>(
    context: &mut Context<'_, '_, Text<'_>>,
    node: &'a AstNode<'a>,
    link: &NodeLink,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    let Some(picture) = picture(context, link) else { return Ok(ChildRendering::Plain) };
    if !entering {
        return Ok(ChildRendering::HTML);
    }
    if picture.placeholder.is_some() {
        context.write_str("<span class=\"stack\">")?;
    }
    write!(context, "<img src=\"{}\" alt=\"", picture.address.replace('&', "&amp;"))?;
    context.escape(&node.collect_text())?;
    context.write_str("\" loading=\"lazy\" decoding=\"async\"")?;
    if let Some((width, height)) = picture.size {
        write!(context, " width=\"{width}\" height=\"{height}\"")?;
    }
    if let Some(srcset) = &picture.srcset {
        context.write_str(" srcset=\"")?;
        context.escape(srcset)?;
        context.write_str("\" sizes=\"(min-width: 46rem) 43rem, 100vw\"")?;
    }
    context.write_str(">")?;
    if let Some(placeholder) = &picture.placeholder {
        context.write_str("<img class=\"blur\" src=\"")?;
        context.escape(placeholder)?;
        context.write_str("\" alt=\"\"></span>")?;
    }
    Ok(ChildRendering::Skip)
}
