//! The page itself: one file with style, script and data inside, which asks nobody for anything.

use super::Recording;

const FRAME: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// A recording as an HTML page.
pub fn page(recording: &Recording, title: &str) -> String {
    let title_text = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut out = String::new();
    let mut rest = FRAME;
    // The frame names its parts `{{part}}`.
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let (part, after) = after.split_once("}}").unwrap_or((after, ""));
        match part {
            "title" => out.push_str(&title_text),
            "style" => out.push_str(STYLE),
            "script" => out.push_str(SCRIPT),
            "data" => out.push_str(&recording.data(title)),
            _ => {}
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
