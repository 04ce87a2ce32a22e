//! What crosses the wire about orders, discounts and settings for administrators.

use super::OrderPage;
use crate::features::legal::model::SchoolFacts;
use crate::features::payments::rules::OrderState;
use crate::shared::money::Money;
use crate::shared::page::Page;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `/admin/orders`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderList {
    /// The newest first.
    pub page: Page<OrderRowLine>,
    /// How many there are.
    pub total: i64,
    /// What was paid for them, by currency.
    pub paid: Vec<Money>,
    /// What of it went back.
    pub refunded: Vec<Money>,
    /// Paid and not open for over a minute. It is 0.
    pub stuck: i64,
    /// What a person has to look at.
    pub tasks: Vec<TaskLine>,
}

/// An order in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRowLine {
    /// `orders.id`.
    pub id: Uuid,
    /// What people call it.
    pub number: i64,
    /// Who bought.
    pub buyer: String,
    /// Their address.
    pub email: String,
    /// Courses.
    pub courses: String,
    /// What it comes to.
    pub total: Money,
    /// How it stands.
    pub state: OrderState,
    /// When it was made.
    pub created: LocalTime,
}

/// What a person has to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskLine {
    /// `payment_tasks.id`.
    pub id: Uuid,
    /// Which trouble.
    pub kind: String,
    /// Whose.
    pub provider: String,
    /// The order, if it is known: id and number.
    pub order: Option<(Uuid, i64)>,
    /// What the trouble is about.
    pub about: String,
    /// In words.
    pub note: String,
    /// Since when.
    pub at: LocalTime,
}

/// `/admin/orders/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminOrder {
    /// As the buyer sees it.
    pub order: OrderPage,
    /// `users.id` of the buyer.
    pub buyer_id: Uuid,
    /// Their name.
    pub buyer: String,
    /// The legal texts that were accepted: kind and version.
    pub consents: Vec<(String, i32)>,
    /// What happened, the oldest first.
    pub story: Vec<StoryLine>,
    /// What providers brought.
    pub callbacks: Vec<CallbackLine>,
    /// What a person has to look at.
    pub tasks: Vec<TaskLine>,
}

/// A line of an order's story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryLine {
    /// When.
    pub at: LocalTime,
    /// What.
    pub kind: String,
    /// The state before.
    pub before: Option<String>,
    /// The state after.
    pub after: Option<String>,
    /// In words.
    pub note: String,
    /// Who, if not the program.
    pub actor: Option<String>,
}

/// Something that a provider brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackLine {
    /// When it came first.
    pub at: LocalTime,
    /// Whose.
    pub provider: String,
    /// In the provider's words.
    pub event: String,
    /// How often it came.
    pub times: i32,
    /// Whether the provider was asked because of it.
    pub is_handled: bool,
}

/// `/admin/settings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsPage {
    /// The school's facts.
    pub facts: SchoolFacts,
    /// Its taxes, the latest first.
    pub taxes: Vec<TaxLine>,
    /// Courses with a rate of their own, or without.
    pub courses: Vec<CourseTax>,
    /// Words of the rates.
    pub rates: Vec<String>,
    /// Words of the tax systems.
    pub systems: Vec<String>,
}

/// The school's taxes from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxLine {
    /// The rate's word.
    pub vat: String,
    /// The tax system's word.
    pub tax_system: Option<String>,
    /// Whether providers are asked for receipts.
    pub with_receipts: bool,
    /// From then on; without it is the environment's.
    pub from: Option<LocalTime>,
    /// Whether it holds now.
    pub holds: bool,
}

/// A course's own rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseTax {
    /// `courses.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// The rate's word; without it the school's holds.
    pub vat: Option<String>,
}

/// `/admin/discounts`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscountList {
    /// The newest first.
    pub lines: Vec<DiscountLine>,
    /// Courses that codes can be for: id and name.
    pub courses: Vec<(Uuid, String)>,
}

/// A code that lowers prices. It takes off a percentage or a sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscountLine {
    /// `discount_codes.id`.
    pub id: Uuid,
    /// What buyers type.
    pub code: String,
    /// Of a hundred.
    pub percent: Option<i32>,
    /// So much.
    pub sum: Option<Money>,
    /// The first day.
    pub begins: Option<LocalTime>,
    /// The last day.
    pub ends: Option<LocalTime>,
    /// How often it may be used.
    pub uses_max: Option<i32>,
    /// How often it was.
    pub uses: i64,
    /// Whether it is switched on.
    pub is_active: bool,
    /// Whether it can be used now.
    pub holds: bool,
    /// Names of its courses; none for all.
    pub courses: Vec<String>,
}
