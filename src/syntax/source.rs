//! Bytes of a source file to text: byte-order mark, PEP 263 cookies, encodings.

use super::charmaps::CHARMAPS;
use super::diagnose::token::{TokenKind, tokenize};
use super::{ErrorKind, Mode, SyntaxError};

/// Where the bytes come from: CPython words errors differently for a script that it reads itself
/// and for bytes handed to `compile()` (as `import` does).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Script,
    Bytes,
}

/// What the columns of an error that the parser finds count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Columns {
    #[default]
    Chars,
    /// As for bytes in which nothing declares the encoding: the reference has no codec at hand then.
    Bytes,
}

impl Columns {
    /// What they count for a source that comes as bytes.
    pub fn of_bytes(source: &[u8]) -> Columns {
        let marked = source.starts_with(b"\xef\xbb\xbf");
        if marked || find_cookie(source).is_some() { Columns::Chars } else { Columns::Bytes }
    }
}

/// Decodes source bytes. Newlines stay as they are; [`super::parse`] normalises them.
///
/// # Errors
/// An unknown encoding, bytes that are invalid in theirs, or a null byte.
pub fn decode_source(bytes: &[u8], filename: &str, origin: Origin) -> Result<String, SyntaxError> {
    if let Some(error) = find_null(bytes, filename, origin) {
        return Err(error);
    }
    let (body, marked) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let cookie = find_cookie(body);
    let name = cookie.as_deref().unwrap_or("utf-8");
    if marked && name != "utf-8" {
        return Err(unplaced(format!("encoding problem: {name} with BOM"), filename, origin));
    }
    if name == "utf-8" {
        return match std::str::from_utf8(body) {
            Ok(text) => Ok(text.to_string()),
            Err(error) => {
                let declared = cookie.is_some() || marked;
                match undecodable(body, error.valid_up_to(), filename, origin, declared) {
                    Some(error) => Err(error),
                    None => Ok(String::from_utf8_lossy(body).into_owned()),
                }
            }
        };
    }
    match decode_as(name, bytes) {
        Some(Ok(text)) => Ok(text),
        Some(Err(message)) if origin == Origin::Bytes => Err(unplaced(message, filename, origin)),
        Some(Err(_)) => Err(unplaced(format!("encoding problem: {name}"), filename, origin)),
        None if origin == Origin::Bytes => {
            Err(unplaced(format!("unknown encoding: {name}"), filename, origin))
        }
        None => Err(unplaced(format!("encoding problem: {name}"), filename, origin)),
    }
}

/// The encoding that a comment in the first two lines declares, by its normal name.
fn find_cookie(body: &[u8]) -> Option<String> {
    let lines = body.split(|&byte| byte == b'\n' || byte == b'\r').take(2);
    for line in lines {
        let line = line.trim_ascii_start().strip_prefix(b"\x0c").unwrap_or(line.trim_ascii_start());
        if line.first() == Some(&b'#') {
            if let Some(name) = cookie_in(line) {
                return Some(name);
            }
        } else if !line.is_empty() {
            return None;
        }
    }
    None
}

/// `coding[:=][ \t]*([-_.a-zA-Z0-9]+)`
fn cookie_in(comment: &[u8]) -> Option<String> {
    let mut rest = comment;
    while let Some(at) = rest.windows(6).position(|window| window == b"coding") {
        rest = &rest[at + 6..];
        let Some((b':' | b'=', value)) = rest.split_first() else { continue };
        let value = value.trim_ascii_start();
        let len =
            value.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte)).count();
        if len > 0 {
            return Some(normal_name(&String::from_utf8_lossy(&value[..len])));
        }
    }
    None
}

fn normal_name(name: &str) -> String {
    let start: String =
        name.chars().take(12).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    if start == "utf-8" || start.starts_with("utf-8-") {
        return "utf-8".to_string();
    }
    let latin = ["latin-1", "iso-8859-1", "iso-latin-1"];
    if latin.iter().any(|known| start == *known || start.starts_with(&format!("{known}-"))) {
        return "iso-8859-1".to_string();
    }
    name.to_string()
}

