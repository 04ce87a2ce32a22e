//! `/courses/{slug}/buy`: the tariffs side by side, who buys, the legal texts.

use super::ProviderChoice;
use crate::features::accounts::pages::Consent;
use crate::features::catalogue::pages::offer_lines;
use crate::features::payments::api::get_checkout;
use crate::features::payments::model::Checkout;
use crate::shared::error::FieldProblem;
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::i18n::{account, invoice, orders as texts};
use crate::shared::viewer::{use_form, use_viewer};
use crate::ui::{Alert, Field, FieldError, FormAlert, Glyph, Icon, Loaded, Ticks, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

const CODE: &str = "discount_code";

/// Buying a course.
#[component]
pub fn BuyPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    // A code that was sent stands for one of the address, such as a letter's link.
    let sent = StoredValue::new(use_form("buy").value("discount_code"));
    let asked = move || {
        let query = query.read();
        let offer = query.get("offer").and_then(|id| Uuid::try_parse(&id).ok());
        let code = sent.get_value().or_else(|| query.get("code")).unwrap_or_default();
        (params.read().get("slug").unwrap_or_default(), offer, code)
    };
    let checkout =
        Resource::new_blocking(
            asked,
            |(slug, offer, code)| async move { get_checkout(slug, offer, code.clone()).await.map(|checkout| (code, checkout)) },
        );
    view! { <Loaded resource=checkout page=|(code, checkout)| view! { <Buying code checkout/> }.into_any()/> }
}

#[component]
fn Buying(code: String, checkout: Checkout) -> impl IntoView {
    let viewer = use_viewer();
    let locale = viewer.locale;
    let mut form = use_form("buy");
    if let Some(problem) = checkout.code_problem.filter(|_| form.problem(CODE).is_none()) {
        form.problems.push(FieldProblem::new(CODE, problem));
    }
    // The same form sent again, with a mistake put right, is the same order.
    let key = form.value("key").filter(|key| key.len() == 64).unwrap_or(checkout.key);
    let chosen = form.value("offer_id").unwrap_or_else(|| checkout.chosen.to_string());
    let hours = i64::from(checkout.review_hours);
    let page = href::buy(&checkout.slug);
    view! {
        <Title text=texts::buy_title(locale)/>
        <main id="main" class="page" tabindex="-1">
            <nav class="crumbs" aria-label=texts::where_you_are(locale)>
                <a href=href::course(&checkout.slug)>{checkout.title.clone()}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{texts::buy_title(locale)}</span>
            </nav>
            <div class="checkout">
                <h1>{texts::buy_course(locale, checkout.title)}</h1>
                {checkout.is_open.then(|| view! { <Alert tone=Tone::Warn title=texts::open_already(locale)/> })}
                <FormAlert form=form.clone()/>
                <form class="form" method="post" action=page.clone() novalidate>
                    <input type="hidden" name="key" value=key/>
                    // What the key Enter presses: to the payment, not to the code's button.
                    <button class="unseen" tabindex="-1" aria-hidden="true"></button>
                    <fieldset class="field">
                        <legend class="label">{texts::offer(locale)}</legend>
                        <div class="offers">
                            {checkout
                                .offers
                                .into_iter()
                                .map(|offer| {
                                    let id = offer.info.id.to_string();
                                    let is_chosen = id == chosen;
                                    let off = (offer.off.minor > 0)
                                        .then(|| {
                                            let code = checkout.code.clone().unwrap_or_default();
                                            let (price, off) = (offer.info.price.format(locale), offer.off.format(locale));
                                            texts::with_code(locale, price, code, off)
                                        });
                                    view! {
                                        <div class="panel-box offer-choice">
                                            <label class="choice">
                                                <input type="radio" name="offer_id" value=id checked=is_chosen/>
                                                <strong>{offer.info.name.clone()} ", " <span class="num">{offer.total.format(locale)}</span></strong>
                                            </label>
                                            {off.map(|text| view! { <p class="small">{text}</p> })}
                                            <Ticks lines=offer_lines(locale, &offer.info, hours)/>
                                        </div>
                                    }
                                })
                                .collect_view()}
                        </div>
                        <FieldError form=form.clone() name="offer_id"/>
                    </fieldset>
                    {viewer
                        .person
                        .is_none()
                        .then(|| {
                            view! {
                                <Field
                                    form=form.clone()
                                    name="email"
                                    label=account::email(locale)
                                    kind="email"
                                    autocomplete="email"
                                    hint=texts::email_hint(locale)
                                    required=true
                                />
                                <p class="small muted">
                                    {texts::have_account(locale)} " " <a href=href::login(&page)>{account::sign_in(locale)}</a>
                                </p>
                            }
                        })}
                    <div class="stack tight">
                        <Field form=form.clone() name=CODE label=texts::discount_code(locale) value=code/>
                        <div>
                            <button class="button quiet compact" name="apply" value="yes">
                                {texts::apply_code(locale)}
                            </button>
                        </div>
                    </div>
                    <ProviderChoice form=form.clone() providers=checkout.providers/>
                    <Consent form=form.clone()/>
                    <button class="button wide">{texts::to_payment(locale)}</button>
                    {checkout.by_invoice.then(|| view! { <ByInvoice form/> })}
                    <p class="small muted">
                        {texts::card_elsewhere(locale)} " " <a href="/legal/refunds">{texts::how_refunds_work(locale)}</a>
                    </p>
                </form>
            </div>
        </main>
    }
}

/// For an organisation: who it is, and a button of its own.
#[component]
fn ByInvoice(form: FormState) -> impl IntoView {
    let locale = use_viewer().locale;
    let is_open = form.value("invoice").is_some();
    view! {
        <div class="folds">
            <details open=is_open>
                <summary>{invoice::fold(locale)} <span></span> <Icon glyph=Glyph::ChevronDown/></summary>
                <div class="inside stack">
                    <p>{invoice::fold_text(locale)}</p>
                    <Field form=form.clone() name="company_name" label=invoice::company_name(locale) autocomplete="organization"/>
                    <Field form=form.clone() name="company_inn" label=invoice::company_inn(locale)/>
                    <Field form name="company_kpp" label=invoice::company_kpp(locale) hint=invoice::company_kpp_hint(locale)/>
                    <div>
                        <button class="button quiet" name="invoice" value="yes">
                            {invoice::get(locale)}
                        </button>
                    </div>
                </div>
            </details>
        </div>
    }
}
