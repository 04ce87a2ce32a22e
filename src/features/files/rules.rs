//! Pure rules of files: what they may be, how large, and what they are called.

pub mod chapters;
pub mod tiles;

use crate::shared::i18n::{Locale, languages};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a file of a lesson is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// To download.
    Attachment,
    /// In the text.
    Picture,
    /// To watch.
    Video,
    /// Words of the video.
    Captions,
}

/// Languages of captions, as BCP 47 codes.
pub const LANGUAGES: [&str; 12] = ["ru", "en", "be", "uk", "kk", "uz", "hy", "ka", "de", "es", "fr", "tr"];

/// What a language calls itself.
pub fn language_name(locale: Locale, code: &str) -> Option<&'static str> {
    Some(match code {
        "ru" => languages::ru(locale),
        "en" => languages::en(locale),
        "be" => languages::be(locale),
        "uk" => languages::uk(locale),
        "kk" => languages::kk(locale),
        "uz" => languages::uz(locale),
        "hy" => languages::hy(locale),
        "ka" => languages::ka(locale),
        "de" => languages::de(locale),
        "es" => languages::es(locale),
        "fr" => languages::fr(locale),
        "tr" => languages::tr(locale),
        _ => return None,
    })
}

const MEGABYTE: i64 = 1024 * 1024;

impl Role {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Attachment, Self::Picture, Self::Video, Self::Captions];

    /// As in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Attachment => "attachment",
            Self::Picture => "picture",
            Self::Video => "video",
            Self::Captions => "captions",
        }
    }

    /// The role of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// The largest file, in megabytes.
    pub const fn max_megabytes(self) -> u32 {
        match self {
            Self::Attachment => 2 * 1024,
            Self::Picture => 30,
            Self::Video => 8 * 1024,
            Self::Captions => 2,
        }
    }

    /// The same, in bytes.
    pub const fn max_bytes(self) -> i64 {
        self.max_megabytes() as i64 * MEGABYTE
    }
}

/// What a file is uploaded into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadPlace {
    /// A lesson's draft: `courses.id`, `lessons.id`.
    Lesson {
        /// `courses.id`.
        course_id: Uuid,
        /// `lessons.id`.
        lesson_id: Uuid,
    },
    /// One's own work on an assignment.
    Work {
        /// `assignments.id`.
        assignment_id: Uuid,
    },
    /// One's own answer to an open question.
    Answer {
        /// `test_attempts.id`.
        attempt_id: Uuid,
        /// `questions.id`.
        question_id: Uuid,
    },
}

impl UploadPlace {
    /// The largest file, in megabytes: photographs that are handed in come as the camera wrote them.
    pub const fn max_megabytes(self, role: Role) -> u32 {
        match (self, role) {
            (Self::Work { .. } | Self::Answer { .. }, Role::Picture) => 100,
            (Self::Answer { .. }, Role::Attachment) => 200,
            _ => role.max_megabytes(),
        }
    }

    /// The same, in bytes.
    pub const fn max_bytes(self, role: Role) -> i64 {
        self.max_megabytes(role) as i64 * MEGABYTE
    }
}

/// As what a learner's file of that name is taken, where both photographs and other files are.
pub fn role_of_name(name: &str) -> Role {
    let is_photo = ending(name).is_some_and(|ending| ["jpg", "jpeg", "png", "webp"].contains(&ending.as_str()));
    if is_photo { Role::Picture } else { Role::Attachment }
}

/// File systems and headers take no longer one.
const NAME_MAX: usize = 255;

/// A name without its path and without characters that can't be seen or that turn the writing round; at most 255 bytes, of which the
/// ending is kept. Never empty.
pub fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect();
    let name = name.trim().trim_start_matches('.').trim_start();
    if name.is_empty() {
        return "file".to_owned();
    }
    if name.len() <= NAME_MAX {
        return name.to_owned();
    }
    let ending = ending(name).map(|ending| format!(".{ending}")).filter(|ending| ending.len() <= 16).unwrap_or_default();
    let mut cut = NAME_MAX - ending.len();
    while !name.is_char_boundary(cut) {
        cut -= 1;
    }
    format!("{}{ending}", name[..cut].trim_end())
}

/// What stands after the last dot, in small letters.
pub fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    (!stem.is_empty() && !ending.is_empty()).then(|| ending.to_lowercase())
}

/// Bytes as people count them, in tenths of the unit: the number and the unit's power of 1024.
pub fn size_in_tenths(bytes: i64) -> (i64, u32) {
    let mut power = 0;
    let mut unit = 1_i64;
    while power < 3 && bytes / unit >= 1024 {
        unit *= 1024;
        power += 1;
    }
    (bytes.saturating_mul(10) / unit, power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_paths_and_what_cannot_be_seen() {
        for (given, kept) in [
            ("Разбор света.pdf", "Разбор света.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\con.txt", "con.txt"),
            ("..", "file"),
            ("", "file"),
            ("a/", "file"),
            (".htaccess", "htaccess"),
            ("a\r\nX-Header: b.txt", "aX-Header: b.txt"),
            ("nul\0.txt", "nul.txt"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("  a b  ", "a b"),
        ] {
            assert_eq!(file_name(given), kept, "{given:?}");
        }
    }

    #[test]
    fn long_names_are_cut_at_a_letter_and_keep_their_ending() {
        let name = file_name(&format!("{}.jpeg", "ы".repeat(400)));
        assert!(name.len() <= 255 && name.len() > 250 && name.ends_with("ы.jpeg"), "{name}");
        let name = file_name(&"ы".repeat(128));
        assert_eq!(name, "ы".repeat(127));
        assert_eq!(file_name(&"x".repeat(255)).len(), 255);
    }

    #[test]
    fn every_language_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = LANGUAGES.into_iter().filter_map(|code| language_name(Locale::En, code)).collect();
        assert_eq!(names.len(), LANGUAGES.len());
        assert!(LANGUAGES.into_iter().all(|code| language_name(Locale::Ru, code) == language_name(Locale::En, code)));
    }

    #[test]
    fn sizes_are_told_in_fitting_units() {
        for (bytes, told) in [
            (0, (0, 0)),
            (1023, (10_230, 0)),
            (1024, (10, 1)),
            (1_572_864, (15, 2)),
            (3_221_225_472, (30, 3)),
            (i64::MAX, (i64::MAX / 1_073_741_824, 3)),
        ] {
            assert_eq!(size_in_tenths(bytes), told, "{bytes}");
        }
    }
}