/// Decodes with a codec other than UTF-8; `None` for one that is not known.
fn decode_as(name: &str, bytes: &[u8]) -> Option<Result<String, String>> {
    let canonical: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    let single = |high: &dyn Fn(u8) -> Option<char>, codec: &str| {
        let mut text = String::with_capacity(bytes.len());
        for (position, &byte) in bytes.iter().enumerate() {
            match if byte < 0x80 { Some(char::from(byte)) } else { high(byte) } {
                Some(char) => text.push(char),
                None => {
                    let reason = if codec == "ascii" {
                        "ordinal not in range(128)"
                    } else {
                        "character maps to <undefined>"
                    };
                    return Err(format!(
                        "'{codec}' codec can't decode byte 0x{byte:02x} in position {position}: {reason}"
                    ));
                }
            }
        }
        Ok(text)
    };
    Some(match canonical.as_str() {
        "utf8" | "u8" | "utf" | "cp65001" => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_string()),
            Err(error) => Err(codec_message(bytes, error.valid_up_to(), 0)),
        },
        "latin1" | "iso88591" | "latin" | "l1" | "cp819" | "8859" => {
            single(&|byte| Some(char::from(byte)), "latin-1")
        }
        "ascii" | "usascii" | "646" => single(&|_| None, "ascii"),
        _ => {
            let map = CHARMAPS.iter().find(|map| map.names.contains(&canonical.as_str()))?;
            let upper: Vec<char> = map.upper.chars().collect();
            let high = |byte: u8| upper.get(usize::from(byte - 0x80)).copied();
            single(&|byte| high(byte).filter(|char| *char != '\u{fffd}'), "charmap")
        }
    })
}

fn find_null(bytes: &[u8], filename: &str, origin: Origin) -> Option<SyntaxError> {
    let at = bytes.iter().position(|&byte| byte == 0)?;
    if origin == Origin::Bytes {
        return Some(null_error(filename));
    }
    // A byte that is not UTF-8 on the way there is met first.
    if let Err(error) = std::str::from_utf8(&bytes[..at])
        && find_cookie(bytes).is_none()
    {
        return undecodable(&bytes[..at], error.valid_up_to(), filename, origin, false);
    }
    let before = &bytes[..at];
    let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count() as i64;
    let text = String::from_utf8_lossy(&before[start..]).into_owned();
    let error = SyntaxError::new("source code cannot contain null bytes", filename);
    Some(error.at(line, 0, line, 0).with_text(Some(text)))
}

/// The error of `compile()` for a null character.
pub(super) fn null_error(filename: &str) -> SyntaxError {
    let mut error = SyntaxError::new("source code string cannot contain null bytes", filename);
    error.kind = ErrorKind::Syntax;
    error
}

/// An error about the encoding: there is no line to show.
fn unplaced(message: String, filename: &str, origin: Origin) -> SyntaxError {
    let mut error = SyntaxError::new(message, filename);
    if origin == Origin::Bytes {
        error.lineno = Some(0);
        error.offset = Some(-1);
    }
    error
}

