//! `binascii`: bytes as text (base64, hexadecimal, uuencoding, quoted-printable) and checksums.

use crate::memory::{Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::bytes::methods::hex_of;
use crate::objects::module::ModuleObject;
use crate::objects::spec::{MethodDef, Signature};
use crate::objects::{Args, ModuleSpec, PyResult, Raised, StrObject, TypeObject, exceptions};
use crate::vm::Ctx;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `binascii.Error`, which the module holds.
fn error(cx: Ctx, message: impl std::fmt::Display) -> Raised {
    super::support::raise_of(cx, "binascii", "Error", exceptions().value_error, message)
}

/// ASCII text or bytes, as the decoding functions take them.
fn ascii_bytes(cx: Ctx, value: &Object) -> PyResult<Vec<u8>> {
    match value.downcast::<StrObject>() {
        Some(text) => match text.as_ascii() {
            Some(ascii) => Ok(ascii.as_bytes().to_vec()),
            None => Err(cx.value_error("string argument should contain only ASCII characters")),
        },
        None if value.ty().slots().as_bytes.is_none() => Err(cx.type_error(format_args!(
            "argument should be bytes, buffer or ASCII string, not '{}'",
            value.ty().tp_name()
        ))),
        None => cx.with_bytes(value, <[u8]>::to_vec),
    }
}

fn flag(cx: Ctx, value: Option<&Ref>, default: bool) -> PyResult<bool> {
    value.map_or(Ok(default), |value| cx.is_true(value))
}

fn b2a_base64(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "b2a_base64", params: &["", "newline"], required: 1, max_positional: 1 };
    let mut given = [None, None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let [Some(data), newline] = given else { return Err(cx.system_error("bad internal call")) };
    let newline = flag(cx, newline.as_ref(), true)?;
    let mut out = cx.with_bytes(&data, |bytes| {
        let mut out = Vec::with_capacity(bytes.len() / 3 * 4 + 5);
        for chunk in bytes.chunks(3) {
            let word = chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte));
            let word = word << (8 * (3 - chunk.len()));
            for place in 0..4 {
                let digit = BASE64[(word >> (18 - 6 * place) & 63) as usize];
                out.push(if place > chunk.len() { b'=' } else { digit });
            }
        }
        out
    })?;
    if newline {
        out.push(b'\n');
    }
    Ok(cx.new_bytes(&out).into_object())
}

fn a2b_base64(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "a2b_base64", params: &["", "strict_mode"], required: 1, max_positional: 1 };
    let mut given = [None, None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let [Some(data), strict] = given else { return Err(cx.system_error("bad internal call")) };
    let data = ascii_bytes(cx, &data)?;
    let strict = flag(cx, strict.as_ref(), false)?;
    if strict && data.first() == Some(&b'=') {
        return Err(error(cx, "Leading padding not allowed"));
    }
    let (mut out, mut quad, mut left, mut pads, mut seen_pad) = (Vec::new(), 0usize, 0u8, 0usize, false);
    for (at, byte) in data.iter().enumerate() {
        if *byte == b'=' {
            seen_pad = true;
            if quad >= 2 && {
                pads += 1;
                quad + pads >= 4
            } {
                if strict && at + 1 < data.len() {
                    return Err(error(cx, "Excess data after padding"));
                }
                return Ok(cx.new_bytes(&out).into_object());
            }
            continue;
        }
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ if strict => return Err(error(cx, "Only base64 data is allowed")),
            _ => continue,
        };
        if strict && seen_pad {
            return Err(error(cx, "Discontinuous padding not allowed"));
        }
        pads = 0;
        match quad {
            0 => left = value,
            1 => {
                out.push(left << 2 | value >> 4);
                left = value & 15;
            }
            2 => {
                out.push(left << 4 | value >> 2);
                left = value & 3;
            }
            _ => out.push(left << 6 | value),
        }
        quad = (quad + 1) % 4;
    }
    match quad {
        0 => Ok(cx.new_bytes(&out).into_object()),
        1 => Err(error(
            cx,
            format_args!(
                "Invalid base64-encoded string: number of data characters ({}) cannot be 1 more than a multiple of 4",
                out.len() / 3 * 4 + 1
            ),
        )),
        _ => Err(error(cx, "Incorrect padding")),
    }
}

