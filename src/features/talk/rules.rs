//! Pure rules of conversation.

use super::model::PostState;

/// Longest text of a post, in characters.
pub const BODY_MAX: u32 = 5_000;
/// Minutes in which an author may change a post.
pub const EDIT_MINUTES: i64 = 15;

/// Whether a reader gets a post's words: those of a hidden one only its author and staff, those of a withdrawn one nobody.
pub const fn may_see_text(state: PostState, is_mine: bool, is_staff: bool) -> bool {
    match state {
        PostState::Shown => true,
        PostState::Hidden => is_mine || is_staff,
        PostState::Withdrawn => false,
    }
}

/// Whether a post may still be changed, by its age in seconds. A post from the future is of a clock that was put right.
pub const fn may_edit(age_seconds: i64) -> bool {
    age_seconds < EDIT_MINUTES * 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_words_are_for_author_and_staff_and_withdrawn_ones_for_nobody() {
        for (is_mine, is_staff) in [(false, false), (true, false), (false, true), (true, true)] {
            assert!(may_see_text(PostState::Shown, is_mine, is_staff));
            assert_eq!(may_see_text(PostState::Hidden, is_mine, is_staff), is_mine || is_staff);
            assert!(!may_see_text(PostState::Withdrawn, is_mine, is_staff));
        }
    }

    #[test]
    fn a_post_may_be_changed_for_a_quarter_of_an_hour() {
        assert!(may_edit(-5) && may_edit(0) && may_edit(899) && !may_edit(900));
    }
}
