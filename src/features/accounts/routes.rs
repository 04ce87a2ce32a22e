//! Routes of accounts.

use super::pages::{AccountPage, ConfirmPage, ForgotPage, LoginPage, RegisterPage, ResetPage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// Sign-in, registration, one's own account.
#[component(transparent)]
pub fn AccountRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/login") view=area::shown(SignInArea::Login) ssr=SsrMode::Async/>
        <Route path=path!("/register") view=area::shown(SignInArea::Register) ssr=SsrMode::Async/>
        <Route path=path!("/password/forgot") view=area::shown(SignInArea::Forgot) ssr=SsrMode::Async/>
        <Route path=path!("/password/reset") view=area::shown(SignInArea::Reset) ssr=SsrMode::Async/>
        <Route path=path!("/account/confirm") view=area::shown(AccountArea::Confirm) ssr=SsrMode::Async/>
        <Route path=path!("/account") view=area::shown(AccountArea::Account) ssr=SsrMode::Async/>
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
    /// `/password/forgot`.
    Forgot,
    /// `/password/reset`.
    Reset,
}

area::chooses!(SignInArea, sign_in_area, sign_in_area_code);

#[wasm_split(visitor, wasm_split_path = leptos::wasm_split, fallible, preload(sign_in_area_code))]
pub(crate) fn sign_in_area(page: SignInArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        SignInArea::Login => view! { <LoginPage/> }.into_any(),
        SignInArea::Register => view! { <RegisterPage/> }.into_any(),
        SignInArea::Forgot => view! { <ForgotPage/> }.into_any(),
        SignInArea::Reset => view! { <ResetPage/> }.into_any(),
    })
}

/// Pages whose code is in the file `learner` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum AccountArea {
    /// `/account`.
    Account,
    /// `/account/confirm`.
    Confirm,
}

area::chooses!(AccountArea, account_area, account_area_code);

#[wasm_split(learner, wasm_split_path = leptos::wasm_split, fallible, preload(account_area_code))]
fn account_area(page: AccountArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        AccountArea::Account => view! { <AccountPage/> }.into_any(),
        AccountArea::Confirm => view! { <ConfirmPage/> }.into_any(),
    })
}
