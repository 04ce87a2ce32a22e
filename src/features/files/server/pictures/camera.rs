//! What a camera wrote about a shot (Exif). Only the fields that are named here are looked at: no place, no owner, no numbers of
//! devices. What is broken or out of all bounds is left out; nothing here fails.

use crate::features::files::model::CameraFacts;
use crate::shared::time::LocalTime;
use chrono::NaiveDate;
use exif::{DateTime, Exif, In, Rational, Reader, Tag, Value};

/// Longest name of a camera or lens, in characters.
const NAME_MAX: usize = 100;
/// A raw chunk that is longer is not read: JPEG has room for 64 KB.
const CHUNK_MAX: usize = 1024 * 1024;

/// The facts in a raw Exif chunk; none where it can't be read.
pub(super) fn facts(chunk: Vec<u8>) -> CameraFacts {
    if chunk.len() > CHUNK_MAX {
        return CameraFacts::default();
    }
    // It reads what strangers send: a mistake in it must not cost the picture.
    std::panic::catch_unwind(|| Reader::new().read_raw(chunk).map(|exif| read(&exif)).unwrap_or_default()).unwrap_or_default()
}

fn read(exif: &Exif) -> CameraFacts {
    let value = |tag| exif.get_field(tag, In::PRIMARY).map(|field| &field.value);
    let words = |tag| value(tag).map(text).unwrap_or_default();
    let ratio = |tag| value(tag).and_then(rational);
    let (make, model) = (words(Tag::Make), words(Tag::Model));
    CameraFacts {
        camera: camera(&make, &model),
        lens: words(Tag::LensModel),
        shutter: ratio(Tag::ExposureTime).filter(|(over, under)| *over <= under.saturating_mul(86_400)),
        aperture: ratio(Tag::FNumber).and_then(|ratio| hundredths(ratio, 20_000)),
        iso: value(Tag::PhotographicSensitivity)
            .and_then(|value| value.get_uint(0))
            .and_then(|iso| i32::try_from(iso).ok())
            .filter(|iso| (1..=10_000_000).contains(iso)),
        focal_length: ratio(Tag::FocalLength).and_then(|ratio| hundredths(ratio, 1_000_000)),
        taken: value(Tag::DateTimeOriginal).and_then(taken),
    }
}

/// The maker's name stands in most models' names already.
fn camera(make: &str, model: &str) -> String {
    let first = make.split_whitespace().next().unwrap_or_default();
    if make.is_empty() || model.to_lowercase().starts_with(&first.to_lowercase()) {
        return model.to_owned();
    }
    cut(&format!("{make} {model}"))
}

fn cut(text: &str) -> String {
    text.trim().chars().take(NAME_MAX).collect::<String>().trim_end().to_owned()
}

fn text(value: &Value) -> String {
    let Value::Ascii(lines) = value else { return String::new() };
    let line = lines.first().map(|line| String::from_utf8_lossy(line).into_owned()).unwrap_or_default();
    let visible: String = line.chars().map(|c| if c.is_control() || c == '\u{fffd}' { ' ' } else { c }).collect();
    cut(&visible)
}

/// A fraction above nothing, reduced.
fn rational(value: &Value) -> Option<(i64, i64)> {
    let Value::Rational(numbers) = value else { return None };
    let Rational { num, denom } = *numbers.first()?;
    let fraction = crate::shared::fraction::Fraction::new(i64::from(num), i64::from(denom))?;
    (num > 0).then(|| fraction.into())
}

fn hundredths((over, under): (i64, i64), most: i64) -> Option<i32> {
    let hundredths = (over * 100 + under / 2) / under;
    (1..=most).contains(&hundredths).then(|| i32::try_from(hundredths).ok())?
}

