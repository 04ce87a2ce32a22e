//! A finished attempt: the score, my answers, what the curator said.

use super::points_text;
use super::test::state_chip;
use super::unsent::Unsent;
use crate::features::files::pages::GivenFiles;
use crate::features::quizzes::model::{AttemptState, Correction, FinishedAttempt, QuestionKind, ResultLine, ResultOption, ResultQuestion};
use crate::shared::fraction::Fraction;
use crate::shared::href;
use crate::shared::i18n::{Locale, learning, quizzes as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Alert, FormAlert, Glyph, Icon, MarkdownLine, MarkdownView, Moment, Ring, Tone};
use leptos::prelude::*;
use leptos_meta::Title;

/// Hundredths of a per cent of points.
fn hundredths(points: Fraction, max: i32) -> i32 {
    if max <= 0 {
        return 0;
    }
    let value = i128::from(points.numerator()) * 10_000 / (i128::from(points.denominator()) * i128::from(max));
    i32::try_from(value.clamp(0, 10_000)).unwrap_or(0)
}

/// The result of an attempt.
#[component]
pub(super) fn AttemptResult(
    /// The attempt.
    attempt: FinishedAttempt,
) -> impl IntoView {
    let locale = use_locale();
    let (class, glyph, state) = state_chip(locale, attempt.state, attempt.is_passed);
    let is_graded = attempt.state == AttemptState::Graded;
    let waits = attempt.state == AttemptState::NeedsReview;
    // A form without scripts that came after the end: what was typed is shown, not lost.
    let late = use_form("answers");
    let (points, max) = if is_graded { (attempt.points, attempt.max_points) } else { (attempt.machine_points, attempt.machine_max) };
    let headline = points.map(|points| {
        let text = texts::points_of(locale, points_text(locale, points), max);
        if is_graded { text } else { texts::machine_part(locale, text) }
    });
    let is_hidden = attempt.questions.is_empty();
    view! {
        <Title text=attempt.title.clone()/>
        <main id="main" class="page narrow" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href=href::lesson(&attempt.place.course_slug, attempt.place.lesson_id)>{attempt.place.lesson_title.clone()}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=href::test(attempt.test_id)>{attempt.title.clone()}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{texts::result(locale)}</span>
            </nav>
            <div class="stack loose">
                <h1>{attempt.title.clone()}</h1>
                <FormAlert form=late.clone()/>
                <Unsent attempt_id=attempt.id is_over=true/>
                <section class="verdict" aria-labelledby="verdict">
                    {points.map(|points| view! { <Ring hundredths=hundredths(points, max) large=true/> })}
                    <div class="stack tight">
                        <h2 id="verdict">{headline.unwrap_or_else(|| texts::handed_in(locale).to_owned())}</h2>
                        <p>
                            <span class=class>
                                <Icon glyph=glyph/>
                                {state}
                            </span>
                        </p>
                        {attempt.promised.map(|at| view! { <p class="muted">{texts::curator_until(locale)} " " <Moment at/></p> })}
                        {attempt.finished.map(|at| view! { <p class="small muted">{texts::handed_in(locale)} " " <Moment at/></p> })}
                    </div>
                </section>
                <section class="stack loose" hidden=is_hidden>
                    <h2>{texts::your_answers(locale)}</h2>
                    {attempt
                        .questions
                        .into_iter()
                        .enumerate()
                        .map(|(index, question)| {
                            let typed = late.value(&format!("q_{}", question.id)).filter(|_| question.kind == QuestionKind::Open);
                            question_result(locale, index + 1, question, typed, waits)
                        })
                        .collect_view()}
                </section>
                <p class="actions">
                    <a class="button" href=href::lesson(&attempt.place.course_slug, attempt.place.lesson_id)>
                        {texts::to_lesson(locale)}
                    </a>
                    {(is_graded && attempt.can_retry && attempt.is_passed != Some(true))
                        .then(|| {
                            view! {
                                <a class="button quiet" href=href::test(attempt.test_id)>
                                    {texts::try_again(locale)}
                                </a>
                            }
                        })}
                </p>
            </div>
        </main>
    }
}

