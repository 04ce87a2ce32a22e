//! Videos: from the address of a page at one of four services to the address of its player.

use url::Url;

/// Where players come from. The content security policy names the same hosts (`http/headers.rs`).
pub(super) const PLAYERS: [&str; 4] = [
    "https://www.youtube-nocookie.com/embed/",
    "https://player.vimeo.com/video/",
    "https://vkvideo.ru/video_ext.php?",
    "https://rutube.ru/play/embed/",
];

/// The player of a video's page; `None` for every other address.
pub(super) fn player(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.port().is_none())?;
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").or_else(|| host.strip_prefix("m.")).unwrap_or(host);
    let path: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    let parameter = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    match (host, &path[..]) {
        ("youtu.be", [id]) | ("youtube.com" | "youtube-nocookie.com", ["embed" | "shorts" | "live", id]) => youtube(id, parameter("t")),
        ("youtube.com", ["watch"]) => youtube(&parameter("v")?, parameter("t")),
        ("vimeo.com", [id]) | ("player.vimeo.com", ["video", id]) => is_number(id).then(|| format!("{}{id}?dnt=1&autoplay=1", PLAYERS[1])),
        ("vk.com" | "vk.ru" | "vkvideo.ru", [page]) if page.starts_with("video") && *page != "video_ext.php" => {
            let (owner, id) = page.strip_prefix("video")?.split_once('_')?;
            vk(owner, id)
        }
        ("vk.com" | "vk.ru" | "vkvideo.ru", ["video_ext.php"]) => vk(&parameter("oid")?, &parameter("id")?),
        ("rutube.ru", ["video", id] | ["play", "embed", id]) => {
            (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| format!("{}{id}", PLAYERS[3]))
        }
        _ => None,
    }
}

fn is_number(text: &str) -> bool {
    (1..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn youtube(id: &str, start: Option<String>) -> Option<String> {
    let is_id = id.len() == 11 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let start = start.and_then(|start| start.trim_end_matches('s').parse::<u32>().ok()).filter(|start| *start > 0);
    is_id.then(|| format!("{}{id}?autoplay=1{}", PLAYERS[0], start.map(|start| format!("&start={start}")).unwrap_or_default()))
}

fn vk(owner: &str, id: &str) -> Option<String> {
    (is_number(owner.strip_prefix('-').unwrap_or(owner)) && is_number(id)).then(|| format!("{}oid={owner}&id={id}&autoplay=1", PLAYERS[2]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_videos_have_players() {
        for (address, expected) in [
            ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&start=42"),
            ("https://youtu.be/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"),
            ("https://youtube.com/shorts/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"),
            ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1"),
            ("https://vk.com/video-22822305_456241864", "https://vkvideo.ru/video_ext.php?oid=-22822305&id=456241864&autoplay=1"),
            ("https://vkvideo.ru/video22822305_456241864", "https://vkvideo.ru/video_ext.php?oid=22822305&id=456241864&autoplay=1"),
            ("https://rutube.ru/video/0123456789abcdef0123456789abcdef/", "https://rutube.ru/play/embed/0123456789abcdef0123456789abcdef"),
        ] {
            assert_eq!(player(address).as_deref(), Some(expected), "{address}");
        }
    }

    #[test]
    fn other_addresses_have_none() {
        for address in [
            "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
            "https://evil.example/youtube.com/watch?v=dQw4w9WgXcQ",
            "https://youtube.com:8443/watch?v=dQw4w9WgXcQ",
            "https://youtube.com@evil.example/watch?v=dQw4w9WgXcQ",
            "https://youtu.be/dQw4w9WgXc\"",
            "https://youtube.com/watch?v=../../x\"y",
            "https://vimeo.com/76979871\" onload=",
            "https://vimeo.com/channels/staff",
            "https://vk.com/video-1_2<script>",
            "https://vk.com/video_ext.php?oid=a&id=1",
            "https://rutube.ru/video/short",
            "javascript://youtube.com/watch?v=dQw4w9WgXcQ",
            "/files/1",
            "",
        ] {
            assert_eq!(player(address), None, "{address}");
        }
    }
}
