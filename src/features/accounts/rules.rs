//! Rules about names, addresses and passwords, before any database is asked.

use crate::shared::error::Problem;

/// Longest name, in characters.
pub const NAME_MAX: u32 = 200;
/// Longest address, in bytes (RFC 5321).
pub const EMAIL_MAX: u32 = 254;
/// Shortest password, in characters (ASVS V6.2.1).
pub const PASSWORD_MIN: u32 = 8;
/// Longest password, in characters; whole, never cut (ASVS V6.2.9).
pub const PASSWORD_MAX: u32 = 256;

/// An address in lower case, trimmed.
pub fn email(text: &str) -> Result<String, Problem> {
    let email = text.trim().to_lowercase();
    if email.is_empty() {
        return Err(Problem::Required);
    }
    if email.len() > EMAIL_MAX as usize {
        return Err(Problem::TooLong(EMAIL_MAX));
    }
    let plain = !email.chars().any(|c| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"".contains(c));
    let shaped = email.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty()
            && !domain.contains('@')
            && domain.contains('.')
            && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
    });
    if plain && shaped { Ok(email) } else { Err(Problem::NotAnEmail) }
}

/// A name: trimmed, inner white space folded.
pub fn full_name(text: &str) -> Result<String, Problem> {
    if text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return Err(Problem::BadCharacters);
    }
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Problem::Required);
    }
    if name.chars().count() > NAME_MAX as usize {
        return Err(Problem::TooLong(NAME_MAX));
    }
    Ok(name)
}

/// The length of a new password. Spaces and every other character count and stay as they are.
pub fn password_length(password: &str) -> Result<(), Problem> {
    let length = password.chars().count();
    if password.is_empty() {
        Err(Problem::Required)
    } else if length < PASSWORD_MIN as usize {
        Err(Problem::TooShort(PASSWORD_MIN))
    } else if length > PASSWORD_MAX as usize {
        Err(Problem::TooLong(PASSWORD_MAX))
    } else if password.contains('\0') {
        Err(Problem::BadCharacters)
    } else {
        Ok(())
    }
}

/// One or two capital letters of a name, for where there is no photograph.
pub fn initials(name: &str) -> String {
    name.split_whitespace().take(2).filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_normalised_or_refused() {
        assert_eq!(email("  Anna@Example.COM "), Ok("anna@example.com".to_owned()));
        assert_eq!(email("анна@почта.рф"), Ok("анна@почта.рф".to_owned()));
        for bad in [
            "anna",
            "anna@",
            "@example.com",
            "anna@example",
            "a b@example.com",
            "a@b@example.com",
            "a@-x.com",
            "a@x..com",
            "a\0@x.com",
            "a@x.com\r\nBcc: b@x.com",
        ] {
            assert_eq!(email(bad), Err(Problem::NotAnEmail), "{bad:?}");
        }
        assert_eq!(email(""), Err(Problem::Required));
        assert_eq!(email(&format!("{}@example.com", "a".repeat(250))), Err(Problem::TooLong(EMAIL_MAX)));
    }

    #[test]
    fn names_hold_no_control_characters() {
        assert_eq!(full_name("  Анна \n Белова "), Ok("Анна Белова".to_owned()));
        assert_eq!(full_name("Анна\u{1b}[31m"), Err(Problem::BadCharacters));
        assert_eq!(full_name("\0"), Err(Problem::BadCharacters));
        assert_eq!(full_name(" "), Err(Problem::Required));
    }

    #[test]
    fn passwords_keep_every_character() {
        assert_eq!(password_length("seven77"), Err(Problem::TooShort(PASSWORD_MIN)));
        assert_eq!(password_length("пароль с пробелами 🔑"), Ok(()));
        assert_eq!(password_length(&"x".repeat(73)), Ok(()));
        assert_eq!(password_length(&"x".repeat(257)), Err(Problem::TooLong(PASSWORD_MAX)));
    }

    #[test]
    fn initials_are_taken_from_two_words() {
        assert_eq!(initials("анна белова петровна"), "АБ");
        assert_eq!(initials(""), "");
    }
}
