//! `/admin/reviews`: how quickly works are answered, as pictures with the list behind.

use crate::features::admin::pages::Sections;
use crate::features::assignments::api::get_measures;
use crate::features::assignments::model::measures::{Ages, CuratorLine, MeasuresPage as Page, Turnaround, Week};
use crate::features::quizzes::pages::span_text;
use crate::shared::i18n::{Locale, measures as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Bar, Bars, Empty, Glyph, Loaded, Moment};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The measures of review.
#[component]
pub fn MeasuresPage() -> impl IntoView {
    let query = use_query_map();
    let days = move || query.read().get("days").and_then(|days| days.parse().ok()).unwrap_or(0);
    let page = Resource::new_blocking(days, get_measures);
    view! { <Loaded resource=page page=|page| view! { <Measures page/> }.into_any()/> }
}

/// A share of a whole in per cent, rounded; nothing of nothing.
fn percent(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part * 200 / whole + 1) / 2)
}

fn percent_text(share: Option<i64>) -> String {
    share.map_or_else(|| "—".to_owned(), |share| format!("{share}\u{a0}%"))
}

fn span(locale: Locale, minutes: Option<i64>) -> String {
    minutes.map_or_else(|| "—".to_owned(), |minutes| span_text(locale, minutes))
}

fn rounds_text(locale: Locale, hundredths: Option<i32>) -> String {
    hundredths.map_or_else(|| "—".to_owned(), |value| format!("{}{}{:02}", value / 100, locale.decimal_mark(), value % 100))
}

#[component]
fn Measures(page: Page) -> impl IntoView {
    let locale = use_locale();
    let all = page.all;
    let waiting: i64 = page.ages.iter().sum();
    let cells = [
        (texts::answered(locale), all.answered.to_string()),
        (texts::in_time(locale), percent_text(percent(all.in_time, all.answered))),
        (texts::first_look(locale), span(locale, all.first_look)),
        (texts::verdict(locale), span(locale, all.verdict)),
        (texts::rounds(locale), rounds_text(locale, all.rounds)),
    ];
    let spans = [30, 90, 365].map(|days| {
        view! {
            <a href=format!("/admin/reviews?days={days}") aria-current=(days == page.days).then_some("page")>
                {texts::days(locale, i64::from(days))}
            </a>
        }
    });
    let is_empty = page.lines.is_empty();
    view! {
        <Title text=texts::title(locale)/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{texts::title(locale)}</h1>
                <p class="muted">{texts::hint(locale)}</p>
            </header>
            <nav class="tabs" aria-label=texts::span(locale)>
                {spans}
            </nav>
            {if is_empty {
                view! { <Empty glyph=Glyph::Inbox title=texts::empty_title(locale) text=texts::empty_text(locale)/> }.into_any()
            } else {
                view! {
                    <dl class="kpis">
                        {cells
                            .map(|(name, value)| {
                                view! {
                                    <div>
                                        <dt>{name}</dt>
                                        <dd class="num">{value}</dd>
                                    </div>
                                }
                            })
                            .collect_view()}
                        <div>
                            <dt>{texts::waiting(locale)}</dt>
                            <dd>
                                <a class="num" href="/curate">
                                    {waiting}
                                </a>
                            </dd>
                            <dd>{page.oldest.map(|at| view! { {texts::oldest(locale)} " " <Moment at/> })}</dd>
                        </div>
                    </dl>
                    <section class="section charts">{ages_chart(locale, page.ages)} {weeks_chart(locale, page.weeks)}</section>
                    <section class="section">
                        <h2>{texts::by_curator(locale)}</h2>
                        {table(locale, page.lines)}
                    </section>
                }
                    .into_any()
            }}
        </main>
    }
}

fn ages_chart(locale: Locale, ages: Ages) -> impl IntoView {
    let names = [texts::age_hours(locale), texts::age_day(locale), texts::age_days(locale), texts::age_week(locale), texts::age_longer(locale)];
    let bars = names
        .into_iter()
        .zip(ages)
        .enumerate()
        .map(|(index, (name, count))| Bar { label: name.to_owned(), value: count, text: count.to_string(), is_bad: index > 2 })
        .collect();
    view! { <Bars title=texts::queue_by_age(locale) bars/> }
}

fn weeks_chart(locale: Locale, weeks: Vec<Week>) -> impl IntoView {
    let bars = weeks
        .into_iter()
        .map(|week| Bar {
            label: week.begins.short_date(),
            value: week.turnaround.verdict.unwrap_or(0),
            text: span(locale, week.turnaround.verdict),
            // Fewer than nine of ten promises were kept.
            is_bad: week.turnaround.in_time * 10 < week.turnaround.answered * 9,
        })
        .collect();
    view! { <Bars title=texts::by_week(locale) bars/> }
}

fn table(locale: Locale, lines: Vec<CuratorLine>) -> impl IntoView {
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{texts::curator(locale)}</th>
                    <th scope="col">{texts::answered(locale)}</th>
                    <th scope="col">{texts::in_time(locale)}</th>
                    <th scope="col">{texts::first_look(locale)}</th>
                    <th scope="col">{texts::verdict(locale)}</th>
                    <th scope="col">{texts::rounds(locale)}</th>
                    <th scope="col">{texts::waiting(locale)}</th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(|line| row(locale, line)).collect_view()}</tbody>
        </table>
    }
}

fn row(locale: Locale, line: CuratorLine) -> impl IntoView {
    let Turnaround { answered, in_time, first_look, verdict, rounds } = line.turnaround;
    let share = percent(in_time, answered);
    view! {
        <tr>
            <td class="main">
                {line.curator.unwrap_or_else(|| texts::nobody(locale).to_owned())} <br/> <span class="muted small">{line.course_title}</span>
            </td>
            <td data-label=texts::answered(locale)>
                <span class="num">{answered}</span>
            </td>
            <td data-label=texts::in_time(locale)>
                <span class="share">
                    <progress class="meter" value=share.unwrap_or(0) max="100" aria-hidden="true"></progress>
                    <span class="num">{percent_text(share)}</span>
                </span>
            </td>
            <td data-label=texts::first_look(locale)>
                <span class="num">{span(locale, first_look)}</span>
            </td>
            <td data-label=texts::verdict(locale)>
                <span class="num">{span(locale, verdict)}</span>
            </td>
            <td data-label=texts::rounds(locale)>
                <span class="num">{rounds_text(locale, rounds)}</span>
            </td>
            <td data-label=texts::waiting(locale)>
                <span>
                    <a class="num" href=format!("/curate?course={}", line.course_id)>
                        {line.waiting}
                    </a>
                    {line.oldest.map(|at| view! { <br/> <span class="small muted">{texts::oldest(locale)} " " <Moment at/></span> })}
                </span>
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_and_nothing_is_no_share() {
        assert_eq!([percent(0, 0), percent(1, 3), percent(2, 3), percent(1, 200), percent(5, 5)], [None, Some(33), Some(67), Some(1), Some(100)]);
    }
}
