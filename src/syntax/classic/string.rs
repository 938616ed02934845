//! String literals of Python 2.7. A plain one is a string of bytes, here one code point below 256 for each.

use crate::code::object::Text;
use crate::syntax::literal::character_by_name;

/// What stands before the quote.
#[derive(Clone, Copy, Default)]
pub(super) struct Prefix {
    pub unicode: bool,
    pub raw: bool,
}

/// The prefix of a string literal at the start of `text`, and its length; `None` where there is no string.
pub(super) fn prefix(text: &str) -> Option<(Prefix, usize)> {
    let bytes = text.as_bytes();
    let mut prefix = Prefix::default();
    let mut at = 0;
    if let Some(b'u' | b'U' | b'b' | b'B') = bytes.first() {
        prefix.unicode = matches!(bytes[0], b'u' | b'U');
        at = 1;
    }
    if let Some(b'r' | b'R') = bytes.get(at) {
        prefix.raw = true;
        at += 1;
    }
    matches!(bytes.get(at), Some(b'\'' | b'"')).then_some((prefix, at))
}

/// The value of a literal's body; an error says what is wrong with an escape.
pub(super) fn decode(body: &str, prefix: Prefix) -> Result<Text, String> {
    if prefix.unicode { decode_unicode(body, prefix.raw) } else { decode_bytes(body, prefix.raw) }
}

fn decode_bytes(body: &str, raw: bool) -> Result<Text, String> {
    let bytes = body.as_bytes();
    let mut points = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        if byte != b'\\' || raw || at >= bytes.len() {
            points.push(u32::from(byte));
            continue;
        }
        let escape = bytes[at];
        at += 1;
        match escape {
            b'x' => {
                let value = hex(bytes, at, 2).ok_or("invalid \\x escape")?;
                points.push(value);
                at += 2;
            }
            _ => at = common_escape(bytes, escape, at, &mut points),
        }
    }
    Ok(Text::from_code_points(points.into_iter().map(|point| point & 0xff)))
}

fn decode_unicode(body: &str, raw: bool) -> Result<Text, String> {
    let chars: Vec<char> = body.chars().collect();
    let mut points = Vec::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        at += 1;
        if c != '\\' || at >= chars.len() {
            points.push(u32::from(c));
            continue;
        }
        let escape = chars[at];
        let digits = match escape {
            'u' => 4,
            'U' => 8,
            'x' if !raw => 2,
            _ => 0,
        };
        if digits > 0 {
            let text: String = chars[at + 1..].iter().take(digits).collect();
            let value = (text.len() == digits).then(|| u32::from_str_radix(&text, 16).ok()).flatten();
            let Some(value) = value.filter(|&value| value <= 0x10_ffff) else {
                let shape =
                    ["xXX", "uXXXX", "UXXXXXXXX"][[2, 4, 8].iter().position(|&d| d == digits).unwrap_or(0)];
                return Err(format!(
                    "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: truncated \\{shape} escape"
                ));
            };
            points.push(value);
            at += 1 + digits;
            continue;
        }
        if raw {
            points.push(u32::from('\\'));
            continue;
        }
        at += 1;
        if escape == 'N' {
            let name: String = chars[at..].iter().skip(1).take_while(|&&c| c != '}').collect();
            let Some(found) = character_by_name(&name).filter(|_| chars.get(at) == Some(&'{')) else {
                return Err(
                    "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: unknown \
                            Unicode character name"
                        .to_string(),
                );
            };
            points.push(u32::from(found));
            at += name.chars().count() + 2;
            continue;
        }
        if escape.is_ascii() {
            let tail: String = chars[at..].iter().take(2).collect();
            let mut bytes = vec![b'\\', escape as u8];
            bytes.extend(tail.bytes());
            let used = common_escape(&bytes, escape as u8, 2, &mut points) - 2;
            at += used;
        } else {
            points.extend([u32::from('\\'), u32::from(escape)]);
        }
    }
    Ok(Text::from_code_points(points))
}

/// Escapes that both kinds know; gives where the text goes on.
fn common_escape(bytes: &[u8], escape: u8, at: usize, points: &mut Vec<u32>) -> usize {
    let simple = match escape {
        b'\n' => return at,
        b'\\' | b'\'' | b'"' => escape,
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'0'..=b'7' => {
            let mut value = u32::from(escape - b'0');
            let mut end = at;
            while end < at + 2 && bytes.get(end).is_some_and(|b| (b'0'..b'8').contains(b)) {
                value = value * 8 + u32::from(bytes[end] - b'0');
                end += 1;
            }
            points.push(value);
            return end;
        }
        other => {
            points.extend([u32::from('\\'), u32::from(other)]);
            return at;
        }
    };
    points.push(u32::from(simple));
    at
}

fn hex(bytes: &[u8], at: usize, digits: usize) -> Option<u32> {
    let text = std::str::from_utf8(bytes.get(at..at + digits)?).ok()?;
    u32::from_str_radix(text, 16).ok()
}
