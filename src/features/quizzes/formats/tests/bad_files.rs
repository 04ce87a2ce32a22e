//! Files that are wrong, or want to be too much.

use super::*;
