//! The histogram of a photograph, counted over all its pixels.

use crate::features::files::model::Histogram;
use image::RgbImage;

/// Bars of luminance, red, green and blue.
type Counts = [[u64; 256]; 4];

/// The highest bar.
const TOP: u64 = 63;
/// A channel this near to its end has lost what was there.
const BLACK: u8 = 1;
const FULL: u8 = 254;

/// What is counted of a part of the pixels: bars, black ones, and those that are full in a channel.
struct Part {
    counts: Counts,
    shadows: u64,
    highlights: u64,
}

/// Counts the pixels, a part in each thread.
pub(super) fn histogram(picture: &RgbImage) -> Histogram {
    let bytes = picture.as_raw();
    let middle = bytes.len() / 6 * 3;
    let (first, second) = bytes.split_at(middle);
    let (first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(|| count(second));
        let first = count(first);
        (first, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let pixels = (bytes.len() as u64 / 3).max(1);
    let mut counts = first.counts;
    for (bars, more) in counts.iter_mut().zip(second.counts) {
        for (bar, more) in bars.iter_mut().zip(more) {
            *bar += more;
        }
    }
    let share = |part: u64| i32::try_from(part.saturating_mul(10_000) / pixels).unwrap_or(10_000);
    Histogram { bars: bars(&counts), shadows: share(first.shadows + second.shadows), highlights: share(first.highlights + second.highlights) }
}

fn count(bytes: &[u8]) -> Part {
    let mut part = Part { counts: [[0; 256]; 4], shadows: 0, highlights: 0 };
    for pixel in bytes.chunks_exact(3) {
        let [red, green, blue] = [pixel[0], pixel[1], pixel[2]];
        let luminance = (u32::from(red) * 54 + u32::from(green) * 183 + u32::from(blue) * 19) >> 8;
        part.counts[0][luminance as usize] += 1;
        part.counts[1][usize::from(red)] += 1;
        part.counts[2][usize::from(green)] += 1;
        part.counts[3][usize::from(blue)] += 1;
        part.shadows += u64::from(red.max(green).max(blue) <= BLACK);
        part.highlights += u64::from(red.max(green).max(blue) >= FULL);
    }
    part
}

/// The bars as text. The ends are no measure for the others: one clipped sky would flatten everything.
fn bars(counts: &Counts) -> String {
    let highest = counts.iter().flat_map(|bars| &bars[2..254]).copied().max().unwrap_or(0).max(1);
    let bar = |count: &u64| {
        let height = (count.saturating_mul(TOP) + highest / 2) / highest;
        // What is there is seen.
        let height = height.min(TOP).max(u64::from(*count > 0));
        char::from(b'0' + u8::try_from(height).unwrap_or(0))
    };
    counts.iter().flatten().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn tones_are_counted_where_they_are() {
        let mut picture = RgbImage::from_pixel(100, 100, Rgb([128, 128, 128]));
        for x in 0..100 {
            picture.put_pixel(x, 0, Rgb([0, 1, 0]));
            picture.put_pixel(x, 1, Rgb([255, 10, 10]));
            picture.put_pixel(x, 2, Rgb([255, 255, 255]));
        }
        let found = histogram(&picture);
        assert_eq!((found.shadows, found.highlights), (100, 200));
        let bar = |channel: usize, tone: usize| found.bars.as_bytes()[channel * 256 + tone] - b'0';
        assert_eq!(found.bars.len(), 1024);
        assert_eq!((bar(0, 128), bar(1, 128), bar(2, 128), bar(3, 128)), (63, 63, 63, 63));
        assert_eq!((bar(1, 255), bar(2, 255), bar(2, 10), bar(0, 200)), (1, 1, 1, 0), "little, but seen");
    }

    #[test]
    fn a_picture_of_one_tone_or_one_pixel_has_a_histogram() {
        for picture in [RgbImage::new(1, 1), RgbImage::from_pixel(7, 3, Rgb([255, 255, 255]))] {
            let found = histogram(&picture);
            assert_eq!((found.bars.len(), found.shadows + found.highlights), (1024, 10_000));
        }
    }
}
