//! The part of the policy about discussions and announcements.

use super::{Action, Actor, CourseFacts, Refusal, ReviewInCourse, actor_or_system, is_course_staff, read_course};
use uuid::Uuid;

/// Read a discussion: whoever may read the course; a private one only its author and staff of the course.
#[derive(Debug)]
pub struct ReadThread {
    /// The course it belongs to.
    pub course: CourseFacts,
    /// `talk_threads.author_id`.
    pub author_id: Uuid,
    /// `talk_threads.is_private`.
    pub is_private: bool,
}

impl Action for ReadThread {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        actor_or_system(actor)?;
        if self.is_private && actor.id() != Some(self.author_id) && !is_course_staff(actor, &self.course) {
            return Err(Refusal::Hidden);
        }
        read_course(actor, &self.course)
    }
}

/// Ask and reply in a course's discussions: its learners while they have access, and its staff.
#[derive(Debug)]
pub struct WriteInCourse(pub CourseFacts);

impl Action for WriteInCourse {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        actor.signed_in()?;
        read_course(actor, &self.0)
    }
}

/// Hide and show posts, mark answers, close discussions. Asked after [`ReadThread`], so the thread's existence is known.
#[derive(Debug)]
pub struct ModerateTalk(pub CourseFacts);

impl Action for ModerateTalk {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        actor.signed_in()?;
        if is_course_staff(actor, &self.0) { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

/// Change or withdraw a post: its author. Asked after [`WriteInCourse`].
#[derive(Debug)]
pub struct ChangeOwnPost {
    /// `talk_posts.author_id`.
    pub author_id: Uuid,
}

impl Action for ChangeOwnPost {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        if actor.signed_in()? == self.author_id { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

/// Publish and withdraw announcements in a course, and see who read them.
#[derive(Debug)]
pub struct AnnounceInCourse {
    /// The actor is a curator of the course.
    pub is_curator: bool,
}

impl Action for AnnounceInCourse {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        ReviewInCourse { is_curator: self.is_curator }.decide(actor)
    }
}

/// Read an announcement: whom it reached, while it stands; and staff of the course.
#[derive(Debug)]
pub struct ReadAnnouncement {
    /// It reached the actor.
    pub is_recipient: bool,
    /// It was taken back.
    pub is_withdrawn: bool,
    /// The actor is a curator of the course.
    pub is_curator: bool,
}

impl Action for ReadAnnouncement {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        actor_or_system(actor)?;
        let is_staff = actor.is_admin() || (self.is_curator && actor.is_staff());
        if is_staff || (self.is_recipient && !self.is_withdrawn) { Ok(()) } else { Err(Refusal::Hidden) }
    }
}
