//! The value of a string or bytes literal, from its source text.
//!
//! ruff decodes literals too, but a lone surrogate becomes U+FFFD there. Here the value is a
//! [`Text`], which holds surrogates, and errors and warnings are CPython's.

use super::aliases::ALIASES;
use crate::code::object::Text;

/// An escape that is warned about: `\d` stands for backslash and `d`, `\400` for U+0100, for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidEscape {
    /// Byte offset of the backslash in the body.
    pub offset: usize,
    /// What follows the backslash: one character, or three octal digits.
    pub escape: String,
}

impl InvalidEscape {
    /// The warning's text.
    pub fn message(&self) -> String {
        let octal = if self.escape.len() == 3 && self.escape.is_ascii() { "octal " } else { "" };
        format!("invalid {octal}escape sequence '\\{}'", self.escape)
    }
}

/// Why a literal has no value, in the words that follow `(unicode error) ` or `(value error) `.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiteralError {
    pub message: String,
}

/// The value of the body of a string literal (what stands between the quotes), not raw.
///
/// # Errors
/// `(unicode error) 'unicodeescape' codec can't decode bytes in position …`.
pub fn decode_str(body: &str) -> Result<Text, LiteralError> {
    if !body.contains('\\') {
        return Ok(Text::from(body));
    }
    let mut points = Vec::with_capacity(body.len());
    scan_str(body, |point| points.push(point), |_| {})?;
    Ok(Text::from_code_points(points))
}

/// The value of the literal part of an f-string: as [`decode_str`], with doubled braces as one.
///
/// # Errors
/// As for [`decode_str`].
pub fn decode_fstring_part(body: &str, raw: bool) -> Result<Text, LiteralError> {
    // `\{` is an invalid escape and then a brace; `\N{…}` keeps its braces.
    let mut undoubled = String::with_capacity(body.len());
    let mut chars = body.chars().peekable();
    let mut in_name = false;
    while let Some(char) = chars.next() {
        undoubled.push(char);
        match char {
            '\\' if !raw => {
                if let Some(next) = chars.next_if(|&next| next != '{' && next != '}') {
                    undoubled.push(next);
                    in_name = next == 'N' && chars.peek() == Some(&'{');
                    if in_name {
                        undoubled.extend(chars.next());
                    }
                }
            }
            '}' if in_name => in_name = false,
            '{' | '}' => {
                chars.next_if_eq(&char);
            }
            _ => {}
        }
    }
    if raw { Ok(Text::from(undoubled)) } else { decode_str(&undoubled) }
}

/// The value of the body of a bytes literal, not raw.
///
/// # Errors
/// `(value error) invalid \x escape at position …`.
pub fn decode_bytes(body: &str) -> Result<Vec<u8>, LiteralError> {
    let mut out = Vec::with_capacity(body.len());
    scan_bytes(body.as_bytes(), |byte| out.push(byte), |_| {})?;
    Ok(out)
}

/// The escapes of a body that mean nothing; only the first of them is warned about by CPython.
pub fn invalid_escapes(body: &str, bytes: bool) -> Vec<InvalidEscape> {
    let mut found = Vec::new();
    // A body with an error has a worse problem than its warnings.
    let _ = if bytes {
        scan_bytes(body.as_bytes(), |_| {}, |escape| found.push(escape))
    } else {
        scan_str(body, |_| {}, |escape| found.push(escape))
    };
    found
}

/// The character that `\N{name}` stands for: CPython's names and aliases in any case.
pub fn character_by_name(name: &str) -> Option<char> {
    let upper = name.to_ascii_uppercase();
    if let Ok(index) = ALIASES.binary_search_by_key(&upper.as_str(), |&(alias, _)| alias) {
        return char::from_u32(ALIASES[index].1);
    }
    // Names start with a letter; the crate's loose matching is not made for others.
    if !upper.starts_with(|char: char| char.is_ascii_uppercase()) {
        return None;
    }
    let found = unicode_names2::character(name)?;
    // The crate matches loosely (spaces, hyphens and underscores ignored), the language does not.
    let loose = |text: &str| text.chars().filter(|c| !" -_".contains(*c)).collect::<String>().to_uppercase();
    match unicode_names2::name(found).map(|official| official.to_string()) {
        Some(official) if loose(&official) == loose(name) => {
            official.eq_ignore_ascii_case(name).then_some(found)
        }
        _ => (!name.contains([' ', '-', '_'])).then_some(found),
    }
}

