//! The access policy, whole: may this person do this to that, and if not, why. Pages, server functions and file routes
//! ask here and nowhere else; menus too. Lessons have their part in `authz/lessons.rs`, discussions and announcements in
//! `authz/talk.rs`.

mod lessons;
mod notes;
mod talk;

pub use lessons::{LearnLesson, LessonFacts, ReadLesson};
pub use notes::{KeepNotes, ReadOwnNotes};
pub use talk::{AnnounceInCourse, ChangeOwnPost, ModerateTalk, ReadAnnouncement, ReadThread, WriteInCourse};

use crate::shared::error::ClosedReason;
use crate::shared::href;
use crate::shared::role::Role;
use crate::shared::time::LocalTime;
use uuid::Uuid;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody is signed in.
    Visitor,
    /// A signed-in person with an active account.
    Person {
        /// `users.id`.
        id: Uuid,
        /// `users.role`.
        role: Role,
    },
    /// The program itself: command line and worker.
    System,
}

impl Actor {
    /// The person's id.
    pub const fn id(&self) -> Option<Uuid> {
        match self {
            Self::Person { id, .. } => Some(*id),
            Self::Visitor | Self::System => None,
        }
    }

    /// The person's id, or the refusal to sign in.
    pub fn signed_in(&self) -> Result<Uuid, Refusal> {
        self.id().ok_or(Refusal::SignIn)
    }

    const fn is_admin(&self) -> bool {
        matches!(self, Self::Person { role: Role::Admin, .. } | Self::System)
    }

    const fn is_staff(&self) -> bool {
        match self {
            Self::Person { role, .. } => role.is_staff(),
            Self::System => true,
            Self::Visitor => false,
        }
    }
}

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Sign in first (401).
    SignIn,
    /// Not for this role (403).
    Forbidden,
    /// Closed for now, with the reason (403).
    Closed(ClosedReason),
    /// This person may not know that it exists (404).
    Hidden,
    /// There is another page for this person (303).
    Elsewhere(String),
}

/// What the policy wants to know about a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseFacts {
    /// `courses.slug`.
    pub slug: String,
    /// `courses.status` is `published`.
    pub is_published: bool,
    /// `courses.status` is `archived`.
    pub is_archived: bool,
    /// The actor is one of its curators.
    pub is_curator: bool,
    /// The actor's enrolment, the running one before an ended one.
    pub enrollment: Option<EnrollmentFacts>,
}

/// What the policy wants to know about an enrolment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnrollmentFacts {
    /// Within its term.
    Running,
    /// Paused by staff.
    Paused,
    /// Begins later.
    Begins(LocalTime),
    /// Ended or revoked.
    Ended(LocalTime),
}

/// An action of the policy. Its type is the proof's type: [`Permit<A>`].
pub trait Action {
    /// The whole decision about this action.
    fn decide(&self, actor: &Actor) -> Result<(), Refusal>;
}

/// Proof that the policy allowed an action. Only [`permit`] makes one.
#[derive(Debug)]
pub struct Permit<A>(A);

impl<A> Permit<A> {
    /// What was allowed.
    pub const fn action(&self) -> &A {
        &self.0
    }
}

/// Asks the policy.
pub fn permit<A: Action>(actor: &Actor, action: A) -> Result<Permit<A>, Refusal> {
    action.decide(actor).map(|()| Permit(action))
}

/// See a course's sales page and its free lessons.
#[derive(Debug)]
pub struct SeeCourse(pub CourseFacts);

impl Action for SeeCourse {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        let Self(course) = self;
        let known = course.is_published || actor.is_admin() || curates(actor, course) || (course.is_archived && course.enrollment.is_some());
        if known { Ok(()) } else { Err(Refusal::Hidden) }
    }
}

/// Read a course's outline and lessons. Staff of the course may look without being enrolled.
#[derive(Debug)]
pub struct ReadCourse(pub CourseFacts);

impl Action for ReadCourse {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        read_course(actor, &self.0)
    }
}

fn read_course(actor: &Actor, course: &CourseFacts) -> Result<(), Refusal> {
    actor_or_system(actor)?;
    if is_course_staff(actor, course) { Ok(()) } else { enrolled(course) }
}

/// Do something in a course that leaves progress: complete a lesson, take a test.
#[derive(Debug)]
pub struct LearnInCourse(pub CourseFacts);