fn hexlify(cx: Ctx, args: Args<'_>, name: &'static str) -> PyResult {
    // The separator and its distance are what `bytes.hex` takes after the receiver.
    let keyword = args.keywords().find(|(key, _)| key.eq_str("data"));
    let (data, rest) = match (args.pos().split_first(), keyword) {
        (Some((data, _)), _) => (data, Some(1)),
        (None, Some((_, data))) => (data, None),
        (None, None) => {
            return Err(cx.type_error(format_args!("{name}() missing required argument 'data' (pos 1)")));
        }
    };
    let bytes = cx.with_bytes(data, <[u8]>::to_vec)?;
    let text = match rest {
        Some(_) => hex_of(cx, &bytes, Args::new(&args.all()[1..], args.names()))?,
        None => hex_of(cx, &bytes, Args::EMPTY)?,
    };
    let text = text.downcast::<StrObject>().and_then(StrObject::as_ascii).unwrap_or_default();
    Ok(cx.new_bytes(text.as_bytes()).into_object())
}

fn b2a_hex(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    hexlify(cx, args, "b2a_hex")
}

fn f_hexlify(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    hexlify(cx, args, "hexlify")
}

fn unhexlify(cx: Ctx, _: &Object, data: &Ref) -> PyResult {
    let data = ascii_bytes(cx, data)?;
    if data.len() % 2 != 0 {
        return Err(error(cx, "Odd-length string"));
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let mut out = Vec::with_capacity(data.len() / 2);
    for pair in data.chunks_exact(2) {
        match (digit(pair[0]), digit(pair[1])) {
            (Some(high), Some(low)) => out.push(high << 4 | low),
            _ => return Err(error(cx, "Non-hexadecimal digit found")),
        }
    }
    Ok(cx.new_bytes(&out).into_object())
}

fn b2a_uu(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "b2a_uu", params: &["", "backtick"], required: 1, max_positional: 1 };
    let mut given = [None, None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let [Some(data), backtick] = given else { return Err(cx.system_error("bad internal call")) };
    let zero = if flag(cx, backtick.as_ref(), false)? { b'`' } else { b' ' };
    let data = cx.with_bytes(&data, <[u8]>::to_vec)?;
    if data.len() > 45 {
        return Err(error(cx, "At most 45 bytes at once"));
    }
    let shown = |value: u8| if value == 0 { zero } else { value + b' ' };
    let mut out = vec![shown(data.len() as u8)];
    for chunk in data.chunks(3) {
        let mut three = [0; 3];
        three[..chunk.len()].copy_from_slice(chunk);
        let word = three.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte));
        out.extend((0..4).map(|place| shown((word >> (18 - 6 * place) & 63) as u8)));
    }
    out.push(b'\n');
    Ok(cx.new_bytes(&out).into_object())
}

fn a2b_uu(cx: Ctx, _: &Object, data: &Ref) -> PyResult {
    let data = ascii_bytes(cx, data)?;
    let Some((first, rest)) = data.split_first() else { return Ok(cx.new_bytes(b"").into_object()) };
    let wanted = usize::from(first.wrapping_sub(b' ') & 63);
    let (mut out, mut word, mut bits, mut at) = (Vec::with_capacity(wanted), 0u32, 0, 0);
    while out.len() < wanted {
        let value = match rest.get(at) {
            // A missing end counts as spaces.
            None | Some(b'\n' | b'\r') => 0,
            Some(byte @ b' '..=b'`') => (byte - b' ') & 63,
            Some(_) => return Err(error(cx, "Illegal char")),
        };
        at += usize::from(at < rest.len());
        word = (word << 6 | u32::from(value)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
        }
    }
    if rest[at.min(rest.len())..].iter().any(|byte| !matches!(byte, b' ' | b'`' | b'\n' | b'\r')) {
        return Err(error(cx, "Trailing garbage"));
    }
    Ok(cx.new_bytes(&out).into_object())
}