fn simple_escape(byte: u8) -> Option<u8> {
    Some(match byte {
        b'\\' => b'\\',
        b'\'' => b'\'',
        b'"' => b'"',
        b'b' => 8,
        b'f' => 12,
        b't' => b'\t',
        b'n' => b'\n',
        b'r' => b'\r',
        b'v' => 11,
        b'a' => 7,
        _ => return None,
    })
}

/// Up to three octal digits from `at`; their value and how many there are.
fn octal(bytes: &[u8], at: usize) -> (u32, usize) {
    let digits = bytes[at..].iter().take(3).take_while(|byte| (b'0'..=b'7').contains(*byte));
    digits.fold((0, 0), |(value, len), digit| (value * 8 + u32::from(digit - b'0'), len + 1))
}

/// Up to `len` hexadecimal digits from `at`; their value and how many there are.
fn hex(bytes: &[u8], at: usize, len: usize) -> (u32, usize) {
    let digits = bytes.get(at..).unwrap_or_default().iter().take(len);
    let digits = digits.map_while(|byte| char::from(*byte).to_digit(16));
    digits.fold((0, 0), |(value, len), digit| (value << 4 | digit, len + 1))
}

fn scan_str(
    body: &str,
    mut emit: impl FnMut(u32),
    mut warn: impl FnMut(InvalidEscape),
) -> Result<(), LiteralError> {
    let bytes = body.as_bytes();
    let mut at = 0;
    while let Some(rest) = body.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = rest.find('\\').unwrap_or(rest.len());
        rest[..plain].chars().for_each(|char| emit(char as u32));
        let start = at + plain;
        let Some(&kind) = bytes.get(start + 1) else {
            // Only the text before a field of an f-string can end so: `f'\{x}'` keeps its backslash.
            if start < bytes.len() {
                warn(InvalidEscape { offset: start, escape: "{".to_string() });
                emit(u32::from(b'\\'));
            }
            break;
        };
        at = start + 2;
        match kind {
            b'\n' => {}
            b'0'..=b'7' => {
                let (value, len) = octal(bytes, start + 1);
                if value > 0o377 {
                    let escape = body[start + 1..start + 1 + len].to_string();
                    warn(InvalidEscape { offset: start, escape });
                }
                emit(value);
                at = start + 1 + len;
            }
            b'x' | b'u' | b'U' => {
                let (len, message) = match kind {
                    b'x' => (2, "truncated \\xXX escape"),
                    b'u' => (4, "truncated \\uXXXX escape"),
                    _ => (8, "truncated \\UXXXXXXXX escape"),
                };
                let (value, found) = hex(bytes, at, len);
                at += found;
                if found < len {
                    return Err(unicode_error(body, start, at, message));
                }
                if value > 0x10_ffff {
                    return Err(unicode_error(body, start, at, "illegal Unicode character"));
                }
                emit(value);
            }
            b'N' => {
                let malformed = "malformed \\N character escape";
                if bytes.get(at) != Some(&b'{') {
                    return Err(unicode_error(body, start, at, malformed));
                }
                let Some(len) = body[at + 1..].find('}') else {
                    return Err(unicode_error(body, start, bytes.len(), malformed));
                };
                if len == 0 {
                    return Err(unicode_error(body, start, at + 1, malformed));
                }
                let name = &body[at + 1..at + 1 + len];
                at += len + 2;
                match character_by_name(name) {
                    Some(char) => emit(char as u32),
                    None => {
                        return Err(unicode_error(body, start, at, "unknown Unicode character name"));
                    }
                }
            }
            _ => match simple_escape(kind) {
                Some(byte) => emit(u32::from(byte)),
                None => {
                    let escape = body[start + 1..].chars().next().unwrap_or('\\');
                    // Before a character beyond ASCII a backslash stands for itself unasked.
                    if escape.is_ascii() {
                        warn(InvalidEscape { offset: start, escape: escape.to_string() });
                    }
                    emit(u32::from(b'\\'));
                    at = start + 1;
                }
            },
        }
    }
    Ok(())
}

