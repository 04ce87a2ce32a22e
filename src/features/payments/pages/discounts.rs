//! `/admin/discounts`: codes that lower prices, how often they were used, a form for a new one.

use crate::features::admin::pages::Sections;
use crate::features::payments::api::list_discounts;
use crate::features::payments::model::{DiscountLine, DiscountList};
use crate::shared::href;
use crate::shared::i18n::{Locale, orders as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Empty, Field, FieldError, FormAlert, Glyph, Icon, Loaded};
use leptos::prelude::*;
use leptos_meta::Title;
use uuid::Uuid;

/// Codes of discounts.
#[component]
pub fn DiscountsPage() -> impl IntoView {
    let list = Resource::new_blocking(|| (), |()| list_discounts());
    view! { <Loaded resource=list page=|list| view! { <Discounts list/> }.into_any()/> }
}

#[component]
fn Discounts(list: DiscountList) -> impl IntoView {
    let locale = use_locale();
    view! {
        <Title text=texts::discounts(locale)/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <nav class="crumbs" aria-label=texts::where_you_are(locale)>
                <a href="/admin/orders">{texts::orders(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{texts::discounts(locale)}</span>
            </nav>
            <header class="head">
                <h1>{texts::discounts(locale)}</h1>
                <p class="muted">{texts::discounts_hint(locale)}</p>
            </header>
            <div class="split">
                <section>
                    {if list.lines.is_empty() {
                        view! { <Empty glyph=Glyph::Inbox title=texts::no_discounts(locale) text=texts::no_discounts_text(locale)/> }.into_any()
                    } else {
                        view! { <Codes lines=list.lines/> }.into_any()
                    }}
                </section>
                <aside>
                    <NewCode courses=list.courses/>
                </aside>
            </div>
        </main>
    }
}

#[component]
fn Codes(lines: Vec<DiscountLine>) -> impl IntoView {
    let locale = use_locale();
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{texts::discount_code(locale)}</th>
                    <th scope="col">{texts::discount(locale)}</th>
                    <th scope="col">{texts::discount_term(locale)}</th>
                    <th scope="col">{texts::discount_uses(locale)}</th>
                    <th scope="col">{texts::state(locale)}</th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(|line| row(locale, line)).collect_view()}</tbody>
        </table>
    }
}

fn row(locale: Locale, line: DiscountLine) -> impl IntoView {
    let off = match (line.percent, line.sum) {
        (Some(percent), _) => format!("{percent}\u{a0}%"),
        (None, sum) => sum.map(|sum| sum.format(locale)).unwrap_or_default(),
    };
    let begins = line.begins.map(|at| texts::discount_from(locale, at.date(locale)));
    let ends = line.ends.map(|at| texts::discount_until(locale, at.date(locale)));
    let term = begins.into_iter().chain(ends).collect::<Vec<_>>().join(" ");
    let courses = if line.courses.is_empty() { texts::discount_all_courses(locale).to_owned() } else { line.courses.join(", ") };
    let uses = line.uses_max.map_or_else(|| line.uses.to_string(), |most| texts::discount_uses_of(locale, line.uses, most));
    let (class, glyph, word) = if !line.is_active {
        ("chip", Glyph::Ban, texts::discount_is_off(locale))
    } else if line.holds {
        ("chip ok", Glyph::Check, texts::discount_holds(locale))
    } else {
        ("chip warn", Glyph::Clock, texts::discount_waits(locale))
    };
    view! {
        <tr>
            <td class="main">
                {line.code.clone()} <br/> <span class="muted small">{courses}</span>
            </td>
            <td data-label=texts::discount(locale)>
                <span class="num">{off}</span>
            </td>
            <td data-label=texts::discount_term(locale)>
                <span>{if term.is_empty() { texts::discount_always(locale).to_owned() } else { term }}</span>
            </td>
            <td data-label=texts::discount_uses(locale)>
                <a class="num" href=href::orders_of(&line.code)>
                    {uses}
                </a>
            </td>
            <td data-label=texts::state(locale)>
                <span class="row">
                    <span class=class>
                        <Icon glyph=glyph/>
                        {word}
                    </span>
                    <form method="post" action=format!("/admin/discounts/{}/switch", line.id)>
                        <input type="hidden" name="is_active" value=if line.is_active { "no" } else { "yes" }/>
                        <button class="button quiet compact">
                            {if line.is_active { texts::discount_off(locale) } else { texts::discount_on(locale) }}
                        </button>
                    </form>
                </span>
            </td>
        </tr>
    }
}

#[component]
fn NewCode(courses: Vec<(Uuid, String)>) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("discount");
    let chosen = form.value("kind").unwrap_or_else(|| "percent".to_owned());
    let kinds = [("percent", texts::discount_percent(locale)), ("sum", texts::discount_sum(locale))];
    let days = texts::discount_days_hint(locale);
    view! {
        <section class="panel-box">
            <h2>{texts::discount_new(locale)}</h2>
            <FormAlert form=form.clone()/>
            <form class="form" method="post" action="/admin/discounts" novalidate>
                <Field form=form.clone() name="code" label=texts::discount_code(locale) hint=texts::discount_code_hint(locale) required=true/>
                <fieldset class="field">
                    <legend class="label">{texts::discount_kind(locale)}</legend>
                    {kinds
                        .map(|(kind, name)| {
                            view! {
                                <label class="choice">
                                    <input type="radio" name="kind" value=kind checked=kind == chosen/>
                                    <span>{name}</span>
                                </label>
                            }
                        })
                        .collect_view()}
                    <FieldError form=form.clone() name="kind"/>
                </fieldset>
                <Field form=form.clone() name="value" label=texts::discount_value(locale) hint=texts::discount_value_hint(locale) required=true/>
                <Field form=form.clone() name="begins" label=texts::discount_begins(locale) kind="date" hint=days/>
                <Field form=form.clone() name="ends" label=texts::discount_ends(locale) kind="date" hint=days/>
                <Field form=form.clone() name="uses_max" label=texts::discount_uses_max(locale) hint=texts::discount_uses_hint(locale)/>
                <fieldset class="field">
                    <legend class="label">{texts::discount_courses(locale)}</legend>
                    <p class="hint">{texts::discount_courses_hint(locale)}</p>
                    {courses
                        .into_iter()
                        .map(|(id, title)| {
                            let name = format!("course-{id}");
                            let is_ticked = form.value(&name).is_some();
                            view! {
                                <label class="choice">
                                    <input type="checkbox" name=name value="yes" checked=is_ticked/>
                                    <span>{title}</span>
                                </label>
                            }
                        })
                        .collect_view()}
                </fieldset>
                <div>
                    <button class="button">{texts::discount_make(locale)}</button>
                </div>
            </form>
        </section>
    }
}
