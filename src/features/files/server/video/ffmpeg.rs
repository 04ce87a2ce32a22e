//! What is asked of `ffprobe` and `ffmpeg`. They get one local file of a kind that we name, and may open nothing else.

use crate::server::error::Result;
use anyhow::Context as _;
use serde::Deserialize;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

/// A size's film, in its folder.
pub(super) const FILM: &str = "film.mp4";
const PLAYLIST: &str = "film.m3u8";
/// Seconds of a piece: what is fetched before the size may change.
const PIECE: &str = "4";
/// Heights that are made, with their thousands of bits a second.
const LADDER: [(i32, i64); 4] = [(360, 700), (540, 1_400), (720, 2_600), (1080, 5_000)];
const SOUND_KBITS: i64 = 128;

/// What a file is.
pub(super) enum Probe {
    /// The programs are not installed.
    NoTool,
    /// It can't be read as a video.
    Broken,
    Video(Measured),
}

/// What is known of a video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Measured {
    pub seconds: Option<i32>,
    pub width: i32,
    pub height: i32,
    pub has_sound: bool,
}

impl Measured {
    /// Of the sizes that are made of it.
    pub(super) const fn codecs(&self) -> &'static str {
        if self.has_sound { "avc1.4d4028,mp4a.40.2" } else { "avc1.4d4028" }
    }
}

/// A size to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub width: i32,
    pub height: i32,
    /// Thousands of bits a second of the picture.
    kbits: i64,
    /// The most bits a second of everything.
    pub bandwidth: i64,
}

/// The sizes of a video: those of the ladder that are not larger than it is; of a smaller one its own.
pub(super) fn sizes(measured: &Measured) -> Vec<Size> {
    let size = |height: i32, kbits: i64| {
        let even = |pixels: i64| i32::try_from((pixels + 1) / 2 * 2).unwrap_or(2).max(2);
        let width = even(i64::from(measured.width) * i64::from(height) / i64::from(measured.height.max(1)));
        Size { width, height, kbits, bandwidth: (kbits * 3 / 2 + SOUND_KBITS) * 1_000 }
    };
    let fitting: Vec<Size> = LADDER.into_iter().filter(|(height, _)| *height <= measured.height).map(|(height, kbits)| size(height, kbits)).collect();
    if fitting.is_empty() { vec![size((measured.height / 2 * 2).max(2), LADDER[0].1)] } else { fitting }
}

#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    streams: Vec<Stream>,
    format: Option<Format>,
}

#[derive(Deserialize)]
struct Stream {
    codec_type: Option<String>,
    width: Option<i32>,
    height: Option<i32>,
    #[serde(default)]
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize)]
struct SideData {
    rotation: Option<i32>,
}

#[derive(Deserialize)]
struct Format {
    duration: Option<String>,
}

fn read(told: &Told) -> Option<Measured> {
    let is = |kind: &'static str| move |stream: &&Stream| stream.codec_type.as_deref() == Some(kind);
    let picture = told.streams.iter().find(is("video"))?;
    let (width, height) = (picture.width.filter(|width| *width > 0)?, picture.height.filter(|height| *height > 0)?);
    let is_turned = picture.side_data_list.iter().any(|data| data.rotation.is_some_and(|degrees| degrees.rem_euclid(180) == 90));
    let (width, height) = if is_turned { (height, width) } else { (width, height) };
    let duration = told.format.as_ref().and_then(|format| format.duration.as_deref());
    // Whole seconds; what is shorter than one counts as one.
    let seconds = duration.and_then(|text| text.split('.').next()?.parse::<i32>().ok()).map(|seconds| seconds.max(1));
    Some(Measured { seconds, width, height, has_sound: told.streams.iter().any(|stream| is("audio")(&stream)) })
}

/// The options that let a program read this file as what it is, and nothing besides.
fn input(original: &Path, content_type: &str) -> [std::ffi::OsString; 6] {
    let format = if content_type == "video/webm" || content_type == "video/x-matroska" { "matroska" } else { "mov" };
    ["-protocol_whitelist".into(), "file".into(), "-f".into(), format.into(), "-i".into(), original.into()]
}

/// Measures a file.
pub(super) async fn probe(original: &Path, content_type: &str) -> Result<Probe> {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", "stream=codec_type,width,height:stream_side_data=rotation:format=duration", "-of", "json"])
        .args(input(original, content_type))
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await;
    match output {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Probe::NoTool),
        Err(error) => Err(anyhow::Error::new(error).context("ffprobe").into()),
        Ok(output) if !output.status.success() => {
            tracing::warn!(told = %String::from_utf8_lossy(&output.stderr), "ffprobe can't read a video");
            Ok(Probe::Broken)
        }
        Ok(output) => Ok(serde_json::from_slice(&output.stdout).ok().and_then(|told| read(&told)).map_or(Probe::Broken, Probe::Video)),
    }
}

