use super::*;

/// `marshal.dumps(compile(SOURCE, 't.py', 'exec'))`, recorded from the reference.
const RECORDED: &[u8] = include_bytes!("../../../tests/marshal/sample.bin");

#[test]
fn recorded_code_round_trips() {
    let code = loads_code(RECORDED).unwrap();
    assert_eq!(code.filename.as_str(), Some("t.py"));
    assert_eq!(code.name.as_str(), Some("<module>"));
    assert_eq!(dumps_code(&code).unwrap(), RECORDED);
}

#[test]
fn broken_input_is_an_error() {
    for end in 0..RECORDED.len() {
        assert!(loads(&RECORDED[..end]).is_err());
    }
    for position in 0..RECORDED.len() {
        for change in [0x01, 0x80, 0x55, 0xff] {
            let mut bytes = RECORDED.to_vec();
            bytes[position] ^= change;
            if let Ok(Value::Plain(Const::Code(code))) = loads(&bytes) {
                let _ = dumps_code(&code);
            }
        }
    }
}

#[test]
fn messages() {
    let message = |bytes: &[u8]| loads(bytes).unwrap_err().message;
    assert_eq!(message(b""), "EOF read where object expected");
    assert_eq!(message(b"i\x01"), "marshal data too short");
    assert_eq!(message(b"?"), "bad marshal data (unknown type code)");
    assert_eq!(message(b"r\x00\x00\x00\x00"), "bad marshal data (invalid reference)");
    assert_eq!(message(b"(\xff\xff\xff\xff"), "bad marshal data (tuple size out of range)");
    assert_eq!(message(b"0"), "NULL object in marshal data for object");
    assert_eq!(message(b")\x010"), "NULL object in marshal data for tuple");
    let mut deep = b")\x01".repeat(1999);
    deep.push(b'N');
    assert!(loads(&deep).is_ok());
    assert_eq!(message(&b")\x01".repeat(5000)), "recursion limit exceeded");
    assert_eq!(message(b"[\xff\xff\xff\x7f"), "EOF read where object expected");
    assert_eq!(message(b"l\x01\x00\x00\x00\x00\x80"), "bad marshal data (digit out of range in long)");
}

#[test]
fn towers_of_references_are_refused() {
    // A tuple whose n-th element is a tuple that refers to the one before.
    let mut bytes = b"(\xff\xff\x00\x00".to_vec();
    bytes.extend(b"\xa9\x00");
    for index in 0..0xfffei32 {
        bytes.extend(b"\xa9\x01r");
        bytes.extend(index.to_le_bytes());
    }
    assert_eq!(loads(&bytes).unwrap_err().message, "recursion limit exceeded");
}

#[test]
fn values() {
    let both_ways = |bytes: &[u8]| {
        let value = loads(bytes).unwrap();
        assert_eq!(dumps(&value, VERSION).unwrap(), bytes, "{value:?}");
    };
    both_ways(b"N");
    both_ways(b"l\x03\x00\x00\x00\x01\x00\x00\x00\x04\x00");
    both_ways(b"l\xfd\xff\xff\xff\x01\x00\x00\x00\x04\x00");
    both_ways(b"g\x00\x00\x00\x00\x00\x00\xf8?");
    both_ways(b"[\x02\x00\x00\x00NT");
    both_ways(b"{NTF.0");
    both_ways(b"u\x03\x00\x00\x00\xed\xa0\x80");
}

/// How often our bytes equal `py_compile`'s, over the `.pyc` files of a reference installation
/// named by `OURO_PYC_DIR`.
#[test]
#[ignore = "needs a folder of .pyc files in OURO_PYC_DIR"]
fn rewrites_a_library_unchanged() {
    let Some(root) = std::env::var_os("OURO_PYC_DIR") else { return };
    let (mut total, mut same) = (0, 0);
    let mut folders = vec![std::path::PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(".cpython-311.pyc") {
                let bytes = std::fs::read(&path).unwrap();
                let (validation, code) = crate::code::pyc::read(&bytes).unwrap();
                total += 1;
                let written = crate::code::pyc::to_bytes(&code, validation).unwrap();
                if written == bytes {
                    same += 1;
                } else {
                    let at = written.iter().zip(&bytes).position(|(a, b)| a != b).unwrap_or(0);
                    let around = |bytes: &[u8]| {
                        bytes[at.saturating_sub(12)..(at + 24).min(bytes.len())].escape_ascii().to_string()
                    };
                    println!("differs: {} at {at}", path.display());
                    println!("  ours  {}", around(&written));
                    println!("  its   {}", around(&bytes));
                }
            }
        }
    }
    println!("{same} of {total} the same");
    assert!(same * 100 >= total * 90);
}