/// CPython rewrites every non-ASCII character to `\UXXXXXXXX` before it decodes escapes, and its
/// positions count in that rewritten text.
fn unicode_error(body: &str, start: usize, end: usize, reason: &str) -> LiteralError {
    let position = |offset: usize| -> usize {
        let mut previous_backslash = false;
        let mut count = 0;
        for char in body.get(..offset).unwrap_or(body).chars() {
            count += if char.is_ascii() { 1 } else { 10 };
            // A backslash before a non-ASCII character is itself written `\u005c`.
            if !char.is_ascii() && previous_backslash {
                count += 5;
            }
            previous_backslash = char == '\\' && !previous_backslash;
        }
        count
    };
    let (first, end) = (position(start), position(end));
    let last = end.saturating_sub(1);
    let place = if last == first {
        format!("byte 0x5c in position {first}")
    } else {
        format!("bytes in position {first}-{last}")
    };
    LiteralError { message: format!("'unicodeescape' codec can't decode {place}: {reason}") }
}

fn scan_bytes(
    body: &[u8],
    mut emit: impl FnMut(u8),
    mut warn: impl FnMut(InvalidEscape),
) -> Result<(), LiteralError> {
    let mut at = 0;
    while at < body.len() {
        if body[at] != b'\\' {
            emit(body[at]);
            at += 1;
            continue;
        }
        let start = at;
        let Some(&kind) = body.get(start + 1) else {
            return Err(LiteralError { message: "Trailing \\ in string".to_string() });
        };
        at = start + 2;
        match kind {
            b'\n' => {}
            b'0'..=b'7' => {
                let (value, len) = octal(body, start + 1);
                if value > 0o377 {
                    let escape = String::from_utf8_lossy(&body[start + 1..start + 1 + len]).into_owned();
                    warn(InvalidEscape { offset: start, escape });
                }
                emit(value as u8);
                at = start + 1 + len;
            }
            b'x' => {
                let (value, found) = hex(body, at, 2);
                if found < 2 {
                    return Err(LiteralError { message: format!("invalid \\x escape at position {start}") });
                }
                emit(value as u8);
                at += 2;
            }
            _ => match simple_escape(kind) {
                Some(byte) => emit(byte),
                None => {
                    warn(InvalidEscape { offset: start, escape: char::from(kind).to_string() });
                    emit(b'\\');
                    at = start + 1;
                }
            },
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(body: &str) -> Vec<u32> {
        decode_str(body).unwrap().code_points().collect()
    }

    fn message(body: &str) -> String {
        decode_str(body).unwrap_err().message
    }

    #[test]
    fn strings() {
        assert_eq!(points(r"a\tb\x41\101\u20ac"), [97, 9, 98, 65, 65, 0x20ac]);
        assert_eq!(points(r"\ud800\U0001f40d"), [0xd800, 0x1f40d]);
        assert_eq!(points("\\\né\\d"), [0xe9, 92, 100]);
        assert_eq!(points(r"\N{BULLET}\N{bullet}\N{LINE FEED}\777"), [0x2022, 0x2022, 10, 0o777]);
    }

    #[test]
    fn string_errors() {
        let start = "'unicodeescape' codec can't decode bytes in position ";
        assert_eq!(message(r"\x4"), format!("{start}0-2: truncated \\xXX escape"));
        assert_eq!(message(r"é\u12z"), format!("{start}10-13: truncated \\uXXXX escape"));
        assert_eq!(message(r"\U00110000"), format!("{start}0-9: illegal Unicode character"));
        assert_eq!(message(r"\N{no such}"), format!("{start}0-10: unknown Unicode character name"));
        assert_eq!(message(r"\N{Black_Star}"), format!("{start}0-13: unknown Unicode character name"));
        assert_eq!(message(r"\N{-}"), format!("{start}0-4: unknown Unicode character name"));
        assert_eq!(message(r"\N"), format!("{start}0-1: malformed \\N character escape"));
    }

    #[test]
    fn bytes_and_parts() {
        assert_eq!(decode_bytes(r"a\x00\377\q").unwrap(), b"a\x00\xff\\q");
        assert_eq!(decode_bytes(r"a\x0").unwrap_err().message, "invalid \\x escape at position 1");
        assert_eq!(decode_fstring_part(r"{{a}}\N{BULLET}\t", false).unwrap().to_string(), "{a}\u{2022}\t");
        assert_eq!(decode_fstring_part(r"a\", false).unwrap().to_string(), r"a\");
        assert_eq!(decode_fstring_part(r"{{\t}}", true).unwrap().to_string(), r"{\t}");
        assert_eq!(invalid_escapes(r"a\d\n\8", false).len(), 2);
    }
}