/// The error for a byte that is not UTF-8, if it is met at all: bytes handed to `compile()` are
/// decoded name by name and string by string, so a comment may hold anything.
fn undecodable(
    body: &[u8],
    at: usize,
    filename: &str,
    origin: Origin,
    declared: bool,
) -> Option<SyntaxError> {
    let line = 1 + body[..at].iter().filter(|&&byte| byte == b'\n').count() as i64;
    if origin == Origin::Script && !declared {
        let message = format!(
            "Non-UTF-8 code starting with '\\x{:02x}' in file {filename} on line {line}, but no encoding \
             declared; see https://peps.python.org/pep-0263/ for details",
            body[at]
        );
        return Some(unplaced(message, filename, origin));
    }
    let mut masked = body.to_vec();
    let mut bad = Vec::new();
    let mut from = 0;
    while let Err(error) = std::str::from_utf8(&masked[from..]) {
        from += error.valid_up_to();
        bad.push(from);
        masked[from] = b'x';
    }
    // Carriage returns end lines here too; a token is looked for, not its exact text.
    let text = String::from_utf8(masked).ok()?.replace('\r', "\n");
    let tokens = tokenize(&text, Mode::Exec);
    let span = |index: usize| tokens.list.get(index).and_then(|token| token.span);
    let covers = |span: Option<(u32, u32)>| {
        span.and_then(|(start, end)| {
            bad.iter().copied().find(|&at| (start as usize..end as usize).contains(&at))
        })
    };
    let met = (0..tokens.list.len()).find_map(|index| {
        let token = &tokens.list[index];
        let at = covers(token.span)?;
        let (start, _) = token.span?;
        let start = start as usize;
        if token.kind != TokenKind::String {
            return Some((index, at, start));
        }
        let quote = start + text[start..].find(['"', '\''])?;
        let prefix = text[start..quote].to_ascii_lowercase();
        let width =
            if text[quote..].starts_with("\"\"\"") || text[quote..].starts_with("'''") { 3 } else { 1 };
        (!prefix.contains('b')).then_some((index, at, quote + width))
    });
    // Otherwise the byte is in a comment, or behind an error of another kind.
    let (index, at, token_start) = met?;
    let shown = |line_start: usize| {
        let end =
            body[line_start..].iter().position(|&byte| byte == b'\n').map_or(body.len(), |n| line_start + n);
        format!("{}\n", String::from_utf8_lossy(&body[line_start..end]))
    };
    let message = format!("(unicode error) {}", codec_message(&body[token_start..], at - token_start, 0));
    let error = SyntaxError::new(message, filename);
    let start_of_line = |at: usize| body[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |n| n + 1);
    let columns = if declared { Columns::Chars } else { Columns::Bytes };
    let count = |line_start: usize, at: usize| match columns {
        Columns::Bytes => (at - line_start) as i64,
        Columns::Chars => {
            String::from_utf8_lossy(&body[line_start..at.min(body.len())]).chars().count() as i64
        }
    };
    if tokens.list[index].kind != TokenKind::String {
        let line_start = start_of_line(token_start);
        let offset = String::from_utf8_lossy(&body[line_start..token_start]).chars().count() as i64 + 1;
        return Some(error.at(line, offset, line, -1).with_text(Some(shown(line_start))));
    }
    // The strings in a row are decoded together, once the token after them has been looked at.
    let after = (index..tokens.list.len()).find(|&next| tokens.list[next].kind != TokenKind::String)?;
    let (start, end) = span(after).map(|(start, end)| (start as usize, end as usize))?;
    let (start, end) = (start.min(body.len()), end.min(body.len()));
    let line_start = start_of_line(start);
    let line = 1 + body[..start].iter().filter(|&&byte| byte == b'\n').count() as i64;
    // A newline token has no width.
    let end = if tokens.list[after].kind == TokenKind::Newline { start } else { end };
    let (offset, end_offset) = (count(line_start, start) + 1, count(line_start, end) + 1);
    Some(error.at(line, offset, line, end_offset).with_text(Some(shown(line_start))))
}

