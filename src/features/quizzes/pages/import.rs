//! Questions from a file, and as a file: in a course's bank and in a test.

use crate::shared::i18n::exchange as texts;
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Alert, FieldError, FormAlert, Tone};
use leptos::prelude::*;

/// Codes and names; names are the same in every language.
const FORMATS: [(&str, &str); 2] = [("gift", "GIFT"), ("moodle_xml", "Moodle XML")];

/// The form that takes a file, and what became of the one before.
#[component]
pub(super) fn Import(
    /// The page's address: `files` and `export` lie under it.
    here: String,
    /// Where the questions go, unless the page says so.
    #[prop(optional)]
    hint: Option<&'static str>,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("import");
    let count = |name: &str| form.value(name).and_then(|count| count.parse::<i64>().ok());
    let taken = count("taken").map(|count| view! { <Alert tone=Tone::Ok title=texts::taken(locale, count)/> });
    let refused = form.value("refused").map(|why| view! { <Alert tone=Tone::Bad title=texts::refused_file(locale, why)/> });
    let report = form.value("report").filter(|report| !report.is_empty());
    let more = count("more").map(|count| view! { <p class="muted">{texts::and_more(locale, count)}</p> });
    view! {
        <section class="section" aria-labelledby="import-title">
            <h2 id="import-title">{texts::import(locale)}</h2>
            {taken}
            {refused}
            {report
                .map(|report| {
                    view! {
                        <table class="table">
                            <caption class="hush">{texts::report(locale)}</caption>
                            <thead>
                                <tr>
                                    <th scope="col">{texts::line(locale)}</th>
                                    <th scope="col">{texts::question(locale)}</th>
                                    <th scope="col">{texts::outcome(locale)}</th>
                                </tr>
                            </thead>
                            <tbody>{report.lines().map(line).collect_view()}</tbody>
                        </table>
                    }
                })}
            {more}
            <form class="form" method="post" enctype="multipart/form-data" action=format!("{here}/files")>
                <FormAlert form=form.clone()/>
                {hint.map(|hint| view! { <p class="muted">{hint}</p> })}
                <div class="field">
                    <label for="format">{texts::format(locale)}</label>
                    <select class="input" id="format" name="format">
                        <option value="">{texts::by_ending(locale)}</option>
                        {FORMATS.map(|(code, name)| view! { <option value=code>{name}</option> }).collect_view()}
                    </select>
                </div>
                <div class="field">
                    <label for="file">{texts::file(locale)}</label>
                    <input class="input" id="file" name="file" type="file" aria-describedby="file-hint"/>
                    <p class="hint" id="file-hint">{texts::import_hint(locale)}</p>
                    <FieldError form name="file"/>
                </div>
                <div class="actions">
                    <button class="button quiet">{texts::take(locale)}</button>
                    <a href=format!("{here}/export?format=gift") rel="external" download>
                        {texts::export_gift(locale)}
                    </a>
                    <a href=format!("{here}/export?format=moodle_xml") rel="external" download>
                        {texts::export_xml(locale)}
                    </a>
                </div>
            </form>
        </section>
    }
}

/// A line of the report: line, name, outcome, parted by tabs.
fn line(line: &str) -> impl IntoView + use<> {
    let mut parts = line.splitn(3, '\t').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    view! {
        <tr>
            <td>
                <span class="num">{next()}</span>
            </td>
            <td class="main">{next()}</td>
            <td>{next()}</td>
        </tr>
    }
}
