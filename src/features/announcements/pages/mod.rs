//! Pages of announcements, and their list on the learning home.

mod announcement;
mod mine;
mod sent;

pub use announcement::AnnouncementPage;
pub use mine::MyAnnouncements;
pub use sent::SentPage;
