//! `/admin/settings`: the school's facts and its taxes.

use crate::features::admin::pages::Sections;
use crate::features::legal::model::SchoolFacts;
use crate::features::payments::api::get_settings;
use crate::features::payments::model::{CourseTax, SettingsPage as Settings, TaxLine};
use crate::shared::i18n::{Locale, school as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, FieldError, FormAlert, Glyph, Icon, Loaded, Moment};
use leptos::prelude::*;
use leptos_meta::Title;

/// The school's settings.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let settings = Resource::new_blocking(|| (), |()| get_settings());
    view! { <Loaded resource=settings page=|settings| view! { <View settings/> }.into_any()/> }
}

#[component]
fn View(settings: Settings) -> impl IntoView {
    let locale = use_locale();
    view! {
        <Title text=texts::settings(locale)/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{texts::settings(locale)}</h1>
                <p class="muted">{texts::saved_hint(locale)}</p>
                <p class="row">
                    <a class="button quiet compact" href="/admin/settings/calendar">
                        {texts::calendar(locale)}
                    </a>
                </p>
            </header>
            <div class="split">
                <Facts facts=settings.facts/>
                <aside class="stack">
                    <Taxes lines=settings.taxes rates=settings.rates.clone() systems=settings.systems/>
                    <CourseTaxes courses=settings.courses rates=settings.rates/>
                </aside>
            </div>
        </main>
    }
}

#[component]
fn Facts(facts: SchoolFacts) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("facts");
    let field = {
        let form = form.clone();
        move |name: &'static str, label: &'static str, value: String, hint: Option<&'static str>| {
            let form = form.clone();
            match hint {
                Some(hint) => view! { <Field form name label value hint/> }.into_any(),
                None => view! { <Field form name label value/> }.into_any(),
            }
        }
    };
    view! {
        <form class="form" method="post" action="/admin/settings" novalidate>
            <FormAlert form/>
            <h2>{texts::public(locale)}</h2>
            {field("name", texts::name(locale), facts.name, None)}
            {field("tagline", texts::tagline(locale), facts.tagline, None)}
            {field("email", texts::email(locale), facts.email, None)}
            {field("phone", texts::phone(locale), facts.phone, None)}
            {field("time_zone", texts::time_zone(locale), facts.time_zone, Some(texts::time_zone_hint(locale)))}
            <h2>{texts::requisites(locale)}</h2>
            {field("legal_name", texts::legal_name(locale), facts.legal_name, None)}
            {field("tax_number", texts::tax_number(locale), facts.tax_number, None)}
            {field("kpp", texts::kpp(locale), facts.kpp, Some(texts::kpp_hint(locale)))}
            {field("registration_number", texts::registration_number(locale), facts.registration_number, None)}
            {field("address", texts::address(locale), facts.address, None)}
            {field("signer", texts::signer(locale), facts.signer, None)}
            <h2>{texts::bank(locale)}</h2>
            {field("bank_name", texts::bank_name(locale), facts.bank_name, None)}
            {field("bank_bic", texts::bank_bic(locale), facts.bank_bic, None)}
            {field("bank_account", texts::bank_account(locale), facts.bank_account, None)}
            {field("bank_corr_account", texts::bank_corr_account(locale), facts.bank_corr_account, None)}
            <div>
                <button class="button">{texts::save(locale)}</button>
            </div>
        </form>
    }
}

/// A rate in words.
fn rate_name(locale: Locale, rate: &str) -> String {
    match rate {
        "none" => texts::vat_none(locale).to_owned(),
        rate if rate.contains('/') => texts::vat_part(locale, rate),
        rate => texts::vat_rate(locale, rate),
    }
}

fn system_name(locale: Locale, system: &str) -> &'static str {
    match system {
        "general" => texts::system_general(locale),
        "simplified_income" => texts::system_simplified_income(locale),
        "simplified_profit" => texts::system_simplified_profit(locale),
        "agricultural" => texts::system_agricultural(locale),
        "patent" => texts::system_patent(locale),
        _ => texts::tax_system_default(locale),
    }
}

/// A select of named values; the first stands for none.
fn choice(name: String, label: String, options: Vec<(String, String)>, chosen: &str) -> AnyView {
    let options = options
        .into_iter()
        .map(|(code, name)| {
            let is_chosen = code == chosen;
            view! {
                <option value=code selected=is_chosen>
                    {name}
                </option>
            }
        })
        .collect_view();
    view! {
        <label for=name.clone()>{label}</label>
        <select class="input" id=name.clone() name=name>
            {options}
        </select>
    }
    .into_any()
}

