//! Each construct of the formats.

use super::*;
use crate::features::quizzes::content::{Fault, GapPart};
