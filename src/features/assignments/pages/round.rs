//! A round that was handed in: its parts, the photographs with their remarks, the remarks as a list, what was said of it.

use super::compare::Compare;
use super::photo::{Numbered, numbered};
use super::photograph::Photograph;
use super::rubric::GivenLevels;
use super::{StateChip, kind_text};
use crate::features::assignments::model::{Photo, Remark, Round, Verdict};
use crate::features::assignments::rules::passages::with_marks;
use crate::features::assignments::rules::{Place, RemarkKind};
use crate::features::files::pages::facts_text;
use crate::shared::fraction::Fraction;
use crate::shared::href;
use crate::shared::i18n::{Locale, works as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{FieldError, Glyph, Icon, MarkdownView, Moment};
use leptos::prelude::*;
use uuid::Uuid;

/// A round's text with the passages marked that are remarked on.
pub(super) fn marked(text_html: &str, remarks: &[Numbered]) -> String {
    let passages: Vec<_> = remarks.iter().filter_map(|(number, remark)| remark.passage.as_ref().map(|passage| (*number, passage))).collect();
    with_marks(text_html, &passages)
}

/// Links and files of a round.
#[component]
pub(super) fn Parts(
    /// In order.
    links: Vec<String>,
    /// Name, size and id of each.
    files: Vec<(String, i64, Uuid)>,
) -> impl IntoView {
    let locale = use_locale();
    view! {
        {(!links.is_empty())
            .then(|| {
                view! {
                    <ul>
                        {links
                            .into_iter()
                            .map(|link| {
                                view! {
                                    <li>
                                        <a href=link.clone() rel="nofollow noopener ugc" target="_blank">
                                            {link.clone()}
                                        </a>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                }
            })}
        {(!files.is_empty())
            .then(|| {
                view! {
                    <ul class="files">
                        {files
                            .into_iter()
                            .map(|(name, size, id)| {
                                let facts = facts_text(locale, &name, size);
                                view! {
                                    <li>
                                        <Icon glyph=Glyph::Download/>
                                        <a class="name" href=href::file(id) download>
                                            {name}
                                        </a>
                                        <span class="small muted num">{facts}</span>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                }
            })}
    }
}

/// Where a remark is, in words: "Photograph 2".
pub(super) fn place_text(locale: Locale, remark: &Remark, photos: &[Photo]) -> String {
    let photo = photos.iter().zip(1_i64..).find(|(photo, _)| Some(photo.file_id) == remark.file_id).map(|(_, number)| number);
    match (remark.place, photo) {
        (Place::Work, _) => texts::on_work(locale).to_owned(),
        (Place::Text, _) => texts::on_text(locale).to_owned(),
        (_, Some(number)) => texts::on_photo(locale, number),
        (_, None) => texts::on_file(locale).to_owned(),
    }
}

/// A remark in the list.
#[component]
pub(super) fn RemarkLine(
    /// With its number.
    remark: Numbered,
    /// Where it is.
    place: String,
    /// What can be done with it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let locale = use_locale();
    let (number, remark) = remark;
    let class = match remark.kind {
        RemarkKind::MustFix => "chip bad",
        RemarkKind::Suggestion => "chip warn",
        RemarkKind::Praise => "chip ok",
        RemarkKind::StaffOnly => "chip",
    };
    view! {
        <li id=format!("remark-{}", remark.id)>
            <span class="number num">{number}</span>
            <div class="stack tight">
                <p class="row">
                    <span class=class>{kind_text(locale, remark.kind)}</span>
                    <span class="small muted">{place}</span>
                </p>
                {remark.passage.map(|passage| view! { <q class="quoted small">{passage.quote}</q> })}
                <p class="words">{remark.body}</p>
                {remark
                    .done
                    .map(|at| {
                        view! {
                            <p class="small">
                                <Icon glyph=Glyph::Check/>
                                {texts::done(locale)}
                                " "
                                <Moment at/>
                                {(!remark.done_note.is_empty()).then(|| format!(" · {}", remark.done_note))}
                            </p>
                        }
                    })}
                {children.map(|children| children())}
            </div>
        </li>
    }
}

/// A mark with what it lost.
pub(super) fn mark_text(locale: Locale, mark: Fraction, deduction: Fraction, most: i32) -> String {
    let words = |points: Fraction| points.decimal(locale.decimal_mark());
    if deduction == Fraction::ZERO {
        texts::mark(locale, words(mark), most)
    } else {
        texts::mark_late(locale, words(mark - deduction), most, words(mark), words(deduction))
    }
}

/// What was said of a round.
#[component]
pub(super) fn Said(
    /// What.
    verdict: Verdict,
    /// Most points, where there are points.
    most: Option<i32>,
) -> impl IntoView {
    let locale = use_locale();
    let mark = verdict.mark.zip(most).map(|(mark, most)| mark_text(locale, mark, verdict.deduction.unwrap_or(Fraction::ZERO), most));
    view! {
        <div class="said stack tight">
            <p class="row">
                <StateChip state=verdict.state/>
                <span class="small muted">{verdict.reviewer} " · " <Moment at=verdict.at/></span>
                {mark.map(|mark| view! { <strong>{mark}</strong> })}
            </p>
            <GivenLevels levels=verdict.levels/>
            {(!verdict.reason.is_empty()).then(|| view! { <p class="words">{verdict.reason}</p> })}
        </div>
    }
}

/// A round.
#[component]
pub(super) fn RoundView(
    /// The round.
    round: Round,
    /// The one before it.
    before: Option<Round>,
    /// Its learner looks, and marks remarks as done: `assignments.id`.
    #[prop(optional_no_strip)]
    learner: Option<Uuid>,
) -> impl IntoView {
    let locale = use_locale();
    let remarks = numbered(&round.remarks);
    let earlier: Vec<Photo> = before.as_ref().map(|before| before.photos.clone()).unwrap_or_default();
    let most = round.max_points;
    let number_before = before.map_or(0, |before| before.number);
    let photos = round.photos.clone();
    let drawn = Signal::stored(remarks.clone());
    let shown: Vec<_> = round
        .photos
        .into_iter()
        .enumerate()
        .map(|(index, photo)| {
            let pair = earlier.get(index).cloned();
            view! {
                <Photograph photo=photo.clone() remarks=drawn width=1600/>
                {pair.map(|before| view! { <Compare before after=photo number=number_before/> })}
            }
        })
        .collect();
    let text = (!round.text_html.is_empty()).then(|| marked(&round.text_html, &remarks));
    let files = round.files.into_iter().map(|file| (file.name, file.size, file.file_id)).collect();
    view! {
        <section class="round" aria-labelledby=format!("round-{}", round.number)>
            <h2 id=format!("round-{}", round.number)>
                {texts::round(locale, round.number)} " " <span class="small muted">{round.submitted.map(|at| view! { <Moment at/> })}</span>
            </h2>
            {round.verdict.map(|verdict| view! { <Said verdict most/> })}
            <div class="looked">
                <div class="stack">{shown} {text.map(|html| view! { <MarkdownView html/> })} <Parts links=round.links files=files/></div>
                {(!remarks.is_empty())
                    .then(|| {
                        view! {
                            <ol class="remarks">
                                {remarks
                                    .into_iter()
                                    .map(|remark| {
                                        let place = place_text(locale, &remark.1, &photos);
                                        let actions = learner
                                            .filter(|_| matches!(remark.1.kind, RemarkKind::MustFix | RemarkKind::Suggestion))
                                            .map(|assignment| (assignment, remark.1.id, remark.1.done.is_some()));
                                        view! {
                                            <RemarkLine remark place>
                                                {actions.map(|(assignment, id, is_done)| view! { <Done assignment id is_done/> })}
                                            </RemarkLine>
                                        }
                                    })
                                    .collect_view()}
                            </ol>
                        }
                    })}
            </div>
        </section>
    }
}

/// Marks a remark as done, or not.
#[component]
fn Done(assignment: Uuid, id: Uuid, is_done: bool) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("mark");
    let name = format!("note_{id}");
    view! {
        <form class="row" method="post" action=format!("{}/remarks/{id}", href::assignment(assignment))>
            {if is_done {
                view! { <button class="button plain compact">{texts::not_done(locale)}</button> }.into_any()
            } else {
                view! {
                    <input
                        class="input"
                        name=name.clone()
                        maxlength="1000"
                        value=form.value(&name)
                        aria-label=texts::done_note(locale)
                        placeholder=texts::done_note(locale)
                    />
                    <button class="button quiet compact" name="done" value="yes">
                        {texts::mark_done(locale)}
                    </button>
                    <FieldError form name/>
                }
                    .into_any()
            }}
        </form>
    }
}
