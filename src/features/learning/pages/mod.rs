//! Pages of learning.

mod course_state;
mod curated;
mod home;
mod lesson;
mod lesson_tasks;
mod outline;
mod outline_list;
mod read_ahead;
mod toc;
mod video;
mod waits;
mod watching;

pub use curated::LearnersPage;
pub use home::HomePage;
pub use lesson::LessonPage;
pub use outline::OutlinePage;
pub use waits::waits_text;
