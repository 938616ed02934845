//! Lines and positions of a text stream.

use super::base::{call, unsupported};
use super::text::TextIo;
use crate::memory::{Object, Ref};
use crate::objects::str::codec::Encoding;
use crate::objects::str::{StrBuilder, Units, raw};
use crate::objects::{IntObject, PyResult, StrObject};
use crate::vm::Ctx;

/// Where a line ends.
#[derive(Clone, Copy)]
pub enum LineEnd {
    /// At `\n`: everything else was translated, or does not count.
    Newline,
    /// At `\r`, `\n` or both.
    Universal,
    Return,
    Both,
}

/// The end of the first line in `units` from `start`, if the line ends there.
pub fn find_line_end(units: Units<'_>, start: usize, end: LineEnd) -> Option<usize> {
    if let (Units::One(bytes), LineEnd::Newline) = (units, end) {
        return memchr::memchr(b'\n', bytes.get(start..)?).map(|at| start + at + 1);
    }
    let len = units.len();
    let mut at = start;
    while at < len {
        let point = units.at(at);
        at += 1;
        let ends = match end {
            LineEnd::Newline => point == 10,
            LineEnd::Return => point == 13,
            LineEnd::Both => point == 13 && at < len && units.at(at) == 10,
            LineEnd::Universal => matches!(point, 10 | 13),
        };
        if ends {
            let pair = point == 13 && at < len && units.at(at) == 10;
            let takes_both = matches!(end, LineEnd::Both | LineEnd::Universal) && pair;
            return Some(at + usize::from(takes_both));
        }
    }
    None
}

/// At most `limit` characters of the next line; empty at the end.
pub fn read_line(cx: Ctx, text: &TextIo, limit: Option<usize>) -> PyResult<Ref<StrObject>> {
    text.flush_pending(cx)?;
    let end = text.with(|state| {
        if state.universal {
            if state.translate { LineEnd::Newline } else { LineEnd::Universal }
        } else {
            match state.read_newline {
                "\r" => LineEnd::Return,
                "\r\n" => LineEnd::Both,
                _ => LineEnd::Newline,
            }
        }
    });
    let mut line: Option<StrBuilder> = None;
    loop {
        let (piece, used) = text.with(|state| (state.decoded.clone(), state.used));
        let Some(piece) = piece.filter(|piece| used < piece.len()) else {
            if limit != Some(0) && text.read_piece(cx, 0)? {
                continue;
            }
            break;
        };
        let units = piece.units();
        let have = line.as_ref().map_or(0, StrBuilder::len);
        let room = limit.map_or(usize::MAX, |limit| limit - have);
        // A `\r` that ended the piece before goes with a `\n` that begins this one.
        let straddles = matches!(end, LineEnd::Both)
            && line.as_ref().and_then(StrBuilder::last) == Some(13)
            && units.at(used) == 10;
        let found = if straddles { Some(used + 1) } else { find_line_end(units, used, end) };
        let stop = found.unwrap_or(units.len()).min(used.saturating_add(room));
        let done = stop - used == room || found == Some(stop);
        text.with(|state| state.used = stop);
        if done && line.is_none() {
            return Ok(raw::from_units(units.range(used, stop)));
        }
        line.get_or_insert_default().push_units(units.range(used, stop));
        if done {
            break;
        }
    }
    Ok(line.map_or_else(raw::empty, StrBuilder::finish))
}

