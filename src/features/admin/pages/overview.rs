//! `/admin`: the school in figures.

use super::Sections;
use crate::features::admin::api::get_figures;
use crate::features::admin::model::{CourseFigures, Figures};
use crate::shared::href;
use crate::shared::i18n::{Locale, admin as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Alert, Loaded, Meter, Tone};
use leptos::prelude::*;
use leptos_meta::Title;

/// The school in figures.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let figures = Resource::new_blocking(|| (), |()| get_figures());
    view! { <Loaded resource=figures page=|figures| view! { <Overview figures/> }.into_any()/> }
}

#[component]
fn Overview(figures: Figures) -> impl IntoView {
    let locale = use_locale();
    let cells = [
        (texts::students(locale), figures.students, "/admin/users?role=student"),
        (texts::staff(locale), figures.staff, "/admin/users?role=curator"),
        (texts::active_learners(locale), figures.active_learners, "/admin/users?role=student"),
        (texts::enrollments(locale), figures.enrollments, "/admin/users?role=student"),
        (texts::waiting(locale), figures.waiting, "/curate"),
    ];
    view! {
        <Title text=texts::overview(locale)/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{texts::overview(locale)}</h1>
            </header>
            {(figures.overdue > 0).then(|| view! { <Alert tone=Tone::Bad title=texts::overdue(locale, figures.overdue)/> })}
            <section>
                <h2 class="hush">{texts::figures(locale)}</h2>
                <dl class="kpis">
                    {cells
                        .map(|(name, value, list)| {
                            view! {
                                <div>
                                    <dt>{name}</dt>
                                    <dd>
                                        <a class="num" href=list>
                                            {value}
                                        </a>
                                    </dd>
                                </div>
                            }
                        })
                        .collect_view()}
                </dl>
            </section>
            <section class="section">
                <h2>{texts::courses(locale)}</h2>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{texts::course(locale)}</th>
                            <th scope="col">{texts::learners(locale)}</th>
                            <th scope="col">{texts::mean_progress(locale)}</th>
                        </tr>
                    </thead>
                    <tbody>{figures.courses.into_iter().map(|course| row(locale, course)).collect_view()}</tbody>
                </table>
            </section>
        </main>
    }
}

fn row(locale: Locale, course: CourseFigures) -> impl IntoView {
    view! {
        <tr>
            <td class="main">
                <a href=href::course(&course.slug)>{course.title}</a>
            </td>
            <td data-label=texts::learners(locale)>
                <span class="num">{course.learners}</span>
            </td>
            <td data-label=texts::mean_progress(locale)>
                <Meter hundredths=course.progress/>
            </td>
        </tr>
    }
}
