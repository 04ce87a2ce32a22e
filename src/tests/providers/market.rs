//! A school with real adapters, each against its strict server; what payers do there, and what the providers then bring to our door.

use super::cloudpayments_shop::{CloudpaymentsShop, minor};
use super::fake::{Fake, Mood};
use super::sberbank_shop::SberbankShop;
use super::stripe_shop::StripeShop;
use super::yookassa_shop::YookassaShop;
use crate::support::database::{count, one};
use crate::support::{Answer, TestApp, school};
use axum::http::Method;
use serde_json::Value;
use sqlx::PgPool;

/// The providers by the names that the market knows them with: `sberbank` is the old gateway, with checksums.
pub const ALL: [&str; 6] = ["yookassa", "sberbank", "sberbank-new", "cloudpayments", "stripe", "sandbox"];

/// A provider's own side.
pub enum Till {
    Yookassa(Fake<YookassaShop>),
    Sberbank(Fake<SberbankShop>),
    Cloudpayments(Fake<CloudpaymentsShop>),
    Stripe(Fake<StripeShop>),
    /// In the same database.
    Sandbox,
}

/// The application and the provider it sells through.
pub struct Market {
    pub app: TestApp,
    pub till: Till,
}

/// What a provider has of a payment: how many objects with our number, what was taken, what went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawer {
    pub objects: usize,
    pub paid: i64,
    pub back: i64,
}

/// What a provider may bring.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Call {
    /// Brings it to our door, from nowhere, as a provider's server does.
    pub async fn send(&self, app: &TestApp) -> Answer {
        self.send_from(app, [203, 0, 113, 9]).await
    }

    /// Brings it from an address.
    pub async fn send_from(&self, app: &TestApp, address: [u8; 4]) -> Answer {
        let mut provider = app.visitor().with_header("sec-fetch-site", "").at(address);
        for (name, value) in &self.headers {
            provider = provider.with_header(name, value);
        }
        provider.send(self.method.clone(), &self.path, None, crate::support::client::sized(self.body.clone())).await
    }
}

fn settings(till: &Till, name: &str) -> Vec<(&'static str, String)> {
    let text = |text: &str| text.to_owned();
    match till {
        Till::Yookassa(fake) => vec![
            ("YOOKASSA_SHOP_ID", text("100500")),
            ("YOOKASSA_SECRET_KEY", text("test_fixture_secret")),
            ("YOOKASSA_API_URL", format!("{}/v3", fake.url)),
        ],
        Till::Sberbank(fake) => {
            let mut settings = vec![
                ("SBERBANK_USER_NAME", text("school-api")),
                ("SBERBANK_PASSWORD", text("fixture-password")),
                ("SBERBANK_API_URL", format!("{}/rest", fake.url)),
            ];
            if name == "sberbank" {
                settings.extend([("SBERBANK_GATEWAY", text("rbs")), ("SBERBANK_CALLBACK_SECRET", text("fixture-callback-secret"))]);
            }
            settings
        }
        Till::Cloudpayments(fake) => vec![
            ("CLOUDPAYMENTS_PUBLIC_ID", text("test_api_fixture")),
            ("CLOUDPAYMENTS_API_SECRET", text("fixture-api-secret")),
            ("CLOUDPAYMENTS_API_URL", fake.url.clone()),
        ],
        Till::Stripe(fake) => vec![
            ("STRIPE_SECRET_KEY", text("sk_test_fixture")),
            ("STRIPE_WEBHOOK_SECRET", text("whsec_fixture_0123456789")),
            ("STRIPE_API_URL", fake.url.clone()),
        ],
        Till::Sandbox => vec![],
    }
}

impl Market {
    /// The school on this database, which may be there already, selling through one provider, with fiscal receipts.
    pub async fn open(pool: &PgPool, name: &str) -> Self {
        Self::open_with(pool, name, &[]).await
    }

