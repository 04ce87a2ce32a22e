//! Pages of accounts.

mod account;
mod confirm;
mod consent;
mod forgot;
mod login;
mod register;
mod reset;

pub use account::AccountPage;
pub use confirm::ConfirmPage;
pub use consent::Consent;
pub use forgot::ForgotPage;
pub use login::LoginPage;
pub use register::RegisterPage;
pub use reset::ResetPage;
