//! What crosses the wire about the school's calendar.

use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};

/// Until when a course would answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Name.
    pub course_title: String,
    /// Working hours that it takes to answer.
    pub hours: i32,
    /// What is handed in now is answered by then.
    pub due: LocalTime,
}

/// `/admin/settings/calendar`, everything as it is typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarPage {
    /// Whose clock the school goes by.
    pub time_zone: String,
    /// All that may be chosen.
    pub time_zones: Vec<String>,
    /// Monday first: when work begins and ends; empty for none.
    pub days: Vec<(String, String)>,
    /// Days without work, a day or a span of days in a line.
    pub holidays: String,
    /// Days of work besides the usual ones, with their hours.
    pub working_days: String,
    /// The moment of the preview.
    pub now: LocalTime,
    /// By course; of what is typed, where it can be read.
    pub previews: Vec<Preview>,
}
