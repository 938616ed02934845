//! Roles of coloured text in line mode, and whether to colour at all.
//!
//! Only the sixteen colours that every terminal theme defines are used, so that text stays readable on dark and
//! on light. The words carry the meaning; colour only helps the eye.

use owo_colors::{OwoColorize, Stream, Style};

/// When text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// On a terminal that can, unless `NO_COLOR` is set.
    #[default]
    Auto,
    Always,
    Never,
}

impl ColorChoice {
    /// Makes the choice known to everything that colours text. Call once, at start.
    pub fn apply(self) {
        match self {
            ColorChoice::Auto => {}
            ColorChoice::Always => owo_colors::set_override(true),
            ColorChoice::Never => owo_colors::set_override(false),
        }
    }

    /// Whether text on this stream is coloured.
    pub fn is_on(self, stream: Stream) -> bool {
        match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            // The answer of the crate takes NO_COLOR, TERM and whether it is a terminal into account.
            ColorChoice::Auto => "x".if_supports_color(stream, |text| text.red()).to_string() != "x",
        }
    }
}

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Plain,
    Prompt,
    Keyword,
    Builtin,
    Definition,
    String,
    Number,
    Comment,
    /// A meta command.
    Command,
    Hint,
    Heading,
    /// What an object is called: `ClassA #12`.
    Object,
    /// What the user calls it: `c1`.
    Name,
    Quiet,
    Good,
    Error,
}

impl Role {
    fn style(self) -> Style {
        let plain = Style::new();
        match self {
            Role::Plain => plain,
            Role::Prompt => plain.green().bold(),
            Role::Keyword => plain.magenta(),
            Role::Builtin => plain.cyan(),
            Role::Definition => plain.blue().bold(),
            Role::String => plain.green(),
            Role::Number => plain.yellow(),
            Role::Comment | Role::Hint | Role::Quiet => plain.bright_black(),
            Role::Command => plain.blue().bold(),
            Role::Heading => plain.bold(),
            Role::Object => plain.cyan(),
            Role::Name => plain.blue(),
            Role::Good => plain.green(),
            Role::Error => plain.red(),
        }
    }
}

/// Paints text, or leaves it alone when colour is off.
#[derive(Clone, Copy, Debug)]
pub struct Painter {
    on: bool,
}

impl Painter {
    /// A painter that colours if `on`.
    pub fn new(on: bool) -> Painter {
        Painter { on }
    }

    /// Whether it colours.
    pub fn is_on(self) -> bool {
        self.on
    }

    /// The text in the colours of its role.
    pub fn paint(self, role: Role, text: &str) -> String {
        if self.on && role != Role::Plain && !text.is_empty() {
            text.style(role.style()).to_string()
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_off_leaves_text_alone() {
        assert_eq!(Painter::new(false).paint(Role::Error, "x"), "x");
        assert!(Painter::new(true).paint(Role::Error, "x").contains("\x1b["));
        assert_eq!(Painter::new(true).paint(Role::Error, ""), "");
    }
}
