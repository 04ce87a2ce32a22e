//! The part of the policy about one's own notes. Whose they are is in every query; nobody else's can be asked for.

use super::{Action, Actor, CourseFacts, Refusal, read_course};

/// Write notes in a course's lessons: whoever may read them.
#[derive(Debug)]
pub struct KeepNotes(pub CourseFacts);

impl Action for KeepNotes {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        actor.signed_in()?;
        read_course(actor, &self.0)
    }
}

/// Read and delete one's own notes in a course, also when access to its lessons is closed.
#[derive(Debug)]
pub struct ReadOwnNotes(pub CourseFacts);

impl Action for ReadOwnNotes {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        match KeepNotes(self.0.clone()).decide(actor) {
            Err(Refusal::Closed(_)) => Ok(()),
            decision => decision,
        }
    }
}