fn a2b_qp(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "a2b_qp", params: &["data", "header"], required: 1, max_positional: 2 };
    let mut given = [None, None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let [Some(data), header] = given else { return Err(cx.system_error("bad internal call")) };
    let header = flag(cx, header.as_ref(), false)?;
    let data = ascii_bytes(cx, &data)?;
    let (mut out, mut at) = (Vec::with_capacity(data.len()), 0);
    let digit = |at: usize| data.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    while at < data.len() {
        match data[at] {
            b'=' => {
                at += 1;
                match data.get(at) {
                    None => break,
                    Some(b'\n' | b'\r') => {
                        // A soft line break: all of the line end goes.
                        while at < data.len() && data[at] != b'\n' {
                            at += 1;
                        }
                        at += 1;
                    }
                    Some(b'=') => {
                        out.push(b'=');
                        at += 1;
                    }
                    Some(_) => match (digit(at), digit(at + 1)) {
                        (Some(high), Some(low)) => {
                            out.push((high << 4 | low) as u8);
                            at += 2;
                        }
                        _ => out.push(b'='),
                    },
                }
            }
            b'_' if header => {
                out.push(b' ');
                at += 1;
            }
            byte => {
                out.push(byte);
                at += 1;
            }
        }
    }
    Ok(cx.new_bytes(&out).into_object())
}

fn b2a_qp(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature = Signature {
        name: "b2a_qp",
        params: &["data", "quotetabs", "istext", "header"],
        required: 1,
        max_positional: 4,
    };
    let mut given = [None, None, None, None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let [Some(data), quotetabs, istext, header] = given else {
        return Err(cx.system_error("bad internal call"));
    };
    let quotetabs = flag(cx, quotetabs.as_ref(), false)?;
    let istext = flag(cx, istext.as_ref(), true)?;
    let header = flag(cx, header.as_ref(), false)?;
    let data = cx.with_bytes(&data, <[u8]>::to_vec)?;
    Ok(cx.new_bytes(&quoted_printable(&data, quotetabs, istext, header)).into_object())
}

/// Longest line of quoted-printable text.
const QP_LINE: usize = 76;

fn quoted_printable(data: &[u8], quotetabs: bool, istext: bool, header: bool) -> Vec<u8> {
    let crlf = data.iter().position(|byte| *byte == b'\n').is_some_and(|at| at > 0 && data[at - 1] == b'\r');
    let end: &[u8] = if crlf { b"\r\n" } else { b"\n" };
    let (mut out, mut line, mut at) = (Vec::with_capacity(data.len() * 3 / 2), 0usize, 0);
    let escape = |out: &mut Vec<u8>, byte: u8| out.extend(format!("={byte:02X}").bytes());
    while at < data.len() {
        let byte = data[at];
        let next = data.get(at + 1).copied();
        let is_end = |at: usize| match data.get(at) {
            Some(b'\n') => true,
            Some(b'\r') => data.get(at + 1) == Some(&b'\n'),
            _ => false,
        };
        let quoted = byte > 126
            || byte == b'='
            || (header && byte == b'_')
            || (byte == b'.' && line == 0 && (next.is_none() || matches!(next, Some(b'\n' | b'\r' | 0))))
            || (!istext && matches!(byte, b'\r' | b'\n'))
            || (matches!(byte, b'\t' | b' ') && at + 1 == data.len())
            || (byte < 33 && !matches!(byte, b'\r' | b'\n' | b'\t' | b' '))
            || (byte < 33 && !matches!(byte, b'\r' | b'\n') && quotetabs);
        if quoted {
            if line + 3 >= QP_LINE {
                out.push(b'=');
                out.extend(end);
                line = 0;
            }
            escape(&mut out, byte);
            line += 3;
            at += 1;
        } else if istext && is_end(at) {
            // Blanks before the end of a line would get lost.
            if let Some(last @ (b' ' | b'\t')) = out.last().copied() {
                out.pop();
                escape(&mut out, last);
            }
            out.extend(end);
            line = 0;
            at += if byte == b'\r' { 2 } else { 1 };
        } else {
            if at + 1 < data.len() && next != Some(b'\n') && line + 1 >= QP_LINE {
                out.push(b'=');
                out.extend(end);
                line = 0;
            }
            line += 1;
            out.push(if header && byte == b' ' { b'_' } else { byte });
            at += 1;
        }
    }
    out
}

/// CRC-32 as zip and PNG have it, going on from `start`.
pub fn crc32_of(bytes: &[u8], start: u32) -> u32 {
    static TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut index = 0;
        while index < 256 {
            let (mut value, mut bit) = (index as u32, 0);
            while bit < 8 {
                value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
                bit += 1;
            }
            table[index] = value;
            index += 1;
        }
        table
    };
    !bytes.iter().fold(!start, |crc, byte| TABLE[usize::from(crc as u8 ^ byte)] ^ (crc >> 8))
}

