use super::*;
use crate::code::marshal;

/// A `repr` good enough for the constants of the sample.
fn repr(item: &Const) -> String {
    match item {
        Const::None => "None".to_string(),
        Const::Ellipsis => "Ellipsis".to_string(),
        Const::Int(value) => value.to_string(),
        Const::Float(value) => value.to_string(),
        Const::Str(text) => format!("'{text}'"),
        Const::Tuple(items) => {
            let items: Vec<_> = items.iter().map(repr).collect();
            format!("({}{})", items.join(", "), if items.len() == 1 { "," } else { "" })
        }
        Const::Code(code) => {
            format!(
                "<code object {} at 0x0, file \"{}\", line {}>",
                code.name, code.filename, code.firstlineno
            )
        }
        _ => "?".to_string(),
    }
}

/// `sample.txt` is what the reference prints for `sample.bin`; `record.py` beside them writes both.
#[test]
fn prints_what_the_reference_prints() {
    let code = marshal::loads_code(include_bytes!("../../../tests/dis/sample.bin")).unwrap();
    let expected = include_str!("../../../tests/dis/sample.txt");
    assert_eq!(disassemble(&code, &repr, Options::default()), expected);
    let expected = include_str!("../../../tests/dis/sample_caches.txt");
    let options = Options { lasti: Some(2), show_caches: true, depth: Some(0) };
    assert_eq!(disassemble(&code, &repr, options), expected);
}

#[test]
fn broken_code_prints() {
    let mut code = (*marshal::loads_code(include_bytes!("../../../tests/dis/sample.bin")).unwrap()).clone();
    code.consts.clear();
    code.names.clear();
    code.localsplusnames.clear();
    for byte in 0..=255u8 {
        code.code.extend([byte, 0xff]);
    }
    assert!(disassemble(&code, &repr, Options::default()).contains("<3>"));
}
