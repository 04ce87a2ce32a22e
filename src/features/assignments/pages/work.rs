//! `/learn/assignments/{id}`: what is asked for, and one's own rounds.

use super::draft::DraftForm;
use super::round::RoundView;
use super::rubric::RubricTable;
use super::{StateChip, id_in_path};
use crate::features::assignments::api::get_work;
use crate::features::assignments::model::{MyWork, Photo, Round, Task, WorkPage as Work};
use crate::features::assignments::rules::WorkState;
use crate::features::files::pages::{PHOTOGRAPH, look_again};
use crate::features::notifications::live;
use crate::shared::href;
use crate::shared::i18n::{learning, works as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Alert, FormAlert, Glyph, Icon, Loaded, MarkdownView, Moment, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use uuid::Uuid;

/// The assignment.
#[component]
pub fn WorkPage() -> impl IntoView {
    let work = Resource::new_blocking(id_in_path(), |id| async move { get_work(id?).await });
    let again = Callback::new(move |()| work.refetch());
    // What is being written stays as it is.
    let writes = StoredValue::new(false);
    let here = id_in_path();
    live::on_next_news(
        move || untrack(&here).map(href::assignment).unwrap_or_default(),
        move || {
            if !writes.get_value() {
                work.refetch();
            }
        },
    );
    let page = move |work: Work| {
        writes.set_value(work.draft.is_some());
        view! { <Page work again/> }.into_any()
    };
    view! { <Loaded resource=work page/> }
}

/// Looks again while photographs of a round that was handed in are being prepared.
fn wait_for_photos(work: &Work, again: Callback<()>) {
    let rounds = work.work.iter().flat_map(|work| &work.rounds);
    let waits = work.draft.is_none() && !rounds.flat_map(|round| &round.photos).all(Photo::is_ready);
    look_again(PHOTOGRAPH, None, move || waits, again);
}

#[component]
fn Page(work: Work, again: Callback<()>) -> impl IntoView {
    let locale = use_locale();
    wait_for_photos(&work, again);
    let Work { id, task, course_slug, course_title, lesson_id, work, draft } = work;
    let rounds = work.as_ref().map(|work| work.rounds.clone()).unwrap_or_default();
    let number = draft.as_ref().map(|draft| draft.number);
    let title = task.title.clone();
    // What came when nothing is taken any more is not lost: it can be copied.
    let refused = use_form("work");
    let unsaved = refused.value("text").filter(|text| draft.is_none() && !text.trim().is_empty());
    let is_closed = draft.is_none();
    view! {
        <Title text=title.clone()/>
        <main id="main" class="page wide" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href=href::outline(&course_slug)>{course_title}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=href::lesson(&course_slug, lesson_id)>{texts::lesson(locale)}</a>
            </nav>
            <header class="head">
                <h1>{title}</h1>
                {work.clone().map(|work| view! { <Standing id work/> })}
            </header>
            <div class="handing">
                <section class="stack" aria-labelledby="task-title">
                    <h2 id="task-title">{texts::task(locale)}</h2>
                    <MarkdownView html=task.task_html.clone()/>
                    <Terms task=task.clone()/>
                    <RubricTable rubric=task.rubric.clone()/>
                </section>
                <div class="stack loose">
                    {draft
                        .map(|draft| {
                            view! {
                                <section class="stack" aria-labelledby="draft-title">
                                    <h2 id="draft-title">{texts::round(locale, number.unwrap_or(1))}</h2>
                                    <DraftForm assignment=id task draft/>
                                </section>
                            }
                        })}
                    {is_closed.then(|| view! { <FormAlert form=refused/> })}
                    {unsaved.map(|text| view! { <p class="words">{text}</p> })}
                    {rounds_view(rounds, id)}
                </div>
            </div>
        </main>
    }
}

/// Rounds, the newest first, each with the one before it.
fn rounds_view(rounds: Vec<Round>, assignment: Uuid) -> impl IntoView {
    let befores: Vec<Option<Round>> = std::iter::once(None).chain(rounds.iter().cloned().map(Some)).collect();
    rounds.into_iter().zip(befores).rev().map(|(round, before)| view! { <RoundView round before learner=Some(assignment)/> }).collect_view()
}

/// What may be handed in, by when, how often.
#[component]
fn Terms(task: Task) -> impl IntoView {
    let locale = use_locale();
    let takes = task.takes;
    let parts: Vec<&str> = [
        (takes.text, texts::takes_text(locale)),
        (takes.photos, texts::takes_photos(locale)),
        (takes.files, texts::takes_files(locale)),
        (takes.links, texts::takes_links(locale)),
    ]
    .into_iter()
    .filter_map(|(is_taken, words)| is_taken.then_some(words))
    .collect();
    view! {
        <ul class="terms small muted">
            <li>{texts::takes(locale, parts.join(", "))}</li>
            {task.days.map(|days| view! { <li>{texts::days(locale, i64::from(days))}</li> })}
            {task.rounds.map(|rounds| view! { <li>{texts::rounds(locale, i64::from(rounds))}</li> })}
            {task.max_points.map(|most| view! { <li>{texts::most_points(locale, i64::from(most))}</li> })}
        </ul>
    }
}

/// How far the work is, who answers and by when; what may be done besides writing.
#[component]
fn Standing(id: Uuid, work: MyWork) -> impl IntoView {
    let locale = use_locale();
    let here = href::assignment(id);
    let owner = work.owner.clone().unwrap_or_else(|| texts::somebody(locale).to_owned());
    view! {
        <div class="row">
            <StateChip state=work.state/>
            {work
                .promised
                .map(|at| {
                    view! {
                        <p>
                            {texts::will_answer(locale, owner)} " "
                            <strong>
                                <Moment at/>
                            </strong>
                        </p>
                    }
                })}
            {work
                .due
                .map(|at| {
                    view! {
                        <p>
                            {texts::hand_in_by(locale)} " "
                            <strong>
                                <Moment at/>
                            </strong>
                        </p>
                    }
                })}
            {work
                .may_withdraw
                .then(|| {
                    view! {
                        <form method="post" action=format!("{here}/withdraw")>
                            <button class="button quiet compact">{texts::withdraw(locale)}</button>
                        </form>
                    }
                })}
            {work
                .may_extend
                .map(|days| {
                    view! {
                        <form method="post" action=format!("{here}/extend")>
                            <button class="button quiet compact">{texts::extend(locale, i64::from(days))}</button>
                        </form>
                    }
                })}
        </div>
        <FormAlert form=use_form("withdraw")/>
        <FormAlert form=use_form("extend")/>
        <FormAlert form=use_form("mark")/>
        {(work.state == WorkState::Expired).then(|| view! { <Alert tone=Tone::Warn title=texts::expired_hint(locale)/> })}
        {(work.state == WorkState::Returned && !work.reason.is_empty())
            .then(|| view! { <Alert tone=Tone::Warn title=texts::returned_because(locale)><p class="words">{work.reason}</p></Alert> })}
    }
}
