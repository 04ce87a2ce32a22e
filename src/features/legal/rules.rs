//! Pure rules of requisites: numbers of tax offices and banks carry check digits, so that a slip of the pen is found at once.

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % 11 % 10
}

/// INN: of an organisation (10 digits) or of a person in business (12).
pub fn is_inn(text: &str) -> bool {
    match digits(text).as_deref() {
        Some(all @ [head @ .., check]) if all.len() == 10 && head.iter().any(|digit| *digit > 0) => {
            weighted(head, &[2, 4, 10, 3, 5, 9, 4, 6, 8]) == *check
        }
        Some(all @ [head @ .., first, second]) if all.len() == 12 && head.iter().any(|digit| *digit > 0) => {
            weighted(head, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == *first && weighted(&all[..11], &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == *second
        }
        _ => false,
    }
}

/// KPP: the reason and place of registration, 9 characters.
pub fn is_kpp(text: &str) -> bool {
    text.len() == 9 && text.bytes().enumerate().all(|(place, byte)| byte.is_ascii_digit() || ((4..6).contains(&place) && byte.is_ascii_uppercase()))
}

/// OGRN of an organisation (13 digits) or OGRNIP of a person in business (15).
pub fn is_ogrn(text: &str) -> bool {
    let (length, divisor) = match text.len() {
        13 => (12, 11),
        15 => (14, 13),
        _ => return false,
    };
    let (Some(head), Some(check)) = (text.get(..length), text.get(length..)) else { return false };
    digits(text).is_some_and(|digits| digits[0] > 0) && head.parse::<u64>().is_ok_and(|head| (head % divisor % 10).to_string() == check)
}

/// BIC of a bank in Russia.
pub fn is_bic(text: &str) -> bool {
    text.len() == 9 && text.starts_with('0') && digits(text).is_some()
}

fn has_key(prefix: &str, account: &str) -> bool {
    account.len() == 20
        && digits(&format!("{prefix}{account}"))
            .is_some_and(|digits| digits.iter().zip([7, 1, 3].iter().cycle()).map(|(digit, weight)| digit * weight % 10).sum::<u32>() % 10 == 0)
}

/// An account in the bank of a BIC.
pub fn is_account(bic: &str, account: &str) -> bool {
    is_bic(bic) && bic.get(6..).is_some_and(|tail| has_key(tail, account))
}

/// The correspondent account of the bank of a BIC.
pub fn is_corr_account(bic: &str, account: &str) -> bool {
    is_bic(bic) && bic.get(4..6).is_some_and(|region| has_key(&format!("0{region}"), account))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_with_right_check_digits_are_taken() {
        assert!(is_inn("7707083893") && is_inn("7700000009") && is_inn("500100732259"));
        assert!(is_kpp("773601001") && is_kpp("7736AB001"));
        assert!(is_ogrn("1027700132195") && is_ogrn("304500116000157") && is_ogrn("1267700000006"));
        assert!(is_bic("044525225"));
        assert!(is_account("044525974", "40702810610000000001") && is_account("044599999", "40702810600000000001"));
        assert!(is_corr_account("044525974", "30101810145250000974") && is_corr_account("044525225", "30101810400000000225"));
    }

    #[test]
    fn anything_else_is_refused() {
        for inn in ["", "7707083894", "770708389", "0000000000", "000000000000", "77070838ab", "5001007322590", "٧٧٠٧٠٨٣٨٩٣"] {
            assert!(!is_inn(inn), "{inn}");
        }
        for kpp in ["", "77360100", "7736010011", "77A601001", "7736ab001", "773601\u{0430}"] {
            assert!(!is_kpp(kpp), "{kpp}");
        }
        for ogrn in ["", "1027700132196", "304500116000158", "0000000000000", "102770013219", "10277001321\u{0430}"] {
            assert!(!is_ogrn(ogrn), "{ogrn}");
        }
        for bic in ["", "144525225", "04452522", "04452522x"] {
            assert!(!is_bic(bic), "{bic}");
        }
        assert!(!is_account("044525225", "40702810610000000001"), "of another bank");
        assert!(!is_account("044525974", "4070281061000000000"));
        assert!(!is_corr_account("044525974", "40702810610000000001"));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_of_an_account_is_found(place in 0_usize..20, by in 1_u32..10) {
            let mut digits: Vec<u32> = "40702810610000000001".chars().map(|c| c.to_digit(10).unwrap()).collect();
            digits[place] = (digits[place] + by) % 10;
            let wrong: String = digits.iter().map(u32::to_string).collect();
            prop_assert!(!is_account("044525974", &wrong));
        }

        #[test]
        fn no_text_makes_them_panic(text in ".{0,24}") {
            let _ = (is_inn(&text), is_kpp(&text), is_ogrn(&text), is_bic(&text), is_account(&text, &text), is_corr_account(&text, &text));
        }
    }
}