    /// The same with more settings.
    pub async fn open_with(pool: &PgPool, name: &str, more: &[(&'static str, &str)]) -> Self {
        let till = match name {
            "yookassa" => Till::Yookassa(Fake::open(YookassaShop::default()).await),
            "sberbank" | "sberbank-new" => Till::Sberbank(Fake::open(SberbankShop::new(name == "sberbank")).await),
            "cloudpayments" => Till::Cloudpayments(Fake::open(CloudpaymentsShop::default()).await),
            "stripe" => Till::Stripe(Fake::open(StripeShop::default()).await),
            "sandbox" => Till::Sandbox,
            other => panic!("there is no {other}"),
        };
        let own = settings(&till, name);
        let sandbox = if name == "sandbox" { "on" } else { "off" };
        let mut all = vec![("PAYMENTS_SANDBOX", sandbox), ("PAYMENTS_VAT", "none"), ("PAYMENTS_TAX_SYSTEM", "simplified_income")];
        all.extend(own.iter().map(|(name, value)| (*name, value.as_str())));
        all.extend_from_slice(more);
        let app = school::open_with_again(pool, &all).await;
        let clock = Some(app.state.clock.clone());
        match &till {
            Till::Yookassa(fake) => fake.shop().clock = clock,
            Till::Sberbank(fake) => fake.shop().clock = clock,
            Till::Cloudpayments(fake) => fake.shop().clock = clock,
            Till::Stripe(fake) => fake.shop().clock = clock,
            Till::Sandbox => {}
        }
        Self { app, till }
    }

    /// As it stands in `payments.provider` and in addresses.
    pub const fn name(&self) -> &'static str {
        match self.till {
            Till::Yookassa(_) => "yookassa",
            Till::Sberbank(_) => "sberbank",
            Till::Cloudpayments(_) => "cloudpayments",
            Till::Stripe(_) => "stripe",
            Till::Sandbox => "sandbox",
        }
    }

    /// The provider answers its next request so; the sandbox has no line that could fail.
    pub fn be(&self, mood: Mood) {
        match &self.till {
            Till::Yookassa(fake) => fake.be(mood),
            Till::Sberbank(fake) => fake.be(mood),
            Till::Cloudpayments(fake) => fake.be(mood),
            Till::Stripe(fake) => fake.be(mood),
            Till::Sandbox => {}
        }
    }

    /// From now on the provider behaves.
    pub fn calm(&self) {
        match &self.till {
            Till::Yookassa(fake) => fake.calm(),
            Till::Sberbank(fake) => fake.calm(),
            Till::Cloudpayments(fake) => fake.calm(),
            Till::Stripe(fake) => fake.calm(),
            Till::Sandbox => {}
        }
    }

    /// What the provider has.
    pub async fn drawer(&self, number: &str) -> Drawer {
        let amount = |value: &Value| -> i64 { value["value"].as_str().map_or(0, |text| text.replace('.', "").parse().unwrap()) };
        match &self.till {
            Till::Yookassa(fake) => {
                let shop = fake.shop();
                let own: Vec<_> = shop.payments.iter().filter(|payment| payment["metadata"]["number"] == number).collect();
                let paid = own.iter().filter(|payment| payment["status"] == "succeeded").map(|payment| amount(&payment["amount"])).sum();
                Drawer { objects: own.len(), paid, back: own.iter().map(|payment| amount(&payment["refunded_amount"])).sum() }
            }
            Till::Sberbank(fake) => {
                let shop = fake.shop();
                let own: Vec<_> = shop.orders.iter().filter(|order| order.number == number).collect();
                let paid = own.iter().filter(|order| matches!(order.status, 2 | 4)).map(|order| order.amount).sum();
                Drawer { objects: own.len(), paid, back: own.iter().flat_map(|order| &order.refunds).map(|(_, minor)| minor).sum() }
            }
            Till::Cloudpayments(fake) => {
                let shop = fake.shop();
                let own = || shop.transactions.iter().filter(|found| found["InvoiceId"] == number && found["Status"] == "Completed");
                let paid = own().filter(|found| found["OriginalTransactionId"].is_null()).map(|found| minor(&found["Amount"])).sum();
                let back = own().filter(|found| !found["OriginalTransactionId"].is_null()).map(|found| minor(&found["Amount"])).sum();
                Drawer { objects: shop.orders.iter().filter(|order| order["InvoiceId"] == number).count(), paid, back }
            }
            Till::Stripe(fake) => {
                let shop = fake.shop();
                let own = || shop.intents.iter().filter(|intent| intent["metadata"]["number"] == number);
                let paid = own().filter_map(|intent| intent["amount_received"].as_i64()).sum();
                let back = own().filter_map(|intent| intent["latest_charge"]["amount_refunded"].as_i64()).sum();
                Drawer { objects: shop.sessions.iter().filter(|session| session["client_reference_id"] == number).count(), paid, back }
            }
            Till::Sandbox => {
                let (pool, own) = (&self.app.pool, format!("sandbox_payments where number = '{number}'"));
                Drawer {
                    objects: usize::try_from(count(pool, &own).await).unwrap(),
                    paid: one(pool, &format!("select coalesce(sum(amount_minor), 0)::bigint from {own} and state = 'succeeded'")).await,
                    back: one(
                        pool,
                        &format!("select coalesce(sum(amount_minor), 0)::bigint from sandbox_refunds where payment_id in (select id from {own})"),
                    )
                    .await,
                }
            }
        }
    }
}

/// The transaction that took the money of a number.
pub fn paid_transaction(shop: &CloudpaymentsShop, number: &str) -> Option<Value> {
    let is_paid = |found: &&Value| found["InvoiceId"] == number && found["Status"] == "Completed" && found["OriginalTransactionId"].is_null();
    shop.transactions.iter().find(is_paid).cloned()
}
