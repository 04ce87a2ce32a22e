//! Pages of conversation, and the parts of it on other pages.

mod ask;
mod board;
mod list;
mod post;
mod post_actions;
mod questions;
mod section;
mod thread;

pub use board::BoardPage;
pub use questions::QuestionsPage;
pub use section::{LessonQuestions, UnreadReplies};
pub use thread::ThreadPage;