#[component]
fn Taxes(lines: Vec<TaxLine>, rates: Vec<String>, systems: Vec<String>) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("taxes");
    let now = lines.iter().find(|line| line.holds);
    let vat = form.value("vat").or_else(|| now.map(|line| line.vat.clone())).unwrap_or_default();
    let system = form.value("tax_system").or_else(|| now.and_then(|line| line.tax_system.clone())).unwrap_or_default();
    let with_receipts = if form.values.is_empty() { now.is_some_and(|line| line.with_receipts) } else { form.value("with_receipts").is_some() };
    let rates = rates.into_iter().map(|rate| (rate.clone(), rate_name(locale, &rate))).collect();
    let none = (String::new(), texts::tax_system_default(locale).to_owned());
    let systems = [none].into_iter().chain(systems.into_iter().map(|system| (system.clone(), system_name(locale, &system).to_owned()))).collect();
    view! {
        <section class="panel-box">
            <h2>{texts::taxes(locale)}</h2>
            <p class="small muted">{texts::taxes_hint(locale)}</p>
            {lines.is_empty().then(|| view! { <p class="small">{texts::no_taxes(locale)}</p> })}
            <ul class="rows" role="list">
                {lines.into_iter().map(|line| tax_line(locale, line)).collect_view()}
            </ul>
            <FormAlert form=form.clone()/>
            <form class="form" method="post" action="/admin/settings/taxes" novalidate>
                <div class="field">
                    {choice("vat".to_owned(), texts::vat(locale).to_owned(), rates, &vat)} <FieldError form=form.clone() name="vat"/>
                </div>
                <div class="field">
                    {choice("tax_system".to_owned(), texts::tax_system(locale).to_owned(), systems, &system)}
                    <FieldError form=form.clone() name="tax_system"/>
                </div>
                <label class="choice">
                    <input type="checkbox" name="with_receipts" value="yes" checked=with_receipts/>
                    <span>{texts::with_receipts(locale)}</span>
                </label>
                <Field form name="valid_from" label=texts::valid_from(locale) kind="date" hint=texts::valid_from_hint(locale)/>
                <div>
                    <button class="button quiet">{texts::set_taxes(locale)}</button>
                </div>
            </form>
        </section>
    }
}

fn tax_line(locale: Locale, line: TaxLine) -> impl IntoView {
    let receipts = if line.with_receipts { texts::receipts_yes(locale) } else { texts::receipts_no(locale) };
    view! {
        <li>
            <div>
                {rate_name(locale, &line.vat)} ", " {system_name(locale, line.tax_system.as_deref().unwrap_or_default())}
                <p class="small muted">
                    {texts::receipts(locale)} ": " {receipts} " · " {texts::from(locale)} " "
                    {match line.from {
                        Some(at) => view! { <Moment at date_only=true/> }.into_any(),
                        None => texts::from_environment(locale).into_any(),
                    }}
                </p>
            </div>
            {line
                .holds
                .then(|| {
                    view! {
                        <span class="chip ok">
                            <Icon glyph=Glyph::Check/>
                            {texts::holds(locale)}
                        </span>
                    }
                })}
        </li>
    }
}

#[component]
fn CourseTaxes(courses: Vec<CourseTax>, rates: Vec<String>) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("course-taxes");
    let options: Vec<(String, String)> = [(String::new(), texts::as_school(locale).to_owned())]
        .into_iter()
        .chain(rates.into_iter().map(|rate| (rate.clone(), rate_name(locale, &rate))))
        .collect();
    (!courses.is_empty()).then(|| {
        view! {
            <section class="panel-box">
                <h2>{texts::course_taxes(locale)}</h2>
                <FormAlert form=form.clone()/>
                <form class="form" method="post" action="/admin/settings/courses">
                    {courses
                        .into_iter()
                        .map(|course| {
                            let name = format!("vat-{}", course.id);
                            let chosen = form.value(&name).or(course.vat).unwrap_or_default();
                            view! { <div class="field">{choice(name, course.title, options.clone(), &chosen)}</div> }
                        })
                        .collect_view()}
                    <div>
                        <button class="button quiet">{texts::save(locale)}</button>
                    </div>
                </form>
            </section>
        }
    })
}
