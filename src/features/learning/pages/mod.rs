//! Pages of learning.

mod home;
mod lesson;
mod lesson_tasks;
mod outline;
mod outline_list;
mod toc;

pub use home::HomePage;
pub use lesson::LessonPage;
pub use outline::OutlinePage;
