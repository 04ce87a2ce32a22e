//! Routes of tests and of their review.

use super::pages::{
    AttemptPage, BankPage, CorrectKeyPage, EditQuestionPage, EditTestPage, QueuePage, ReviewPage, ScoreAnswerPage, ScoreQuestionsPage,
    StatisticsPage, TestPage,
};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// A test's front page and an attempt.
#[component(transparent)]
pub fn TestRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/learn/tests/:id") view=area::shown(TestArea::Front) ssr=SsrMode::Async/>
        <Route path=path!("/learn/attempts/:id") view=area::shown(TestArea::Attempt) ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// The curator's queue and an attempt's open answers.
#[component(transparent)]
pub fn ReviewRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/curate") view=area::shown(ReviewArea::Queue) ssr=SsrMode::Async/>
        <Route path=path!("/curate/attempts/:id") view=area::shown(ReviewArea::Attempt) ssr=SsrMode::Async/>
        <Route path=path!("/curate/tests") view=area::shown(ReviewArea::Questions) ssr=SsrMode::Async/>
        <Route path=path!("/curate/tests/:test/questions/:question") view=area::shown(ReviewArea::Answer) ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// A test and its questions, for their authors.
#[component(transparent)]
pub fn TestAuthoringRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/admin/courses/:id/tests/:test") view=area::shown(EditArea::Test) ssr=SsrMode::Async/>
        <Route path=path!("/admin/courses/:id/tests/:test/statistics") view=area::shown(EditArea::Statistics) ssr=SsrMode::Async/>
        <Route path=path!("/admin/courses/:id/bank") view=area::shown(EditArea::Bank) ssr=SsrMode::Async/>
        <Route path=path!("/admin/courses/:id/bank/questions/:question") view=area::shown(EditArea::Question) ssr=SsrMode::Async/>
        <Route path=path!("/admin/courses/:id/tests/:test/questions/:question") view=area::shown(EditArea::Question) ssr=SsrMode::Async/>
        <Route path=path!("/admin/courses/:id/tests/:test/questions/:question/key") view=area::shown(EditArea::CorrectKey) ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// A learner's pages whose code is in the file `learner` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum TestArea {
    /// `/learn/tests/{id}`.
    Front,
    /// `/learn/attempts/{id}`.
    Attempt,
}

area::chooses!(TestArea, test_area, test_area_code);

#[wasm_split(learner, wasm_split_path = leptos::wasm_split, fallible, preload(test_area_code))]
fn test_area(page: TestArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        TestArea::Front => view! { <TestPage/> }.into_any(),
        TestArea::Attempt => view! { <AttemptPage/> }.into_any(),
    })
}

/// Pages of curators whose code is in the file `staff` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum ReviewArea {
    /// `/curate`.
    Queue,
    /// `/curate/attempts/{id}`.
    Attempt,
    /// `/curate/tests`.
    Questions,
    /// `/curate/tests/{test}/questions/{question}`.
    Answer,
}

area::chooses!(ReviewArea, review_area, review_area_code);

#[wasm_split(staff, wasm_split_path = leptos::wasm_split, fallible, preload(review_area_code))]
fn review_area(page: ReviewArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        ReviewArea::Queue => view! { <QueuePage/> }.into_any(),
        ReviewArea::Attempt => view! { <ReviewPage/> }.into_any(),
        ReviewArea::Questions => view! { <ScoreQuestionsPage/> }.into_any(),
        ReviewArea::Answer => view! { <ScoreAnswerPage/> }.into_any(),
    })
}

/// Pages of authors whose code is in the file `author` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum EditArea {
    /// `/admin/courses/{id}/tests/{test}`.
    Test,
    /// `/admin/courses/{id}/tests/{test}/statistics`.
    Statistics,
    /// `/admin/courses/{id}/tests/{test}/questions/{question}`, and of the bank.
    Question,
    /// `/admin/courses/{id}/tests/{test}/questions/{question}/key`.
    CorrectKey,
    /// `/admin/courses/{id}/bank`.
    Bank,
}

area::chooses!(EditArea, edit_area, edit_area_code);

#[wasm_split(author, wasm_split_path = leptos::wasm_split, fallible, preload(edit_area_code))]
fn edit_area(page: EditArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        EditArea::Test => view! { <EditTestPage/> }.into_any(),
        EditArea::Statistics => view! { <StatisticsPage/> }.into_any(),
        EditArea::Question => view! { <EditQuestionPage/> }.into_any(),
        EditArea::CorrectKey => view! { <CorrectKeyPage/> }.into_any(),
        EditArea::Bank => view! { <BankPage/> }.into_any(),
    })
}
