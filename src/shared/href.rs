//! Addresses of pages, so that no view builds one by hand.

use uuid::Uuid;

/// A course's sales page.
pub fn course(slug: &str) -> String {
    format!("/courses/{slug}")
}

/// Buying a course.
pub fn buy(slug: &str) -> String {
    format!("/courses/{slug}/buy")
}

/// Buying a course by one of its offers.
pub fn buy_offer(slug: &str, offer: Uuid) -> String {
    format!("/courses/{slug}/buy?offer={offer}")
}

/// An order, for its buyer.
pub fn order(order: Uuid) -> String {
    format!("/orders/{order}")
}

/// An order, for an administrator.
pub fn admin_order(order: Uuid) -> String {
    format!("/admin/orders/{order}")
}

/// An order's invoice.
pub fn invoice(order: Uuid) -> String {
    format!("/orders/{order}/invoice.pdf")
}

/// The orders with a discount's code, for an administrator.
pub fn orders_of(code: &str) -> String {
    format!("/admin/orders?q={}", percent_encode(code))
}

/// A free lesson of a course.
pub fn preview_lesson(slug: &str, lesson: Uuid) -> String {
    format!("/courses/{slug}/lessons/{lesson}")
}

/// A course's outline with the learner's progress.
pub fn outline(slug: &str) -> String {
    format!("/learn/{slug}")
}

/// A lesson of a course that one is enrolled in.
pub fn lesson(slug: &str, lesson: Uuid) -> String {
    format!("/learn/{slug}/lessons/{lesson}")
}

/// A test's front page.
pub fn test(test: Uuid) -> String {
    format!("/learn/tests/{test}")
}

/// An attempt, running or finished.
pub fn attempt(attempt: Uuid) -> String {
    format!("/learn/attempts/{attempt}")
}

/// An assignment, with one's own work on it.
pub fn assignment(assignment: Uuid) -> String {
    format!("/learn/assignments/{assignment}")
}

/// A work, for a curator.
pub fn desk(submission: Uuid) -> String {
    format!("/curate/submissions/{submission}")
}

/// An assignment, for its authors.
pub fn edit_assignment(course: Uuid, assignment: Uuid) -> String {
    format!("/admin/courses/{course}/assignments/{assignment}")
}

/// Open answers of an attempt, for a curator.
pub fn review(attempt: Uuid) -> String {
    format!("/curate/attempts/{attempt}")
}

/// The answers to an open question, one after the other, for a curator.
pub fn score_question(test: Uuid, question: Uuid) -> String {
    format!("/curate/tests/{test}/questions/{question}")
}

/// All questions under a lesson.
pub fn questions(slug: &str, lesson: Uuid) -> String {
    format!("/learn/{slug}/lessons/{lesson}/questions")
}

/// One's own notes in a course.
pub fn notes(slug: &str) -> String {
    format!("/learn/{slug}/notes")
}

/// A discussion.
pub fn thread(thread: Uuid) -> String {
    format!("/learn/threads/{thread}")
}

/// An announcement, for its readers.
pub fn announcement(announcement: Uuid) -> String {
    format!("/learn/announcements/{announcement}")
}

/// A person, for an administrator.
pub fn user(user: Uuid) -> String {
    format!("/admin/users/{user}")
}

/// A course, for its authors.
pub fn edit_course(course: Uuid) -> String {
    format!("/admin/courses/{course}")
}

/// A lesson's text, for its authors.
pub fn edit_lesson(course: Uuid, lesson: Uuid) -> String {
    format!("/admin/courses/{course}/lessons/{lesson}")
}

/// A test, for its authors.
pub fn edit_test(course: Uuid, test: Uuid) -> String {
    format!("/admin/courses/{course}/tests/{test}")
}

/// How the questions of a test do, for its authors.
pub fn statistics(course: Uuid, test: Uuid) -> String {
    format!("/admin/courses/{course}/tests/{test}/statistics")
}

/// A course's bank of questions.
pub fn bank(course: Uuid) -> String {
    format!("/admin/courses/{course}/bank")
}

/// A question of the bank, for its authors.
pub fn bank_question(course: Uuid, question: Uuid) -> String {
    format!("{}/questions/{question}", bank(course))
}

/// A question of a test, for its authors.
pub fn edit_question(course: Uuid, test: Uuid, question: Uuid) -> String {
    format!("/admin/courses/{course}/tests/{test}/questions/{question}")
}

/// The key of a question that was asked, for its authors.
pub fn correct_key(course: Uuid, test: Uuid, question: Uuid) -> String {
    format!("/admin/courses/{course}/tests/{test}/questions/{question}/key")
}

/// A letter of the mail log.
pub fn letter(letter: Uuid) -> String {
    format!("/admin/mail/{letter}")
}

/// A file's bytes.
pub fn file(file: Uuid) -> String {
    format!("/files/{file}")
}

/// The sign-in page that leads back to where the person wanted to go.
pub fn login(next: &str) -> String {
    format!("/login?next={}", percent_encode(next))
}

/// A path inside this site: begins with one slash, holds no backslash and no control character. `None` for anything that
/// a browser could take for another host.
pub fn local_path(path: &str) -> Option<&str> {
    let rest = path.strip_prefix('/')?;
    let safe = !rest.starts_with('/') && !path.contains('\\') && !path.chars().any(char::is_control) && path.len() <= 512;
    safe.then_some(path)
}

/// An address with one more part in its query.
pub fn with_part(address: &str, name: &str, value: &str) -> String {
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}{name}={}", percent_encode(value))
}

/// Percent-encodes a value for a query string (RFC 3986 unreserved characters and `/` stay).
pub fn percent_encode(value: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_local() {
        for path in ["/learn", "/learn/x?y=1#z", "/"] {
            assert_eq!(local_path(path), Some(path));
        }
        for path in ["//evil.example", "/\\evil.example", "https:evil", "https://evil.example", "", "learn", "/a\r\nb", "/\t/evil"] {
            assert_eq!(local_path(path), None, "{path:?}");
        }
    }

    #[test]
    fn a_query_grows_by_parts() {
        assert_eq!(with_part(&with_part("/curate", "round", "2"), "after", "1_ы"), "/curate?round=2&after=1_%D1%8B");
    }

    #[test]
    fn queries_are_encoded() {
        assert_eq!(login("/learn/x?a=1&b=ы"), "/login?next=/learn/x%3Fa%3D1%26b%3D%D1%8B");
    }
}
