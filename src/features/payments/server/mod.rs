//! The office and store-room of payments.

mod admin_queries;
pub mod administration;
pub mod callbacks;
pub mod checkout;
mod completing;
mod discount_queries;
pub mod discounts;
mod expiring;
mod granting;
mod history;
mod history_queries;
pub mod http;
pub mod links;
pub mod opening;
pub mod orders;
mod payment_queries;
pub mod providers;
mod queries;
mod receipts;
pub mod reconciling;
mod refund_queries;
pub mod refunds;
pub mod registry;
pub mod sandbox;
mod sandbox_queries;
pub mod settling;