/// The position as a number that `seek` takes.
pub fn tell(cx: Ctx, object: &Object, text: &TextIo) -> PyResult {
    let buffer = text.buffer(cx)?;
    text.check_open(cx)?;
    if !text.seekable.get() {
        return Err(unsupported(cx, "underlying stream is not seekable"));
    }
    if !text.telling.get() {
        return Err(
            cx.raise(crate::objects::exceptions().os_error, "telling position disabled by next() call")
        );
    }
    text.flush_pending(cx)?;
    call(cx, object, "flush", &[])?;
    let at = call(cx, &buffer, "tell", &[])?;
    let (snapshot, used) = text.with(|state| (state.snapshot.clone(), state.used));
    let Some((before, bytes)) = snapshot else { return Ok(at) };
    let start = cx.to_i64(&at)? - bytes.len() as i64 - before.held().len() as i64;
    if used == 0 {
        return Ok(cx.new_int(start));
    }
    let all = [before.held(), bytes.as_slice()].concat();
    let mut decoder = before;
    let mut fresh = decoder.clone();
    // Most text: one byte, or one run of bytes, stands for each character.
    let simple = memchr::memchr(b'\r', &all).is_none()
        && !decoder.newlines.as_ref().is_some_and(|n| n.pending_cr)
        && !decoder.codec.signature
        && decoder.codec.registered.is_none();
    if simple && (all.is_ascii() || decoder.codec.encoding == Encoding::Latin1) {
        return Ok(cx.new_int(start + used as i64));
    }
    if simple
        && decoder.codec.encoding == Encoding::Utf8
        && let Ok(valid) = std::str::from_utf8(&all)
    {
        let offset = valid.char_indices().nth(used).map_or(valid.len(), |(at, _)| at);
        return Ok(cx.new_int(start + offset as i64));
    }
    // Otherwise byte by byte, up to where the characters handed out are complete.
    let held = decoder.held().len();
    let mut chars = 0;
    let mut offset = held;
    for (index, byte) in bytes.iter().enumerate() {
        chars += decoder.decode(cx, std::slice::from_ref(byte), false)?.len();
        if chars <= used && decoder.is_clean() {
            offset = held + index + 1;
        }
        if chars >= used && decoder.is_clean() {
            break;
        }
    }
    if chars < used {
        // What is left came out at the end of the stream only.
        let _ = fresh.decode(cx, &bytes, true)?;
        offset = held + bytes.len();
    }
    Ok(cx.new_int(start + offset as i64))
}

/// Moves to a position that `tell` gave, or to one of the ends.
pub fn seek(cx: Ctx, object: &Object, text: &TextIo, cookie: &Ref, whence: i32) -> PyResult {
    let buffer = text.buffer(cx)?;
    text.check_open(cx)?;
    if !text.seekable.get() {
        return Err(unsupported(cx, "underlying stream is not seekable"));
    }
    let zero = || cx.new_int(0);
    let mut cookie = cookie.clone();
    match whence {
        libc::SEEK_CUR => {
            if !cx.equal(&cookie, &zero())? {
                return Err(unsupported(cx, "can't do nonzero cur-relative seeks"));
            }
            // To where we are: the underlying stream moves to the logical position.
            cookie = call(cx, object, "tell", &[])?;
        }
        libc::SEEK_END => {
            if !cx.equal(&cookie, &zero())? {
                return Err(unsupported(cx, "can't do nonzero end-relative seeks"));
            }
            call(cx, object, "flush", &[])?;
            forget(text, false);
            let at = call(cx, &buffer, "seek", &[zero(), cx.new_int(2)])?;
            let begun = cx.is_true(&at)?;
            text.with(|state| state.begun = begun);
            return Ok(at);
        }
        libc::SEEK_SET => {}
        _ => {
            return Err(cx.value_error(format_args!("invalid whence ({whence}, should be 0, 1 or 2)")));
        }
    }
    if cookie.downcast::<IntObject>().is_some_and(IntObject::is_negative) {
        return Err(cx.value_error(format_args!("negative seek position {}", cx.repr_text(&cookie)?)));
    }
    call(cx, object, "flush", &[])?;
    let position = cx.to_i64(&cookie)?;
    call(cx, &buffer, "seek", &[cx.new_int(position)])?;
    forget(text, position == 0);
    text.with(|state| state.begun = position != 0);
    Ok(cookie)
}

/// Forgets what was decoded; the decoder starts anew.
pub fn forget(text: &TextIo, at_start: bool) {
    let old = text.with(|state| {
        state.snapshot = None;
        state.used = 0;
        if let Some(decoder) = &mut state.decoder {
            decoder.reset(at_start);
        }
        state.decoded.take()
    });
    drop(old);
}
