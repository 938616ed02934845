//! Reading a theme file, with errors that say which file, which line and what to do.
//!
//! ```toml
//! name = "mine"
//! inherits = "dark"                          # optional: a built-in theme
//! ground = "dark"                            # or "light"
//! [palette]                                  # optional: your own names for colours
//! rose = "#d7005f"
//! leaf = { rgb = "#87af5f", ansi = "green" } # `ansi`: for terminals of 16 colours
//! [roles]
//! ghost = { fg = "rose", dim = true }
//! name = "leaf"                              # short for { fg = "leaf" }
//! ```
use std::collections::BTreeMap;
use std::ops::Range;

use ratatui::style::Modifier;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::colour::ANSI_NAMES;
use super::{BUILT_IN, Colour, Depth, Ground, Look, Role, Theme};

/// What is wrong with a theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeError {
    /// The file, or the name that was asked for.
    pub file: String,
    /// One-based, where there is one.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub message: String,
}

impl std::fmt::Display for ThemeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "theme {}, line {line}: {}", self.file, self.message),
            None => write!(f, "theme {}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for ThemeError {}

fn built_in_names() -> String {
    BUILT_IN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

pub(super) fn no_such_theme(name: &str) -> ThemeError {
    let message =
        format!("there is no theme of that name; choose one of {}, or give a .toml file", built_in_names());
    ThemeError { file: format!("'{name}'"), line: None, message }
}

pub(super) fn unreadable(file: &str, error: &std::io::Error) -> ThemeError {
    let message = match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".to_owned(),
        std::io::ErrorKind::InvalidData => "the file is not UTF-8 text; save it as UTF-8".to_owned(),
        std::io::ErrorKind::IsADirectory => "this is a folder; give a .toml file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "the file may not be read; check its permissions".to_owned(),
        _ => format!("the file cannot be read: {error}"),
    };
    ThemeError { file: file.to_owned(), line: None, message }
}

pub(super) fn built_in(name: &str) -> Result<Theme, ThemeError> {
    match BUILT_IN.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => parse(text, name),
        None => Err(no_such_theme(name)),
    }
}

pub(super) fn parse(text: &str, file: &str) -> Result<Theme, ThemeError> {
    let reader = Reader { text, file };
    let table = DeTable::parse(text).map_err(|error| {
        let message = format!("not valid TOML: {}", error.message().trim());
        reader.error(error.span(), message)
    })?;
    reader.theme(table.get_ref())
}

/// The file being read, for messages.
struct Reader<'a> {
    text: &'a str,
    file: &'a str,
}