fn question_result(locale: Locale, number: usize, question: ResultQuestion, typed_late: Option<String>, waits: bool) -> impl IntoView {
    let full = Fraction::whole(i64::from(question.weight));
    let typed_late = typed_late.filter(|typed| !typed.trim().is_empty() && question.text.as_ref() != Some(typed));
    let corrected = question.correction.map(|correction| match correction {
        Correction::NewKey => texts::corrected_new_key(locale),
        Correction::BothKeys => texts::corrected_both_keys(locale),
        Correction::FullMarks => texts::corrected_full_marks(locale),
        Correction::Dropped => texts::corrected_dropped(locale),
    });
    let chip = match question.points.filter(|_| question.correction != Some(Correction::Dropped)) {
        None => (waits && question.kind == QuestionKind::Open && question.correction.is_none())
            .then(|| ("chip warn", Glyph::Clock, texts::waits_for_curator(locale).to_owned())),
        Some(points) => {
            let text = texts::points_of(locale, points_text(locale, points), question.weight);
            Some(if points == full {
                ("chip ok", Glyph::Check, text)
            } else if points == Fraction::ZERO {
                ("chip bad", Glyph::X, text)
            } else {
                ("chip warn", Glyph::CircleDot, text)
            })
        }
    };
    view! {
        <article class="question stack tight">
            <div class="row between">
                <p class="small muted">{texts::question_number(locale, number)}</p>
                {chip
                    .map(|(class, glyph, text)| {
                        view! {
                            <span class=class>
                                <Icon glyph=glyph/>
                                {text}
                            </span>
                        }
                    })}
            </div>
            <MarkdownView html=question.prompt_html class="prompt"/>
            {corrected.map(|text| view! { <p class="small muted">{text}</p> })}
            {if question.kind == QuestionKind::Open {
                let text = question.text.filter(|text| !text.trim().is_empty());
                let is_empty = text.is_none() && question.files.is_empty();
                let text = text.or_else(|| is_empty.then(|| texts::no_answer(locale).to_owned()));
                view! {
                    {text.map(|text| view! { <p class="own">{text}</p> })}
                    <GivenFiles files=question.files/>
                }
                    .into_any()
            } else {
                let options = question.options.into_iter().map(|option| option_result(locale, option)).collect_view();
                let lines = question.lines.into_iter().map(|line| line_result(locale, line)).collect_view();
                view! { <ul class="answer-list">{options} {lines}</ul> }.into_any()
            }}
            {typed_late.map(|typed| view! { <Alert tone=Tone::Warn title=texts::not_taken(locale)><p class="typed">{typed}</p></Alert> })}
            {(!question.explanation_html.is_empty()).then(|| view! { <MarkdownView html=question.explanation_html class="muted"/> })}
            {(!question.remark.is_empty())
                .then(|| {
                    view! {
                        <div class="remark">
                            <strong>{texts::curator_remark(locale)}</strong>
                            <p>{question.remark}</p>
                        </div>
                    }
                })}
        </article>
    }
}

fn option_result(locale: Locale, option: ResultOption) -> impl IntoView {
    let (class, glyph, tag) = match (option.is_chosen, option.is_correct) {
        (true, Some(true)) => (Some("right"), Glyph::Check, Some(texts::yours_right(locale))),
        (true, Some(false)) => (Some("wrong"), Glyph::X, Some(texts::yours(locale))),
        (true, None) => (None, Glyph::CircleDot, Some(texts::yours(locale))),
        (false, Some(true)) => (None, Glyph::Check, Some(texts::right(locale))),
        (false, _) => (None, Glyph::Circle, None),
    };
    view! {
        <li class=class>
            <Icon glyph=glyph/>
            <div>
                <MarkdownLine html=option.html/>
                {(!option.remark_html.is_empty()).then(|| view! { <p class="small muted"><MarkdownLine html=option.remark_html/></p> })}
            </div>
            {tag.map(|tag| view! { <span class="tag">{tag}</span> })}
        </li>
    }
}

/// An item with what it was given, and what is right where that is told and another thing.
fn line_result(locale: Locale, line: ResultLine) -> impl IntoView {
    let (class, glyph) = match line.is_right {
        Some(true) => (Some("right"), Glyph::Check),
        Some(false) => (Some("wrong"), Glyph::X),
        None => (None, Glyph::CircleDot),
    };
    let has_given = !line.given_html.trim().is_empty();
    let given = if has_given { line.given_html } else { texts::no_answer(locale).to_owned() };
    let right = (line.is_right == Some(false)).then_some(line.right_html);
    let html = if line.label_html.is_empty() { given } else { format!("{} — {given}", line.label_html) };
    view! {
        <li class=class>
            <Icon glyph=glyph/>
            <div>
                <MarkdownLine html/>
                {right.map(|html| view! { <p class="small">{texts::right(locale)} ": " <MarkdownLine html/></p> })}
                {(!line.remark_html.is_empty()).then(|| view! { <p class="small muted"><MarkdownLine html=line.remark_html/></p> })}
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_show_the_share_of_points() {
        let points = Fraction::new(5, 3).expect("a fraction");
        assert_eq!(hundredths(points, 5), 3333);
        assert_eq!(hundredths(Fraction::whole(7), 5), 10_000);
        assert_eq!(hundredths(Fraction::ONE, 0), 0);
    }
}