fn taken(value: &Value) -> Option<LocalTime> {
    let Value::Ascii(lines) = value else { return None };
    let read = DateTime::from_ascii(lines.first()?).ok()?;
    let date = NaiveDate::from_ymd_opt(i32::from(read.year), u32::from(read.month), u32::from(read.day))?;
    let moment = date.and_hms_opt(u32::from(read.hour), u32::from(read.minute), u32::from(read.second))?;
    // Cameras whose clock was never set say the year 0.
    (read.year > 1980).then(|| LocalTime { unix_ms: moment.and_utc().timestamp_millis(), offset_minutes: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A big-endian TIFF with one directory for each list of fields: tag, type, count, bytes.
    fn chunk(first: &[(u16, u16, u32, Vec<u8>)], second: &[(u16, u16, u32, Vec<u8>)]) -> Vec<u8> {
        let mut bytes = b"MM\0\x2a\0\0\0\x08".to_vec();
        let at_second = 8 + directory_size(first, true);
        let mut fields = first.to_vec();
        fields.push((0x8769, 4, 1, u32::try_from(at_second).unwrap().to_be_bytes().to_vec()));
        write(&mut bytes, &fields);
        write(&mut bytes, second);
        bytes
    }

    fn directory_size(fields: &[(u16, u16, u32, Vec<u8>)], has_pointer: bool) -> usize {
        let long: usize = fields.iter().map(|field| field.3.len()).filter(|length| *length > 4).sum();
        2 + (fields.len() + usize::from(has_pointer)) * 12 + 4 + long
    }

    fn write(bytes: &mut Vec<u8>, fields: &[(u16, u16, u32, Vec<u8>)]) {
        bytes.extend(u16::try_from(fields.len()).unwrap().to_be_bytes());
        let mut at = bytes.len() + fields.len() * 12 + 4;
        let mut long = Vec::<u8>::new();
        for (tag, kind, count, value) in fields {
            bytes.extend(tag.to_be_bytes());
            bytes.extend(kind.to_be_bytes());
            bytes.extend(count.to_be_bytes());
            if value.len() > 4 {
                bytes.extend(u32::try_from(at).unwrap().to_be_bytes());
                at += value.len();
                long.extend(value);
            } else {
                let mut short = value.clone();
                short.resize(4, 0);
                bytes.extend(short);
            }
        }
        bytes.extend([0; 4]);
        bytes.extend(long);
    }

    fn ascii(tag: u16, text: &str) -> (u16, u16, u32, Vec<u8>) {
        let mut bytes = text.as_bytes().to_vec();
        bytes.push(0);
        (tag, 2, u32::try_from(bytes.len()).unwrap(), bytes)
    }

    fn ratio(tag: u16, over: u32, under: u32) -> (u16, u16, u32, Vec<u8>) {
        (tag, 5, 1, [over.to_be_bytes(), under.to_be_bytes()].concat())
    }

    #[test]
    fn what_the_camera_wrote_is_read() {
        let facts = facts(chunk(
            &[ascii(0x010f, "NIKON CORPORATION"), ascii(0x0110, "NIKON Z 8")],
            &[
                ratio(0x829a, 10, 2500),
                ratio(0x829d, 28, 10),
                (0x8827, 3, 1, 640_u16.to_be_bytes().to_vec()),
                ascii(0x9003, "2026:05:03 14:22:10"),
                ratio(0x920a, 8500, 100),
                ascii(0xa434, "NIKKOR Z 85mm f/1.8 S"),
            ],
        ));
        assert_eq!(
            facts,
            CameraFacts {
                camera: "NIKON Z 8".to_owned(),
                lens: "NIKKOR Z 85mm f/1.8 S".to_owned(),
                shutter: Some((1, 250)),
                aperture: Some(280),
                iso: Some(640),
                focal_length: Some(8500),
                taken: Some(LocalTime { unix_ms: 1_777_818_130_000, offset_minutes: 0 }),
            }
        );
    }

    #[test]
    fn nonsense_is_left_out() {
        let facts = facts(chunk(
            &[ascii(0x010f, "Canon"), ascii(0x0110, "\u{1b}[31mEOS\u{7}")],
            &[ratio(0x829a, 1, 0), ratio(0x829d, 0, 10), ratio(0x920a, u32::MAX, 1), ascii(0x9003, "0000:00:00 00:00:00")],
        ));
        assert_eq!(facts, CameraFacts { camera: "Canon [31mEOS".to_owned(), ..CameraFacts::default() });
    }

    proptest! {
        #[test]
        fn any_bytes_give_some_facts(noise in prop::collection::vec(any::<u8>(), 0..300), cut in 0_usize..200) {
            let _ = facts(noise.clone());
            let mut broken = chunk(&[ascii(0x0110, "X100VI with a long name")], &[ratio(0x829a, 1, 60), ascii(0x9003, "2026:05:03 14:22:10")]);
            for (at, byte) in noise.iter().enumerate() {
                if byte % 7 == 0 && at < broken.len() {
                    broken[at] = *byte;
                }
            }
            broken.truncate(broken.len().saturating_sub(cut));
            let _ = facts(broken);
        }
    }
}
