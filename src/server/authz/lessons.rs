//! The part of the policy about single lessons. When a lesson is open is the matter of `learning/rules/sequence.rs`; here its answer
//! meets the person who asks.

use super::{Action, Actor, CourseFacts, Refusal, actor_or_system, enrolled, is_course_staff};
use crate::shared::error::{ClosedLesson, ClosedReason};

/// What the policy wants to know about a lesson of a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonFacts {
    /// The course around it.
    pub course: CourseFacts,
    /// What it waits for, when it is not open for the actor's enrolment.
    pub closed: Option<ClosedLesson>,
}

impl LessonFacts {
    fn opened(&self) -> Result<(), Refusal> {
        match &self.closed {
            None => Ok(()),
            Some(closed) => Err(Refusal::Closed(ClosedReason::Lesson(Box::new(closed.clone())))),
        }
    }
}

/// Read a lesson and what belongs to it: its learners once it is open for them, staff of the course always.
#[derive(Debug)]
pub struct ReadLesson(pub LessonFacts);

impl Action for ReadLesson {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        actor_or_system(actor)?;
        if is_course_staff(actor, &self.0.course) {
            return Ok(());
        }
        enrolled(&self.0.course)?;
        self.0.opened()
    }
}

/// Do something in a lesson that leaves progress: complete it, take a test of it. An attempt that runs goes on without asking this.
#[derive(Debug)]
pub struct LearnLesson(pub LessonFacts);

impl Action for LearnLesson {
    fn decide(&self, actor: &Actor) -> Result<(), Refusal> {
        actor.signed_in()?;
        enrolled(&self.0.course)?;
        if is_course_staff(actor, &self.0.course) { Ok(()) } else { self.0.opened() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::authz::{EnrollmentFacts, permit};
    use crate::shared::error::{LessonStep, LessonWaits};
    use crate::shared::role::Role;
    use crate::shared::time::LocalTime;
    use uuid::Uuid;

    const AT: LocalTime = LocalTime { unix_ms: 1, offset_minutes: 180 };

    fn closed() -> ClosedLesson {
        let waits = LessonWaits { after: Some(LessonStep::Lesson("A".to_owned())), not_before: None };
        ClosedLesson { course_slug: "light".to_owned(), title: "B".to_owned(), waits, go_on: None }
    }

    /// The whole decision in other words: who is turned away, with which reason.
    fn expected(who: &str, status: &str, enrollment: Option<EnrollmentFacts>, is_closed: bool, leaves_progress: bool) -> Result<(), Refusal> {
        let is_staff = matches!(who, "curator" | "admin" | "system");
        if who == "visitor" || (who == "system" && leaves_progress) {
            return Err(Refusal::SignIn);
        }
        if is_staff && !leaves_progress {
            return Ok(());
        }
        if status == "draft" {
            return Err(Refusal::Hidden);
        }
        let reason = match enrollment {
            None if status == "published" => return Err(Refusal::Elsewhere("/courses/light".to_owned())),
            None => return Err(Refusal::Hidden),
            Some(EnrollmentFacts::Paused) => ClosedReason::Paused,
            Some(EnrollmentFacts::Begins(at)) => ClosedReason::AccessBegins(at),
            Some(EnrollmentFacts::Ended(at)) => ClosedReason::AccessEnded(at),
            Some(EnrollmentFacts::Running) if is_closed && !is_staff => ClosedReason::Lesson(Box::new(closed())),
            Some(EnrollmentFacts::Running) => return Ok(()),
        };
        Err(Refusal::Closed(reason))
    }

    #[test]
    fn who_reads_and_does_what_in_a_lesson() {
        let person = |role| Actor::Person { id: Uuid::from_u128(1), role };
        let actors = [
            ("visitor", Actor::Visitor, false),
            ("student", person(Role::Student), false),
            ("other curator", person(Role::Curator), false),
            ("former curator", person(Role::Student), true),
            ("curator", person(Role::Curator), true),
            ("admin", person(Role::Admin), false),
            ("system", Actor::System, false),
        ];
        let enrollments = [
            None,
            Some(EnrollmentFacts::Running),
            Some(EnrollmentFacts::Paused),
            Some(EnrollmentFacts::Begins(AT)),
            Some(EnrollmentFacts::Ended(AT)),
        ];
        for (who, actor, is_curator) in actors {
            for status in ["draft", "published", "archived"] {
                for enrollment in enrollments {
                    for is_closed in [false, true] {
                        let course = CourseFacts {
                            slug: "light".to_owned(),
                            is_published: status == "published",
                            is_archived: status == "archived",
                            is_curator,
                            enrollment,
                        };
                        let facts = LessonFacts { course, closed: is_closed.then(closed) };
                        let reads = permit(&actor, ReadLesson(facts.clone())).map(|_| ());
                        let learns = permit(&actor, LearnLesson(facts)).map(|_| ());
                        let case = format!("{who}, {status}, {enrollment:?}, closed: {is_closed}");
                        assert_eq!(reads, expected(who, status, enrollment, is_closed, false), "reads: {case}");
                        assert_eq!(learns, expected(who, status, enrollment, is_closed, true), "learns: {case}");
                    }
                }
            }
        }
    }
}