fn ffmpeg(original: &Path, content_type: &str, place: &Path) -> Command {
    let mut command = Command::new("nice");
    // Pages go before films.
    command.args(["-n", "15", "ffmpeg", "-v", "error", "-nostdin", "-y"]).args(input(original, content_type));
    command.current_dir(place).stdin(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// A picture out of the beginning; `None` when none can be made.
pub(super) async fn poster(original: &Path, content_type: &str, measured: &Measured, place: &Path) -> Result<Option<PathBuf>> {
    let path = place.join("poster.jpg");
    let at = measured.seconds.map_or(0, |seconds| (seconds / 10).min(5)).to_string();
    let done = ffmpeg(original, content_type, place)
        .args(["-ss", &at, "-frames:v", "1", "-vf", "scale=w='min(1280,iw)':h=-2", "-q:v", "4", "-f", "image2", "-update", "1"])
        .arg(&path)
        .stdout(Stdio::null())
        .output()
        .await
        .context("ffmpeg")?;
    Ok(Some(path).filter(|path| done.status.success() && path.exists()))
}

/// Makes a size in the folder, and gives its playlist; `None` when the video can't be read to its end. Tells how many per cent are done.
pub(super) async fn shrink<F>(
    original: &Path,
    content_type: &str,
    measured: &Measured,
    size: &Size,
    place: &Path,
    report: impl Fn(usize) -> F,
) -> Result<Option<String>>
where
    F: Future<Output = Result<()>>,
{
    let scale = format!("scale={}:{}", size.width, size.height);
    let (rate, most, room) = (format!("{}k", size.kbits), format!("{}k", size.kbits * 3 / 2), format!("{}k", size.kbits * 2));
    let mut child = ffmpeg(original, content_type, place)
        .args(["-map", "0:v:0", "-map", "0:a:0?", "-map_metadata", "-1", "-vf", &scale, "-c:v", "libx264", "-profile:v", "main"])
        .args(["-preset", "veryfast", "-pix_fmt", "yuv420p", "-b:v", &rate, "-maxrate", &most, "-bufsize", &room])
        .args(["-force_key_frames", "expr:gte(t,n_forced*2)", "-sc_threshold", "0", "-threads", "1"])
        .args(["-c:a", "aac", "-ac", "2", "-b:a", &format!("{SOUND_KBITS}k")])
        .args(["-f", "hls", "-hls_time", PIECE, "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4", "-hls_flags", "single_file"])
        .args(["-hls_segment_filename", FILM, "-progress", "pipe:1", PLAYLIST])
        .stdout(Stdio::piped())
        .spawn()
        .context("ffmpeg")?;
    let mut told = BufReader::new(child.stdout.take().context("ffmpeg's progress")?).lines();
    let mut percent = 0;
    while let Some(line) = told.next_line().await.context("ffmpeg's progress")? {
        let done = line.strip_prefix("out_time_us=").and_then(|micros| micros.parse::<i64>().ok()).zip(measured.seconds);
        let now = done.map_or(percent, |(micros, seconds)| usize::try_from(micros / 10_000 / i64::from(seconds)).unwrap_or(0).min(100));
        if now > percent {
            percent = now;
            report(percent).await?;
        }
    }
    let output = child.wait_with_output().await.context("ffmpeg")?;
    if !output.status.success() {
        tracing::warn!(told = %String::from_utf8_lossy(&output.stderr), "ffmpeg can't make a video smaller");
        return Ok(None);
    }
    Ok(Some(tokio::fs::read_to_string(place.join(PLAYLIST)).await.context("a video's playlist")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(width: i32, height: i32) -> Measured {
        Measured { seconds: Some(60), width, height, has_sound: true }
    }

    #[test]
    fn sizes_are_never_larger_than_the_video_and_keep_its_shape() {
        let of = |width, height| sizes(&measured(width, height)).into_iter().map(|size| (size.width, size.height)).collect::<Vec<_>>();
        assert_eq!(of(1920, 1080), [(640, 360), (960, 540), (1280, 720), (1920, 1080)]);
        assert_eq!(of(3840, 2160), of(1920, 1080));
        assert_eq!(of(720, 1280), [(202, 360), (304, 540), (406, 720), (608, 1080)], "held upright");
        assert_eq!(of(321, 241), [(320, 240)], "even, as the codec needs it");
        assert_eq!(of(1, 1), [(2, 2)]);
    }

    #[test]
    fn what_ffprobe_tells_is_read() {
        let read = |json: &str| read(&serde_json::from_str(json).unwrap());
        let turned = r#"{"streams":[{"codec_type":"audio"},{"codec_type":"video","width":1920,"height":1080,
                         "side_data_list":[{},{"rotation":-90}]}],"format":{"duration":"61.9"}}"#;
        assert_eq!(read(turned), Some(Measured { seconds: Some(61), width: 1080, height: 1920, has_sound: true }));
        let short = r#"{"streams":[{"codec_type":"video","width":2,"height":2}],"format":{"duration":"0.2"}}"#;
        assert_eq!(read(short), Some(Measured { seconds: Some(1), width: 2, height: 2, has_sound: false }));
        assert_eq!(read(r#"{"streams":[{"codec_type":"video","width":2,"height":2}]}"#).unwrap().seconds, None);
        for none in ["{}", r#"{"streams":[{"codec_type":"audio"}]}"#, r#"{"streams":[{"codec_type":"video","width":0,"height":2}]}"#] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