pub fn crc32(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "crc32", args, 1, 2)?;
    let start = args.get(1).map_or(Ok(0), |start| super::support::wrapped_u32(cx, start))?;
    let crc = cx.with_bytes(&args[0], |bytes| crc32_of(bytes, start))?;
    Ok(cx.new_int(i64::from(crc)))
}

fn crc_hqx(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "crc_hqx", args, 2, 2)?;
    let start = super::support::wrapped_u32(cx, &args[1])? as u16;
    let crc = cx.with_bytes(&args[0], |bytes| {
        bytes.iter().fold(start, |mut crc, byte| {
            crc ^= u16::from(*byte) << 8;
            for _ in 0..8 {
                crc = if crc & 0x8000 != 0 { crc << 1 ^ 0x1021 } else { crc << 1 };
            }
            crc
        })
    })?;
    Ok(cx.new_int(i64::from(crc)))
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let add = |name: &str, base: &TypeObject| -> PyResult<()> {
        let class = super::support::new_exception(cx, "binascii", name, base.to_object())?;
        module.add(cx, name, class)
    };
    add("Error", exceptions().value_error)?;
    add("Incomplete", exceptions().exception)
}

use crate::memory::Layout as _;

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "binascii",
    doc: Some("Conversion between binary data and ASCII"),
    functions: &[
        MethodDef::one("a2b_uu", a2b_uu, "a2b_uu($module, data, /)\n--\n\nDecode a line of uuencoded data."),
        MethodDef::keywords(
            "b2a_uu",
            b2a_uu,
            "b2a_uu($module, data, /, *, backtick=False)\n--\n\nUuencode line of data.",
        ),
        MethodDef::keywords(
            "a2b_base64",
            a2b_base64,
            "a2b_base64($module, data, /, *, strict_mode=False)\n--\n\nDecode a line of base64 data.",
        ),
        MethodDef::keywords(
            "b2a_base64",
            b2a_base64,
            "b2a_base64($module, data, /, *, newline=True)\n--\n\nBase64-code line of data.",
        ),
        MethodDef::keywords(
            "b2a_hex",
            b2a_hex,
            "b2a_hex($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\nHexadecimal representation of binary data.",
        ),
        MethodDef::keywords(
            "hexlify",
            f_hexlify,
            "hexlify($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\nHexadecimal representation of binary data.",
        ),
        MethodDef::one(
            "a2b_hex",
            unhexlify,
            "a2b_hex($module, hexstr, /)\n--\n\nBinary data of hexadecimal representation.",
        ),
        MethodDef::one(
            "unhexlify",
            unhexlify,
            "unhexlify($module, hexstr, /)\n--\n\nBinary data of hexadecimal representation.",
        ),
        MethodDef::keywords(
            "a2b_qp",
            a2b_qp,
            "a2b_qp($module, /, data, header=False)\n--\n\nDecode a string of qp-encoded data.",
        ),
        MethodDef::keywords(
            "b2a_qp",
            b2a_qp,
            "b2a_qp($module, /, data, quotetabs=False, istext=True, header=False)\n--\n\nEncode a string using quoted-printable encoding.",
        ),
        MethodDef::fast(
            "crc32",
            crc32,
            "crc32($module, data, crc=0, /)\n--\n\nCompute CRC-32 incrementally.",
        ),
        MethodDef::fast(
            "crc_hqx",
            crc_hqx,
            "crc_hqx($module, data, crc, /)\n--\n\nCompute CRC-CCITT incrementally.",
        ),
    ],
    exec: Some(exec),
};