impl Reader<'_> {
    fn error(&self, span: Option<Range<usize>>, message: impl Into<String>) -> ThemeError {
        let line =
            span.and_then(|span| self.text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
        ThemeError { file: self.file.to_owned(), line, message: message.into() }
    }

    fn theme(&self, table: &DeTable<'_>) -> Result<Theme, ThemeError> {
        const KEYS: [&str; 5] = ["name", "inherits", "ground", "palette", "roles"];
        for key in table.keys() {
            self.known(key.get_ref(), key.span(), &KEYS, "key")?;
        }
        let mut theme = match table.get("inherits") {
            None => Theme {
                name: String::new(),
                ground: Ground::Dark,
                looks: vec![Look::default(); Role::ALL.len()],
                depth: Depth::True,
            },
            Some(value) => {
                let parent = self.string(value, "inherits")?;
                // A built-in theme inherits from one before it in the list, so this ends.
                if parent == self.file {
                    return Err(self.error(Some(value.span()), "a theme cannot inherit from itself"));
                }
                built_in(parent).map_err(|error| {
                    if BUILT_IN.iter().any(|(name, _)| *name == parent) {
                        return error;
                    }
                    let message = format!("'inherits' must be one of {}, not '{parent}'", built_in_names());
                    self.error(Some(value.span()), message)
                })?
            }
        };
        theme.name = match table.get("name") {
            Some(value) => self.string(value, "name")?.to_owned(),
            None => self.file.to_owned(),
        };
        if let Some(value) = table.get("ground") {
            theme.ground = match self.string(value, "ground")? {
                "dark" => Ground::Dark,
                "light" => Ground::Light,
                other => {
                    let message = format!("'ground' must be \"dark\" or \"light\", not \"{other}\"");
                    return Err(self.error(Some(value.span()), message));
                }
            };
        }
        let palette = match table.get("palette") {
            Some(value) => self.palette(self.table(value, "palette")?)?,
            None => BTreeMap::new(),
        };
        if let Some(value) = table.get("roles") {
            for (key, value) in self.table(value, "roles")? {
                let names: Vec<&str> = Role::ALL.iter().map(|r| r.name()).collect();
                let place = self.known(key.get_ref(), key.span(), &names, "role")?;
                let inherited = theme.looks.get(place).copied().unwrap_or_default();
                let look = self.look(value, key.get_ref(), inherited, &palette)?;
                if let Some(slot) = theme.looks.get_mut(place) {
                    *slot = look;
                }
            }
        }
        Ok(theme)
    }

    fn palette(&self, table: &DeTable<'_>) -> Result<BTreeMap<String, Colour>, ThemeError> {
        let mut palette = BTreeMap::new();
        for (key, value) in table {
            let name = key.get_ref().to_string();
            if ANSI_NAMES.contains(&name.as_str()) || name == "default" {
                let message = format!("'{name}' already is a colour of the terminal; choose another name");
                return Err(self.error(Some(key.span()), message));
            }
            let colour = match value.get_ref() {
                DeValue::Table(parts) => {
                    let mut colour = Colour::default();
                    for (part, value) in parts {
                        let parsed = self.colour(value, &BTreeMap::new())?.unwrap_or_default();
                        match part.get_ref().as_ref() {
                            "rgb" => colour.rgb = parsed.rgb,
                            "ansi" => colour.ansi = parsed.ansi,
                            other => {
                                let message = format!(
                                    "unknown key '{other}' in colour '{name}'; 'rgb' and 'ansi' are known"
                                );
                                return Err(self.error(Some(part.span()), message));
                            }
                        }
                    }
                    colour
                }
                _ => self.colour(value, &BTreeMap::new())?.unwrap_or_default(),
            };
            palette.insert(name, colour);
        }
        Ok(palette)
    }

    fn look(
        &self,
        value: &Spanned<DeValue<'_>>,
        role: &str,
        inherited: Look,
        palette: &BTreeMap<String, Colour>,
    ) -> Result<Look, ThemeError> {
        let parts = match value.get_ref() {
            DeValue::String(_) => return Ok(Look { fg: self.colour(value, palette)?, ..Look::default() }),
            DeValue::Table(parts) => parts,
            _ => {
                let message = format!(
                    "role '{role}' must be a colour or a table such as {{ fg = \"red\", bold = true }}"
                );
                return Err(self.error(Some(value.span()), message));
            }
        };
        let mut look = inherited;
        for (key, value) in parts {
            let modifier = match key.get_ref().as_ref() {
                "fg" => {
                    look.fg = self.colour(value, palette)?;
                    continue;
                }
                "bg" => {
                    look.bg = self.colour(value, palette)?;
                    continue;
                }
                "bold" => Modifier::BOLD,
                "dim" => Modifier::DIM,
                "italic" => Modifier::ITALIC,
                "underline" => Modifier::UNDERLINED,
                "reverse" => Modifier::REVERSED,
                "strike" => Modifier::CROSSED_OUT,
                other => {
                    let known = "fg, bg, bold, dim, italic, underline, reverse, strike";
                    let message = format!("unknown key '{other}' in role '{role}'; known are {known}");
                    return Err(self.error(Some(key.span()), message));
                }
            };
            match value.get_ref() {
                DeValue::Boolean(on) => look.modifiers.set(modifier, *on),
                _ => {
                    let message = format!("'{}' must be true or false", key.get_ref());
                    return Err(self.error(Some(value.span()), message));
                }
            }
        }
        Ok(look)
    }

    /// A colour; `None` is "default", the terminal's own.
    fn colour(
        &self,
        value: &Spanned<DeValue<'_>>,
        palette: &BTreeMap<String, Colour>,
    ) -> Result<Option<Colour>, ThemeError> {
        let text = self.string(value, "a colour")?;
        if text == "default" {
            return Ok(None);
        }
        if let Some(colour) = palette.get(text).copied().or_else(|| Colour::parse(text)) {
            return Ok(Some(colour));
        }
        let message = format!(
            "'{text}' is no colour; write \"#rrggbb\", \"default\", a name from [palette], or one of {}",
            ANSI_NAMES.join(", ")
        );
        Err(self.error(Some(value.span()), message))
    }

    fn string<'v>(&self, value: &'v Spanned<DeValue<'_>>, what: &str) -> Result<&'v str, ThemeError> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text.as_ref()),
            _ => Err(self.error(Some(value.span()), format!("{what} must be text in quotes"))),
        }
    }

    fn table<'v, 'i>(
        &self,
        value: &'v Spanned<DeValue<'i>>,
        what: &str,
    ) -> Result<&'v DeTable<'i>, ThemeError> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(table),
            _ => Err(self.error(Some(value.span()), format!("'{what}' must be a table: [{what}]"))),
        }
    }

    /// The place of a key among the known ones, or an error that names the nearest.
    fn known(&self, key: &str, span: Range<usize>, known: &[&str], what: &str) -> Result<usize, ThemeError> {
        if let Some(place) = known.iter().position(|k| *k == key) {
            return Ok(place);
        }
        let shared = |k: &str| k.chars().zip(key.chars()).take_while(|(a, b)| a == b).count();
        let nearest =
            known.iter().max_by_key(|k| (shared(k), std::cmp::Reverse(k.len()))).filter(|k| shared(k) >= 2);
        let advice = match nearest {
            Some(nearest) => format!("did you mean '{nearest}'?"),
            None => format!("known are {}", known.join(", ")),
        };
        Err(self.error(Some(span), format!("unknown {what} '{key}'; {advice}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        parse(text, "mine.toml").unwrap_err().to_string()
    }

    #[test]
    fn errors_name_file_line_and_cure() {
        assert_eq!(
            message("[roles]\nghots = \"red\"\n"),
            "theme mine.toml, line 2: unknown role 'ghots'; did you mean 'ghost'?"
        );
        assert!(
            message("inherits = \"drak\"")
                .starts_with("theme mine.toml, line 1: 'inherits' must be one of dark,")
        );
        assert!(
            message("[roles]\n\nghost = \"reddish\"")
                .starts_with("theme mine.toml, line 3: 'reddish' is no colour")
        );
        assert!(message("[roles]\nghost = { dim = 1 }").contains("line 2: 'dim' must be true or false"));
        assert!(message("[roles]\nghost = { size = 1 }").contains("unknown key 'size' in role 'ghost'"));
        assert!(message("name = 3").contains("line 1: name must be text in quotes"));
        assert!(message("= 3").contains("line 1: not valid TOML"));
        assert!(message("roles = 3").contains("'roles' must be a table"));
        assert!(message("[palette]\nred = \"#ff0000\"").contains("already is a colour"));
        assert!(message("ground = \"grey\"").contains("must be \"dark\" or \"light\""));
    }

    #[test]
    fn a_theme_inherits_and_overrides() {
        let theme =
            parse("inherits = \"dark\"\n[palette]\nx = \"#010203\"\n[roles]\nghost = \"x\"", "mine.toml")
                .unwrap();
        let dark = built_in("dark").unwrap();
        let look = |t: &Theme, r: Role| t.looks[r as usize];
        assert_eq!(look(&theme, Role::Ghost).fg.unwrap().rgb, Some((1, 2, 3)));
        assert_eq!(look(&theme, Role::Prompt), look(&dark, Role::Prompt));
        assert_eq!(theme.name, "mine.toml");
    }

    #[test]
    fn a_missing_theme_lists_the_others() {
        let error = Theme::find("drak").unwrap_err().to_string();
        assert!(error.contains("there is no theme of that name; choose one of dark, light"), "{error}");
        let error = Theme::find("/nowhere/mine.toml").unwrap_err().to_string();
        assert_eq!(error, "theme /nowhere/mine.toml: no such file");
    }
}
