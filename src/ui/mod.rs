//! Components without knowledge of the school. `style/components/` has a file for each.

mod alert;
mod area_field;
mod avatar;
mod bars;
mod empty;
mod field;
mod icon;
mod loaded;
mod markdown;
mod meter;
mod next_page;
mod prefs;
mod raw_text;
mod reading;
mod text_area;
mod ticks;
mod time;

pub use alert::{Alert, FormAlert, Tone};
pub use area_field::AreaField;
pub use avatar::Avatar;
pub use bars::{Bar, Bars};
pub use empty::Empty;
pub use field::{Field, FieldError, problem_text};
pub use icon::{Glyph, Icon};
pub use loaded::Loaded;
pub use markdown::{MarkdownLine, MarkdownView};
pub use meter::{Meter, Ring};
pub use next_page::NextPage;
pub use prefs::Preferences;
pub use raw_text::raw_text;
pub use reading::{READING, ReadingView};
pub use text_area::TextArea;
pub use ticks::Ticks;
pub use time::{Moment, wait_text};
