//! Colours as themes write them, and as terminals can show them.
use ratatui::style::Color;

/// How many colours a terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None: `NO_COLOR`, `--color never`, a dumb terminal.
    None,
    /// The sixteen that the user's terminal defines.
    #[default]
    Sixteen,
    /// The fixed palette of 256.
    Indexed,
    /// Any.
    True,
}

/// What the user said about colour on the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    #[default]
    Auto,
    Always,
    Never,
}

impl Depth {
    /// From the environment: `NO_COLOR` (when not empty), `COLORTERM`, `TERM`.
    pub fn detect(wish: Wish, no_color: Option<&str>, colorterm: Option<&str>, term: Option<&str>) -> Depth {
        let unwanted = no_color.is_some_and(|v| !v.is_empty()) || term == Some("dumb");
        if wish == Wish::Never || (wish == Wish::Auto && unwanted) {
            return Depth::None;
        }
        match (colorterm, term.unwrap_or_default()) {
            (Some("truecolor" | "24bit"), _) => Depth::True,
            (_, term) if term.ends_with("-direct") => Depth::True,
            (_, term) if term.contains("256color") => Depth::Indexed,
            _ => Depth::Sixteen,
        }
    }
}

/// A colour: exact, one of the terminal's sixteen, or both (the second then serves as the fallback).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Colour {
    pub rgb: Option<(u8, u8, u8)>,
    pub ansi: Option<u8>,
}

/// Names of the sixteen, in their order.
pub const ANSI_NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// What the sixteen look like by default in xterm; used only to find the nearest.
const ANSI_RGB: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

impl Colour {
    /// Reads `#rrggbb` or the name of one of the sixteen.
    pub fn parse(text: &str) -> Option<Colour> {
        if let Some(digits) = text.strip_prefix('#') {
            if digits.len() != 6 || !digits.is_ascii() {
                return None;
            }
            let byte = |at: usize| digits.get(at..at + 2).and_then(|d| u8::from_str_radix(d, 16).ok());
            return Some(Colour { rgb: Some((byte(0)?, byte(2)?, byte(4)?)), ansi: None });
        }
        let ansi = ANSI_NAMES.iter().position(|name| *name == text)?;
        Some(Colour { rgb: None, ansi: u8::try_from(ansi).ok() })
    }

    /// The colour for a terminal of this depth; `None` when it shows none.
    pub fn at_depth(self, depth: Depth) -> Option<Color> {
        match (depth, self.rgb, self.ansi) {
            (Depth::None, ..) | (_, None, None) => None,
            (Depth::True, Some((r, g, b)), _) => Some(Color::Rgb(r, g, b)),
            (Depth::Indexed, Some(rgb), _) => Some(Color::Indexed(nearest_indexed(rgb))),
            (Depth::Sixteen, Some(rgb), None) => Some(named(nearest_ansi(rgb))),
            (_, _, Some(ansi)) => Some(named(ansi)),
        }
    }
}

/// Terminal colour by its place among the sixteen.
fn named(ansi: u8) -> Color {
    const NAMED: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    NAMED.get(usize::from(ansi)).copied().unwrap_or(Color::Reset)
}

fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> i32 {
    let square = |x: u8, y: u8| (i32::from(x) - i32::from(y)).pow(2);
    square(a.0, b.0) + square(a.1, b.1) + square(a.2, b.2)
}

fn nearest_ansi(rgb: (u8, u8, u8)) -> u8 {
    (0u8..16)
        .min_by_key(|i| ANSI_RGB.get(usize::from(*i)).map_or(i32::MAX, |c| distance(*c, rgb)))
        .unwrap_or(7)
}

/// Nearest of the 6x6x6 cube (16..232) and the greys (232..256).
fn nearest_indexed(rgb: (u8, u8, u8)) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let step = |v: u8| {
        (0u8..6).min_by_key(|i| STEPS.get(usize::from(*i)).map_or(255, |s| s.abs_diff(v))).unwrap_or(0)
    };
    let level = |i: u8| STEPS.get(usize::from(i)).copied().unwrap_or(0);
    let (r, g, b) = (step(rgb.0), step(rgb.1), step(rgb.2));
    let cube = (16 + 36 * r + 6 * g + b, distance((level(r), level(g), level(b)), rgb));
    let mean = (u16::from(rgb.0) + u16::from(rgb.1) + u16::from(rgb.2)) / 3;
    let shade = u8::try_from(mean.saturating_sub(3) / 10).unwrap_or(23).min(23);
    let grey_level = 8 + 10 * shade;
    let grey = (232 + shade, distance((grey_level, grey_level, grey_level), rgb));
    if grey.1 < cube.1 { grey.0 } else { cube.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read() {
        assert_eq!(Colour::parse("#ff8000"), Some(Colour { rgb: Some((255, 128, 0)), ansi: None }));
        assert_eq!(Colour::parse("bright-red"), Some(Colour { rgb: None, ansi: Some(9) }));
        for bad in ["#ff80", "#gggggg", "reddish", "", "#é0é0"] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn colours_come_down() {
        let orange = Colour { rgb: Some((255, 135, 0)), ansi: Some(3) };
        assert_eq!(orange.at_depth(Depth::True), Some(Color::Rgb(255, 135, 0)));
        assert_eq!(orange.at_depth(Depth::Indexed), Some(Color::Indexed(208)));
        assert_eq!(orange.at_depth(Depth::Sixteen), Some(Color::Yellow));
        assert_eq!(orange.at_depth(Depth::None), None);
        assert_eq!(nearest_indexed((128, 128, 128)), 244);
        assert_eq!(nearest_ansi((250, 5, 5)), 9);
    }

    #[test]
    fn the_environment_decides() {
        use Wish::{Always, Auto, Never};
        assert_eq!(Depth::detect(Auto, Some("1"), Some("truecolor"), Some("xterm")), Depth::None);
        assert_eq!(Depth::detect(Auto, Some(""), Some("truecolor"), Some("xterm")), Depth::True);
        assert_eq!(Depth::detect(Always, Some("1"), None, Some("xterm-256color")), Depth::Indexed);
        assert_eq!(Depth::detect(Never, None, Some("truecolor"), None), Depth::None);
        assert_eq!(Depth::detect(Auto, None, None, Some("dumb")), Depth::None);
        assert_eq!(Depth::detect(Auto, None, None, Some("linux")), Depth::Sixteen);
    }
}
