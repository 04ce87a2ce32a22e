//! `/admin/settings/calendar`: when the school works, and what it promises by that.

use super::api::get_calendar;
use super::model::{CalendarPage as Page, Preview};
use crate::features::admin::pages::Sections;
use crate::shared::form::FormState;
use crate::shared::i18n::{Locale, calendar as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{AreaField, FieldError, FormAlert, Loaded, Moment};
use leptos::prelude::*;
use leptos_meta::Title;

/// The calendar.
#[component]
pub fn CalendarPage() -> impl IntoView {
    let page = Resource::new_blocking(|| (), |()| get_calendar());
    view! { <Loaded resource=page page=|page| view! { <Calendar page/> }.into_any()/> }
}

#[component]
fn Calendar(page: Page) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("calendar");
    let chosen = form.value("time_zone").unwrap_or(page.time_zone);
    let zones: Vec<_> = page
        .time_zones
        .into_iter()
        .map(|zone| {
            let (is_chosen, label) = (zone == chosen, zone.replace('_', " "));
            view! {
                <option value=zone selected=is_chosen>
                    {label}
                </option>
            }
        })
        .collect();
    let days: Vec<_> = page.days.into_iter().enumerate().map(|(day, hours)| weekday(locale, &form, day, hours)).collect();
    view! {
        <Title text=texts::title(locale)/>
        <Sections/>
        <main id="main" class="page narrow" tabindex="-1">
            <header class="head">
                <h1>{texts::title(locale)}</h1>
                <p class="muted">{texts::hint(locale)}</p>
            </header>
            <form class="form" method="post" action="/admin/settings/calendar" novalidate>
                <FormAlert form=form.clone()/>
                <fieldset class="field">
                    <legend class="label">{texts::hours(locale)}</legend>
                    {days}
                    <p class="hint">{texts::hours_hint(locale)}</p>
                    <FieldError form=form.clone() name="hours"/>
                </fieldset>
                <div class="field">
                    <label for="time_zone">{texts::time_zone(locale)}</label>
                    <select class="input" id="time_zone" name="time_zone">
                        {zones}
                    </select>
                    <FieldError form=form.clone() name="time_zone"/>
                </div>
                <AreaField form=form.clone() name="holidays" label=texts::holidays(locale) text=page.holidays rows=6 hint=texts::holidays_hint(locale)/>
                <AreaField
                    form=form.clone()
                    name="working_days"
                    label=texts::working_days(locale)
                    text=page.working_days
                    rows=3
                    hint=texts::working_days_hint(locale)
                />
                <div class="actions">
                    <button class="button">{texts::save(locale)}</button>
                    <button class="button quiet" name="step" value="preview">
                        {texts::look(locale)}
                    </button>
                </div>
            </form>
            <section class="section" aria-labelledby="preview-title">
                <h2 id="preview-title">{texts::preview(locale)}</h2>
                <p class="hint">{texts::preview_hint(locale)} " " <Moment at=page.now/></p>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{texts::course(locale)}</th>
                            <th scope="col">{texts::review_time(locale)}</th>
                            <th scope="col">{texts::due(locale)}</th>
                        </tr>
                    </thead>
                    <tbody>{page.previews.into_iter().map(|line| row(locale, line)).collect_view()}</tbody>
                </table>
            </section>
        </main>
    }
}

/// When work begins and ends on a weekday.
fn weekday(locale: Locale, form: &FormState, day: usize, (opens, closes): (String, String)) -> impl IntoView + use<> {
    let name = match day {
        0 => texts::monday(locale),
        1 => texts::tuesday(locale),
        2 => texts::wednesday(locale),
        3 => texts::thursday(locale),
        4 => texts::friday(locale),
        5 => texts::saturday(locale),
        _ => texts::sunday(locale),
    };
    let (begin, end) = (format!("opens_{day}"), format!("closes_{day}"));
    let clock = |field: &str, label: String, value: String| {
        let value = form.value(field).unwrap_or(value);
        let is_invalid = form.problem(field).is_some();
        view! {
            <input
                class="input"
                type="time"
                id=field.to_owned()
                name=field.to_owned()
                value=value
                aria-label=label
                aria-invalid=is_invalid.then_some("true")
                aria-describedby=is_invalid.then(|| format!("{field}-error"))
            />
        }
    };
    view! {
        <div class="day-hours">
            <span>{name}</span>
            {clock(&begin, texts::opens(locale, name), opens)}
            <span aria-hidden="true">"–"</span>
            {clock(&end, texts::closes(locale, name), closes)}
        </div>
        <FieldError form=form.clone() name=begin/>
        <FieldError form=form.clone() name=end/>
    }
}

fn row(locale: Locale, line: Preview) -> impl IntoView {
    view! {
        <tr>
            <td class="main">{line.course_title}</td>
            <td data-label=texts::review_time(locale)>
                <span class="num">{texts::working_hours(locale, i64::from(line.hours))}</span>
            </td>
            <td data-label=texts::due(locale)>
                <Moment at=line.due/>
            </td>
        </tr>
    }
}
