//! `/admin/courses/{id}/bank`: the questions of a course with their tags, from and to files.

use super::edit_test::{kind_cell, new_question};
use super::import::Import;
use crate::features::admin::pages::Sections;
use crate::features::quizzes::api::get_bank;
use crate::features::quizzes::model::bank::{BankLine, BankPage as Bank};
use crate::shared::error::parse_id;
use crate::shared::href::{self, percent_encode};
use crate::shared::i18n::{Locale, admin, exchange as texts, learning, test_author};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Empty, FieldError, Filters, FormAlert, Glyph, Icon, Loaded, NextPage};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

/// A course's bank.
#[component]
pub fn BankPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = move || {
        let part = |name: &str| query.read().get(name).unwrap_or_default();
        (params.read().get("id").unwrap_or_default(), part("tag"), part("q"), part("page").parse::<u32>().unwrap_or(0).min(10_000))
    };
    let bank = Resource::new_blocking(asked, |(course, tag, words, page)| async move {
        get_bank(parse_id(&course)?, tag.clone(), words.clone(), page).await.map(|bank| (tag, words, bank))
    });
    view! { <Loaded resource=bank page=|(tag, words, bank)| view! { <Questions tag words bank/> }.into_any()/> }
}

#[component]
fn Questions(tag: String, words: String, bank: Bank) -> impl IntoView {
    let locale = use_locale();
    let here = href::bank(bank.course_id);
    let next = bank.next.map(|page| format!("{here}?tag={}&q={}&page={page}", percent_encode(&tag), percent_encode(&words)));
    let named = bank.tags.into_iter().map(|(name, count)| (name.clone(), format!("{name} ({count})")));
    let tags = [(String::new(), texts::all_tags(locale).to_owned())].into_iter().chain(named).collect();
    view! {
        <Title text=texts::title(locale)/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/admin/courses">{admin::courses(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=href::edit_course(bank.course_id)>{bank.course_title}</a>
            </nav>
            <header class="head">
                <h1>{texts::title(locale)}</h1>
                <p class="muted">{texts::bank_hint(locale)}</p>
            </header>
            <Filters action=here.clone() words=(texts::words(locale), words) name="tag" label=texts::tag(locale) options=tags chosen=tag/>
            {if bank.questions.is_empty() {
                view! { <Empty glyph=Glyph::Inbox title=texts::empty_title(locale) text=texts::empty_text(locale)/> }.into_any()
            } else {
                view! {
                    <Chosen here=here.clone() course=bank.course_id questions=bank.questions tests=bank.tests/>
                    <nav class="pager" aria-label=texts::pages(locale)>
                        <span>{texts::found(locale, bank.total)}</span>
                        <NextPage href=next label=texts::next_page(locale)/>
                    </nav>
                }
                    .into_any()
            }}
            {new_question(locale, &here)}
            <Import here/>
        </main>
    }
}

/// The table, and what happens to the questions that are ticked.
#[component]
fn Chosen(here: String, course: Uuid, questions: Vec<BankLine>, tests: Vec<(Uuid, String)>) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("bank");
    let rows: Vec<_> = questions.into_iter().map(|line| row(locale, course, line)).collect();
    let deed = |code: &'static str, label: &'static str| {
        view! {
            <button class="button quiet compact" name="deed" value=code>
                {label}
            </button>
        }
    };
    let choices: Vec<_> = tests.into_iter().map(|(id, title)| view! { <option value=id.to_string()>{title}</option> }).collect();
    view! {
        <form class="stack" method="post" action=here novalidate>
            <FormAlert form=form.clone()/>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{texts::question(locale)}</th>
                        <th scope="col">{test_author::kind(locale)}</th>
                        <th scope="col">{test_author::tags(locale)}</th>
                        <th scope="col">{texts::in_tests(locale)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <fieldset class="stack">
                <legend>{texts::with_chosen(locale)}</legend>
                <div class="field">
                    <label for="tag">{texts::tag(locale)}</label>
                    <input class="input" id="tag" name="tag" autocomplete="off" value=form.value("tag")/>
                    <FieldError form name="tag"/>
                </div>
                <div class="row">
                    {deed("tag", texts::add_tag(locale))} {deed("untag", texts::remove_tag(locale))} {deed("archive", texts::archive(locale))}
                </div>
                {(!choices.is_empty())
                    .then(|| {
                        view! {
                            <div class="row">
                                <select class="input" name="test" aria-label=texts::test(locale)>
                                    {choices}
                                </select>
                                {deed("into_test", texts::into_test(locale))}
                            </div>
                        }
                    })}
            </fieldset>
        </form>
    }
}

fn row(locale: Locale, course: Uuid, line: BankLine) -> impl IntoView {
    view! {
        <tr>
            <td class="main">
                <span class="ticked">
                    <input type="checkbox" name="question" value=line.id.to_string() aria-label=line.label.clone()/>
                    <a href=href::bank_question(course, line.id)>{line.label}</a>
                </span>
            </td>
            {kind_cell(locale, line.kind, line.is_draft)}
            <td data-label=test_author::tags(locale)>
                <span>{line.tags.join(", ")}</span>
            </td>
            <td data-label=texts::in_tests(locale)>
                <span class="num">{line.tests}</span>
            </td>
        </tr>
    }
}
