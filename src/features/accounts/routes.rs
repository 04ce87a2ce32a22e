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
        <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
        <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async/>
        <Route path=path!("/account") view=AccountArea::Account ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// A page whose code is a file of its own (docs/decisions/0006).
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
        area::ready("account_area", account_area_code()).await;
    }
}

#[wasm_split(account_area, wasm_split_path = leptos::wasm_split, fallible, preload(account_area_code))]
fn account_area(page: AccountArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        AccountArea::Account => view! { <AccountPage/> }.into_any(),
    })
}
