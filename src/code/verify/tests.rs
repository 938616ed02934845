use super::*;
use crate::code::marshal;

fn sample() -> std::sync::Arc<CodeObject> {
    marshal::loads_code(include_bytes!("../../../tests/dis/sample.bin")).unwrap()
}

fn all(code: &CodeObject, check: &mut dyn FnMut(&CodeObject)) {
    check(code);
    for item in &code.consts {
        if let Const::Code(code) = item {
            all(code, check);
        }
    }
}

/// A module of nothing but these code units.
fn module(units: &[(u8, u8)], stacksize: u32) -> CodeObject {
    let mut code = (*sample()).clone();
    code.code = units.iter().flat_map(|&(opcode, arg)| [opcode, arg]).collect();
    code.stacksize = stacksize;
    code.names.truncate(2);
    code.exceptiontable.clear();
    code
}

fn refusal(units: &[(u8, u8)]) -> Refusal {
    verify(&module(units, 4)).unwrap_err()
}

#[test]
fn what_the_reference_compiles_passes() {
    let mut count = 0;
    for bytes in [
        &include_bytes!("../../../tests/dis/sample.bin")[..],
        include_bytes!("../../../tests/marshal/sample.bin"),
    ] {
        all(&marshal::loads_code(bytes).unwrap(), &mut |code| {
            count += 1;
            assert_eq!(verify(code).map(|deepest| deepest <= code.stacksize), Ok(true), "{}", code.qualname);
        });
    }
    assert!(count > 5);
}

/// `OURO_VERIFY_PYCS`: a folder whose `.pyc` files must all pass, such as a library's `__pycache__`.
#[test]
fn given_files_pass() {
    let Some(folder) = std::env::var_os("OURO_VERIFY_PYCS") else { return };
    let (mut files, mut codes, mut refused) = (0, 0, Vec::new());
    let mut folders = vec![std::path::PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pyc") {
                let Ok((_, code)) = crate::code::pyc::read(&std::fs::read(&path).unwrap()) else { continue };
                files += 1;
                all(&code, &mut |code| {
                    codes += 1;
                    if let Err(reason) = verify(code) {
                        refused.push(format!("{}: {}: {reason}", path.display(), code.qualname));
                    }
                });
            }
        }
    }
    println!("{codes} code objects of {files} files");
    assert!(
        refused.is_empty(),
        "{} refused, such as {:#?}",
        refused.len(),
        &refused[..refused.len().min(20)]
    );
}

#[test]
fn hostile_code_is_refused() {
    let none = (op::LOAD_CONST, 0);
    assert_eq!(verify(&module(&[none, (op::RETURN_VALUE, 0)], 1)), Ok(1));
    assert_eq!(refusal(&[(op::RETURN_VALUE, 0)]), "stack underflow");
    assert_eq!(refusal(&[none]), "the end is reached");
    assert_eq!(refusal(&[(3, 0)]), "unknown opcode");
    assert_eq!(refusal(&[(255, 0)]), "unknown opcode");
    assert_eq!(refusal(&[(op::LOAD_CONST, 250)]), "constant out of range");
    assert_eq!(refusal(&[(op::LOAD_NAME, 250)]), "name out of range");
    assert_eq!(refusal(&[(op::LOAD_FAST, 250)]), "variable out of range");
    assert_eq!(refusal(&[(op::EXTENDED_ARG, 1)]), "prefix without an instruction");
    assert_eq!(refusal(&[(op::LOAD_GLOBAL, 0)]), "inline caches are missing");
    assert_eq!(refusal(&[none, none, none, none, none]), "stack deeper than co_stacksize");
    assert_eq!(refusal(&[(op::JUMP_BACKWARD, 7)]), "jump to nowhere");
    assert_eq!(refusal(&[(op::JUMP_FORWARD, 7)]), "jump to nowhere");
    assert_eq!(refusal(&[none, (op::JUMP_BACKWARD, 2)]), "stack depths do not agree");
    assert_eq!(refusal(&[(op::PUSH_NULL, 0), (op::COPY, 1)]), "empty value on the stack");
    assert_eq!(refusal(&[none, none, (op::LIST_APPEND, 1)]), "wrong type on the stack");
    assert_eq!(refusal(&[none, none, (op::MAP_ADD, 1)]), "stack underflow");
    assert_eq!(refusal(&[none, (op::MAKE_FUNCTION, 0)]), "wrong type on the stack");
    assert_eq!(refusal(&[none, (op::POP_EXCEPT, 0)]), "wrong type on the stack");
    assert_eq!(refusal(&[none, (op::YIELD_VALUE, 0)]), "yield outside a generator");
    assert_eq!(refusal(&[none, none, (op::BINARY_OP, 99), (op::CACHE, 0)]), "unknown operator");
    assert_eq!(refusal(&[(op::KW_NAMES, 0)]), "keyword names are not strings");
    assert_eq!(refusal(&[(op::MAKE_CELL, 0)]), "cell of no variable");
    assert_eq!(refusal(&[(op::COPY_FREE_VARS, 3)]), "wrong number of free variables");
}

#[test]
fn broken_code_never_panics() {
    let code = sample();
    all(&code, &mut |code| {
        for at in 0..code.code.len() {
            for change in [1, 2, 0x10, 0x80, 0xff] {
                let mut broken = code.clone();
                broken.code[at] ^= change;
                let _ = verify(&broken);
            }
        }
        for at in 0..code.exceptiontable.len() {
            let mut broken = code.clone();
            broken.exceptiontable[at] ^= 0x15;
            let _ = verify(&broken);
        }
    });
}

/// Deep stacks at many jump targets: refused in bounded time.
#[test]
fn work_is_bounded() {
    let mut units = vec![(op::LOAD_CONST, 0); 20_000];
    for _ in 0..20_000 {
        units.extend([(op::LOAD_CONST, 0), (op::POP_JUMP_FORWARD_IF_TRUE, 0)]);
    }
    units.push((op::RETURN_VALUE, 0));
    assert_eq!(verify(&module(&units, 1 << 20)).unwrap_err(), "code too intricate");
}