/// What the UTF-8 codec says about the first bad byte at `at`; `base` is added to the position.
fn codec_message(bytes: &[u8], at: usize, base: usize) -> String {
    let position = base + at;
    let rest = &bytes[at..];
    let needed = match rest.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        first => {
            let byte = first.copied().unwrap_or(0);
            return format!(
                "'utf-8' codec can't decode byte 0x{byte:02x} in position {position}: invalid start byte"
            );
        }
    };
    let valid_second = match (rest[0], rest.get(1)) {
        (0xe0, Some(second)) => (0xa0..=0xbf).contains(second),
        (0xed, Some(second)) => (0x80..=0x9f).contains(second),
        (0xf0, Some(second)) => (0x90..=0xbf).contains(second),
        (0xf4, Some(second)) => (0x80..=0x8f).contains(second),
        (_, Some(second)) => (0x80..=0xbf).contains(second),
        (_, None) => false,
    };
    let good = if valid_second {
        1 + rest[1..].iter().take(needed - 1).take_while(|byte| (0x80..=0xbf).contains(*byte)).count()
    } else {
        1
    };
    // The end of the token is the end of the data.
    let ended = rest.get(good).is_none_or(|byte| b"\"'\n".contains(byte));
    let reason = if ended { "unexpected end of data" } else { "invalid continuation byte" };
    if good == 1 {
        format!("'utf-8' codec can't decode byte 0x{:02x} in position {position}: {reason}", rest[0])
    } else {
        let last = position + good - 1;
        format!("'utf-8' codec can't decode bytes in position {position}-{last}: {reason}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(bytes: &[u8]) -> Result<String, String> {
        decode_source(bytes, "t.py", Origin::Script).map_err(|error| error.message)
    }

    fn bytes(bytes: &[u8]) -> Result<String, String> {
        decode_source(bytes, "t.py", Origin::Bytes).map_err(|error| error.message)
    }

    #[test]
    fn encodings() {
        assert_eq!(
            bytes(b"# -*- coding: latin-1 -*-\nx='\xe9'").unwrap(),
            "# -*- coding: latin-1 -*-\nx='é'"
        );
        assert_eq!(bytes(b"\xef\xbb\xbfx").unwrap(), "x");
        assert_eq!(bytes(b"#!/x\n# vim: set fileencoding=cp1252 :\n\x80").unwrap().chars().last(), Some('€'));
        assert_eq!(bytes(b"# coding: koi8-r\n\xf1").unwrap().chars().last(), Some('Я'));
        assert_eq!(bytes(b"# coding: foo\n").unwrap_err(), "unknown encoding: foo");
        assert_eq!(script(b"# coding: foo\n").unwrap_err(), "encoding problem: foo");
        assert_eq!(
            bytes(b"\xef\xbb\xbf# coding: latin-1\n").unwrap_err(),
            "encoding problem: iso-8859-1 with BOM"
        );
        assert_eq!(
            bytes(b"# coding: ascii\nx=\"\xe9\"\n").unwrap_err(),
            "'ascii' codec can't decode byte 0xe9 in position 19: ordinal not in range(128)"
        );
    }

    #[test]
    fn broken_utf8() {
        let error = |text: &str| format!("(unicode error) 'utf-8' codec can't decode {text}");
        assert_eq!(bytes(b"x=1\n\xff\n").unwrap_err(), error("byte 0xff in position 0: invalid start byte"));
        assert_eq!(
            bytes(b"x=\"\xe9\"").unwrap_err(),
            error("byte 0xe9 in position 0: unexpected end of data")
        );
        assert_eq!(
            bytes(b"x=\"\xf0\x9f\x98\"\n").unwrap_err(),
            error("bytes in position 0-2: unexpected end of data")
        );
        assert_eq!(
            bytes(b"x=\"\xed\xa0\x80\"\n").unwrap_err(),
            error("byte 0xed in position 0: invalid continuation byte")
        );
        assert!(
            script(b"x=1\n\xff\n")
                .unwrap_err()
                .starts_with("Non-UTF-8 code starting with '\\xff' in file t.py on line 2,")
        );
        assert_eq!(script(b"a\n\0").unwrap_err(), "source code cannot contain null bytes");
        assert_eq!(bytes(b"a\n\0").unwrap_err(), "source code string cannot contain null bytes");
    }
}