impl Action for LearnInCourse {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        actor.signed_in()?;
        enrolled(&self.0)
    }
}

/// Staff of this course: its curators and administrators.
pub const fn is_course_staff(actor: &Actor, course: &CourseFacts) -> bool {
    actor.is_admin() || curates(actor, course)
}

/// A curator of this course, who is still one: the assignment outlives a change of role.
const fn curates(actor: &Actor, course: &CourseFacts) -> bool {
    course.is_curator && actor.is_staff()
}

/// The one rule of enrolment: what is open, why it is closed, and where to go without one.
fn enrolled(course: &CourseFacts) -> Result<(), Refusal> {
    // A draft does not exist for learners, not even for those who were enrolled before it was taken back.
    if !course.is_published && !course.is_archived {
        return Err(Refusal::Hidden);
    }
    match course.enrollment {
        Some(EnrollmentFacts::Running) => Ok(()),
        Some(EnrollmentFacts::Paused) => Err(Refusal::Closed(ClosedReason::Paused)),
        Some(EnrollmentFacts::Begins(at)) => Err(Refusal::Closed(ClosedReason::AccessBegins(at))),
        Some(EnrollmentFacts::Ended(at)) => Err(Refusal::Closed(ClosedReason::AccessEnded(at))),
        None if course.is_published => Err(Refusal::Elsewhere(href::course(&course.slug))),
        None => Err(Refusal::Hidden),
    }
}

/// See or change an attempt as its learner.
#[derive(Debug)]
pub struct UseOwnAttempt {
    /// `test_attempts.user_id`.
    pub owner_id: Uuid,
}

impl Action for UseOwnAttempt {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        if actor.signed_in()? == self.owner_id { Ok(()) } else { Err(Refusal::Hidden) }
    }
}

/// See the queue of what waits for review; which rows is the query's matter.
#[derive(Debug)]
pub struct SeeReviewQueue;

impl Action for SeeReviewQueue {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        actor_or_system(actor)?;
        if actor.is_staff() { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

/// See and score the open answers of an attempt in a course.
#[derive(Debug)]
pub struct ReviewInCourse {
    /// The actor is a curator of the course.
    pub is_curator: bool,
}

impl Action for ReviewInCourse {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        SeeReviewQueue.decide(actor)?;
        if actor.is_admin() || self.is_curator { Ok(()) } else { Err(Refusal::Hidden) }
    }
}

/// See and score the open answers of one learner's attempt, change a score, take the attempt back: never of one's own.
#[derive(Debug)]
pub struct ReviewAttempt {
    /// The actor is a curator of the course.
    pub is_curator: bool,
    /// `test_attempts.user_id`.
    pub learner_id: Uuid,
}

impl Action for ReviewAttempt {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        ReviewInCourse { is_curator: self.is_curator }.decide(actor)?;
        if actor.id() == Some(self.learner_id) { Err(Refusal::Forbidden) } else { Ok(()) }
    }
}

/// See and change one's own account, and what is one's own on `/learn`.
#[derive(Debug)]
pub struct UseOwnAccount;

impl Action for UseOwnAccount {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        actor.signed_in().map(|_| ())
    }
}

/// See the school's figures, find people, enrol them, change roles, disable accounts.
#[derive(Debug)]
pub struct Administer;

impl Action for Administer {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        actor_or_system(actor)?;
        if actor.is_admin() { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

/// See an order and pay it: as its buyer, with its secret link, or as an administrator.
#[derive(Debug)]
pub struct SeeOrder {
    /// `orders.buyer_id`.
    pub buyer_id: Uuid,
    /// The browser has the order's link.
    pub has_link: bool,
}

impl Action for SeeOrder {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        if self.has_link || actor.is_admin() || actor.id() == Some(self.buyer_id) { Ok(()) } else { Err(Refusal::Hidden) }
    }
}

/// Download a file: one's own, or any as staff.
#[derive(Debug)]
pub struct ReadFile {
    /// `files.owner_id`.
    pub owner_id: Uuid,
}

impl Action for ReadFile {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        if actor.is_staff() || actor.id() == Some(self.owner_id) { Ok(()) } else { Err(Refusal::Hidden) }
    }
}

fn actor_or_system(actor: &Actor) -> Result<(), Refusal> {
    if *actor == Actor::Visitor { Err(Refusal::SignIn) } else { Ok(()) }
}
