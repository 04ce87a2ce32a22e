//! What crosses the wire about orders and payments.

mod administration;

pub use administration::{
    AdminOrder, CallbackLine, CourseTax, DiscountLine, DiscountList, OrderList, OrderRowLine, SettingsPage, StoryLine, TaskLine, TaxLine,
};

use super::rules::{OrderState, PaymentState, RefundState};
use crate::features::catalogue::model::OfferInfo;
use crate::shared::error::Problem;
use crate::shared::money::Money;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The page of buying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// `courses.slug`.
    pub slug: String,
    /// Name.
    pub title: String,
    /// Hours within which works are reviewed.
    pub review_hours: i32,
    /// The offer that is chosen at first.
    pub chosen: Uuid,
    /// All offers.
    pub offers: Vec<OfferOnSale>,
    /// The code of a discount that is taken off.
    pub code: Option<String>,
    /// Why nothing is.
    pub code_problem: Option<Problem>,
    /// Whether an organisation can pay by invoice.
    pub by_invoice: bool,
    /// Who takes money.
    pub providers: Vec<String>,
    /// One form makes one order.
    pub key: String,
    /// Whether the reader learns in the course already.
    pub is_open: bool,
}

/// An offer with what a discount takes off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferOnSale {
    /// What it holds, and what it costs without.
    pub info: OfferInfo,
    /// What is taken off.
    pub off: Money,
    /// What is left to pay.
    pub total: Money,
}

/// `/orders/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPage {
    /// `orders.id`.
    pub id: Uuid,
    /// What people call it.
    pub number: i64,
    /// How it stands.
    pub state: OrderState,
    /// What it comes to.
    pub total: Money,
    /// What a discount took off of it.
    pub off: Money,
    /// The number of its invoice.
    pub invoice: Option<i64>,
    /// When it was made.
    pub created: LocalTime,
    /// When it was paid.
    pub paid: Option<LocalTime>,
    /// The buyer's address.
    pub email: String,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// Tries to pay, the oldest first.
    pub payments: Vec<PaymentLine>,
    /// What went back.
    pub refunds: Vec<RefundLine>,
    /// The page of the open payment.
    pub redirect_url: Option<String>,
    /// Whether a payment is under way.
    pub waits: bool,
    /// Whether the page looks again by itself.
    pub refreshes: bool,
    /// With whom one may try again; empty when nothing is to be paid.
    pub providers: Vec<String>,
    /// Whether the reader is the buyer, signed in.
    pub is_own: bool,
    /// Whether the account was made with this order.
    pub is_first: bool,
}

/// A course of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// `courses.slug`.
    pub course_slug: String,
    /// Name.
    pub course_title: String,
    /// The offer's name.
    pub offer_name: String,
    /// What it costs, with the discount; a bundle's courses have parts of its price.
    pub price: Money,
    /// Whether access is open now.
    pub is_open: bool,
    /// When access ends; never without.
    pub expires: Option<LocalTime>,
}

/// A try to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentLine {
    /// `payments.id`.
    pub id: Uuid,
    /// Who takes the money.
    pub provider: String,
    /// How it stands.
    pub state: PaymentState,
    /// How much.
    pub amount: Money,
    /// What may still be given back.
    pub refundable: Money,
    /// When it began.
    pub at: LocalTime,
    /// The fiscal receipt: `pending`, `done`, `failed`, if the provider tells.
    pub receipt: Option<String>,
    /// What the provider said last, or why it was entered by hand.
    pub reason: String,
}

/// Money that goes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundLine {
    /// How much.
    pub amount: Money,
    /// How it stands.
    pub state: RefundState,
    /// When it was asked for.
    pub at: LocalTime,
    /// Why.
    pub reason: String,
}

/// The sandbox's page of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxPage {
    /// Its own id.
    pub id: String,
    /// What is paid.
    pub amount: Money,
    /// For what.
    pub description: String,
    /// Whether it can still be paid.
    pub is_open: bool,
    /// Back to the shop.
    pub return_url: String,
}
