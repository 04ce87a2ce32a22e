//! What the school writes: one variant a letter, with everything that its text needs, so that none can miss a value.

use serde::{Deserialize, Serialize};

/// A button under a letter's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Absolute address.
    pub url: String,
    /// Its words, in the reader's language.
    pub label: String,
}

/// A letter. Its name and fields are what `letters` keeps: a change of them needs the old form to be readable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "template", rename_all = "snake_case")]
pub enum Letter {
    /// Asks whether the address is right.
    ConfirmAddress {
        /// Whom it greets.
        name: String,
        /// Secret: confirms the address. Empty once erased.
        link: String,
    },
    /// Lets a person choose a new password.
    ResetPassword {
        /// Whom it greets.
        name: String,
        /// Secret: leads to the new password. Empty once erased.
        link: String,
    },
    /// Lets a person who bought with just an address choose a first password.
    FirstPassword {
        /// Whom it greets.
        name: String,
        /// Secret: leads to the new password. Empty once erased.
        link: String,
    },
    /// The password was changed: by its owner, one hopes.
    PasswordChanged {
        /// Whom it greets.
        name: String,
        /// Where to ask for another password.
        link: String,
    },
    /// Somebody tried to register this address again.
    AddressAlreadyRegistered {
        /// Whom it greets.
        name: String,
        /// Where to sign in.
        link: String,
    },
    /// Any notification, in words of its own.
    Notification {
        /// Whom it greets.
        name: String,
        /// The subject and heading.
        title: String,
        /// Paragraphs of plain text.
        lines: Vec<String>,
        /// Where it leads.
        link: Option<Link>,
    },
}

impl Letter {
    /// The template's name, as in the database and in addresses.
    pub const fn template(&self) -> &'static str {
        match self {
            Self::ConfirmAddress { .. } => "confirm_address",
            Self::ResetPassword { .. } => "reset_password",
            Self::FirstPassword { .. } => "first_password",
            Self::PasswordChanged { .. } => "password_changed",
            Self::AddressAlreadyRegistered { .. } => "address_already_registered",
            Self::Notification { .. } => "notification",
        }
    }

    /// Whether it holds a link that does something by itself.
    pub fn has_secret(&self) -> bool {
        matches!(self, Self::ConfirmAddress { link, .. } | Self::ResetPassword { link, .. } | Self::FirstPassword { link, .. } if !link.is_empty())
    }

    /// The same with its secret erased.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        if let Self::ConfirmAddress { link, .. } | Self::ResetPassword { link, .. } | Self::FirstPassword { link, .. } = &mut self {
            link.clear();
        }
        self
    }

    /// Whether its secret was erased: it can't be sent any more.
    pub fn is_erased(&self) -> bool {
        matches!(self, Self::ConfirmAddress { link, .. } | Self::ResetPassword { link, .. } | Self::FirstPassword { link, .. } if link.is_empty())
    }

    /// One of each, for previews.
    pub fn examples(base_url: &str, name: &str, title: &str, line: &str, label: &str) -> Vec<Self> {
        let (name, address) = (name.to_owned(), |path: &str| format!("{base_url}{path}"));
        vec![
            Self::ConfirmAddress { name: name.clone(), link: address("/account/confirm?token=example") },
            Self::ResetPassword { name: name.clone(), link: address("/password/reset?token=example") },
            Self::FirstPassword { name: name.clone(), link: address("/password/reset?token=example") },
            Self::PasswordChanged { name: name.clone(), link: address("/password/forgot") },
            Self::AddressAlreadyRegistered { name: name.clone(), link: address("/login") },
            Self::Notification {
                name,
                title: title.to_owned(),
                lines: vec![line.to_owned()],
                link: Some(Link { url: address("/learn"), label: label.to_owned() }),
            },
        ]
    }
}
