//! Bytes of a source file to text: byte-order mark, PEP 263 cookies, encodings.

use super::charmaps::CHARMAPS;
use super::{ErrorKind, SyntaxError};

/// Where the bytes come from: CPython words errors differently for a script that it reads itself
/// and for bytes handed to `compile()` (as `import` does).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Script,
    Bytes,
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
            Err(error) => Err(utf8_error(body, error.valid_up_to(), filename, origin, cookie.is_some())),
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
        return Some(utf8_error(bytes, error.valid_up_to(), filename, origin, false));
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

fn utf8_error(body: &[u8], at: usize, filename: &str, origin: Origin, declared: bool) -> SyntaxError {
    let start = body[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    let line = 1 + body[..at].iter().filter(|&&byte| byte == b'\n').count() as i64;
    if origin == Origin::Script && !declared {
        let message = format!(
            "Non-UTF-8 code starting with '\\x{:02x}' in file {filename} on line {line}, but no encoding \
             declared; see https://peps.python.org/pep-0263/ for details",
            body[at]
        );
        return unplaced(message, filename, origin);
    }
    // Strings and names are decoded one by one, so positions count from the token's start.
    let head = &body[start..at];
    let quote = head.iter().rposition(|&byte| byte == b'"' || byte == b'\'');
    let word =
        head.iter().rposition(|&byte| byte.is_ascii() && !byte.is_ascii_alphanumeric() && byte != b'_');
    let token = quote.or(word).map_or(start, |before| start + before + 1);
    let end = body[at..].iter().position(|&byte| byte == b'\n').map_or(body.len(), |newline| at + newline);
    let text = format!("{}\n", String::from_utf8_lossy(&body[start..end]));
    let message = format!("(unicode error) {}", codec_message(&body[token..], at - token, 0));
    let column = text.chars().count() as i64;
    let (offset, end_offset) =
        if quote.is_some() { (column, column) } else { ((token - start) as i64 + 1, -1) };
    SyntaxError::new(message, filename).at(line, offset, line, end_offset).with_text(Some(text))
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
