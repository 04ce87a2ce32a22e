//! Roles of people, as in `users.role`.

use serde::{Deserialize, Serialize};

/// What a person may be in the school. An administrator can do all that a curator can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Learns.
    Student,
    /// Reviews works in the courses that they are assigned to.
    Curator,
    /// Runs the school.
    Admin,
}

impl Role {
    /// All roles, weakest first.
    pub const ALL: [Self; 3] = [Self::Student, Self::Curator, Self::Admin];

    /// The value in `users.role`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Curator => "curator",
            Self::Admin => "admin",
        }
    }

    /// The role of a code; `None` for anything else.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Curator or administrator.
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::Curator | Self::Admin)
    }
}
