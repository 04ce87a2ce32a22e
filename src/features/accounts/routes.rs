//! Routes of accounts.

use super::pages::{AccountPage, LoginPage, RegisterPage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{ChooseView, SsrMode, path};

/// Sign-in, registration, one's own account.
#[component(transparent)]
pub fn AccountRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/login") view=SignInArea::Login ssr=SsrMode::Async/>
        <Route path=path!("/register") view=SignInArea::Register ssr=SsrMode::Async/>
        <Route path=path!("/account") view=AccountArea::Account ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages whose code is in the file `visitor` (docs/decisions/0006).
#[derive(Clone, Copy)]
pub(crate) enum SignInArea {
    /// `/login`.
    Login,
    /// `/register`.
    Register,
}

impl ChooseView for SignInArea {
    async fn choose(self) -> AnyView {
        area::page(sign_in_area(self)).await
    }

    async fn preload(&self) {
        area::ready(sign_in_area_code()).await;
    }
}

#[wasm_split(visitor, wasm_split_path = leptos::wasm_split, fallible, preload(sign_in_area_code))]
pub(crate) fn sign_in_area(page: SignInArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        SignInArea::Login => view! { <LoginPage/> }.into_any(),
        SignInArea::Register => view! { <RegisterPage/> }.into_any(),
    })
}

/// Pages whose code is in the file `learner` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum AccountArea {
    /// `/account`.
    Account,
}

impl ChooseView for AccountArea {
    async fn choose(self) -> AnyView {
        area::page(account_area(self)).await
    }

    async fn preload(&self) {
        area::ready(account_area_code()).await;
    }
}

#[wasm_split(learner, wasm_split_path = leptos::wasm_split, fallible, preload(account_area_code))]
fn account_area(page: AccountArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        AccountArea::Account => view! { <AccountPage/> }.into_any(),
    })
}
