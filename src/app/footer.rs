//! The footer: requisites, legal texts, contacts, language and theme.

use crate::features::legal::model::LegalKind;
use crate::features::legal::pages::kind_title;
use crate::shared::i18n::nav as texts;
use crate::shared::viewer::use_viewer;
use crate::ui::Preferences;
use leptos::prelude::*;

/// The footer of every page.
#[component]
pub fn Footer() -> impl IntoView {
    let viewer = use_viewer();
    let locale = viewer.locale;
    let school = viewer.school;
    let requisites: Vec<String> = [
        (!school.legal_name.is_empty()).then(|| school.legal_name.clone()),
        (!school.tax_number.is_empty()).then(|| texts::tax_number(locale, &school.tax_number)),
        (!school.registration_number.is_empty()).then(|| texts::registration_number(locale, &school.registration_number)),
        (!school.address.is_empty()).then(|| school.address.clone()),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! {
        <footer class="foot">
            <div class="inner">
                <section>
                    <h2>{school.name.clone()}</h2>
                    {requisites.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
                </section>
                <nav aria-label=texts::documents(locale)>
                    <h2>{texts::documents(locale)}</h2>
                    <ul role="list">
                        {LegalKind::ALL
                            .map(|kind| {
                                view! {
                                    <li>
                                        <a href=format!("/legal/{}", kind.code())>{kind_title(locale, kind)}</a>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </nav>
                <section>
                    <h2>{texts::contacts(locale)}</h2>
                    <ul role="list">
                        {(!school.email.is_empty())
                            .then(|| {
                                view! {
                                    <li>
                                        <a href=format!("mailto:{}", school.email)>{school.email.clone()}</a>
                                    </li>
                                }
                            })}
                        {(!school.phone.is_empty())
                            .then(|| {
                                let digits: String = school.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
                                view! {
                                    <li>
                                        <a class="nowrap" href=format!("tel:{digits}")>
                                            {school.phone.clone()}
                                        </a>
                                    </li>
                                }
                            })}
                    </ul>
                </section>
                <section aria-label=texts::language_and_theme(locale)>
                    <Preferences/>
                </section>
            </div>
        </footer>
    }
}
