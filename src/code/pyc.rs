//! `.pyc` files: sixteen bytes of header (PEP 552), then a marshalled code object.
//!
//! ```text
//! magic 4 │ flags 4 │ mtime 4, source size 4      flags 0: checked against the source's stat
//! magic 4 │ flags 4 │ hash of the source 8        flags bit 0; bit 1 says whether it is checked
//! ```

use std::fs;
use std::hash::Hasher;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use siphasher::sip::SipHasher13;

use super::marshal::{self, MarshalError};
use super::object::CodeObject;

/// The magic number of CPython 3.11 (3495) and the line end that shows text-mode damage.
pub const MAGIC: [u8; 4] = [0xa7, 0x0d, 0x0d, 0x0a];

/// Bytes before the marshalled code.
pub const HEADER_LEN: usize = 16;

/// How a `.pyc` says which source it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validation {
    /// Both taken modulo 2**32: seconds of the source's modification time, its size in bytes.
    Timestamp { mtime: u32, size: u32 },
    /// [`source_hash`]; `check` asks the importer to compare it with the source.
    Hash { hash: [u8; 8], check: bool },
}

/// Why a `.pyc` is not used. The text is what `importlib` says, without the module's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PycError {
    /// Another interpreter's file: `bad magic number in 'name': b'…'`.
    BadMagic(Vec<u8>),
    /// `reached EOF while reading pyc header of 'name'`.
    TruncatedHeader,
    /// `invalid flags 4 in 'name'`.
    InvalidFlags(u32),
    /// The body is broken.
    Body(MarshalError),
}

impl PycError {
    /// The message `importlib` gives for a module.
    pub fn message(&self, name: &str) -> String {
        match self {
            PycError::BadMagic(magic) => format!("bad magic number in '{name}': b'{}'", magic.escape_ascii()),
            PycError::TruncatedHeader => format!("reached EOF while reading pyc header of '{name}'"),
            PycError::InvalidFlags(flags) => format!("invalid flags {flags} in '{name}'"),
            PycError::Body(error) => error.message.clone(),
        }
    }
}

/// Reads a header, or says why the file is not one of ours.
///
/// # Errors
/// In the order in which `importlib._bootstrap_external._classify_pyc` checks.
pub fn read_header(bytes: &[u8]) -> Result<Validation, PycError> {
    let magic = bytes.get(..4).unwrap_or(bytes);
    if magic != MAGIC {
        return Err(PycError::BadMagic(magic.to_vec()));
    }
    let word = |at: usize| -> Result<[u8; 4], PycError> {
        let bytes = bytes.get(at..at + 4).and_then(|word| word.try_into().ok());
        bytes.ok_or(PycError::TruncatedHeader)
    };
    let (first, second) = (word(8)?, word(12)?);
    let flags = u32::from_le_bytes(word(4)?);
    if flags & !0b11 != 0 {
        return Err(PycError::InvalidFlags(flags));
    }
    if flags & 1 == 0 {
        return Ok(Validation::Timestamp {
            mtime: u32::from_le_bytes(first),
            size: u32::from_le_bytes(second),
        });
    }
    let mut hash = [0; 8];
    hash[..4].copy_from_slice(&first);
    hash[4..].copy_from_slice(&second);
    Ok(Validation::Hash { hash, check: flags & 0b10 != 0 })
}

/// Reads a whole file: header and code.
///
/// # Errors
/// Whatever is wrong with either.
pub fn read(bytes: &[u8]) -> Result<(Validation, Arc<CodeObject>), PycError> {
    let validation = read_header(bytes)?;
    let code = marshal::loads_code(&bytes[HEADER_LEN..]).map_err(PycError::Body)?;
    Ok((validation, code))
}

/// The bytes of a `.pyc` file.
///
/// # Errors
/// When the code cannot be marshalled.
pub fn to_bytes(code: &CodeObject, validation: Validation) -> Result<Vec<u8>, MarshalError> {
    let mut bytes = MAGIC.to_vec();
    match validation {
        Validation::Timestamp { mtime, size } => {
            bytes.extend(0u32.to_le_bytes());
            bytes.extend(mtime.to_le_bytes());
            bytes.extend(size.to_le_bytes());
        }
        Validation::Hash { hash, check } => {
            bytes.extend((1u32 | u32::from(check) << 1).to_le_bytes());
            bytes.extend(hash);
        }
    }
    bytes.extend(marshal::dumps_code(code)?);
    Ok(bytes)
}

/// `_imp.source_hash(importlib.util._RAW_MAGIC_NUMBER, source)`.
pub fn source_hash(source: &[u8]) -> [u8; 8] {
    let mut hasher = SipHasher13::new_with_keys(u64::from(u32::from_le_bytes(MAGIC)), 0);
    hasher.write(source);
    hasher.finish().to_le_bytes()
}

/// Where a source's `.pyc` lives: `__pycache__/NAME.cpython-311.pyc`, with `.opt-1` or `.opt-2`
/// for the optimize levels. `None` for a path without a file name.
pub fn cache_path(source: &Path, optimize: u8) -> Option<PathBuf> {
    let mut name = source.file_stem()?.to_os_string();
    name.push(".cpython-311");
    if optimize > 0 {
        name.push(format!(".opt-{optimize}"));
    }
    name.push(".pyc");
    Some(source.parent().unwrap_or(Path::new("")).join("__pycache__").join(name))
}

/// Writes a `.pyc` so that readers see the old file or the whole new one, making `__pycache__`
/// where needed. `mode` is the permission bits of the source file.
///
/// # Errors
/// Those of the file system; importers ignore them.
pub fn write_atomic(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}", std::process::id()));
    let temporary = path.with_file_name(name);
    let written = (|| {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true).mode((mode | 0o200) & 0o666);
        let mut file = options.open(&temporary)?;
        file.write_all(bytes)?;
        fs::rename(&temporary, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let bytes = |flags: u32| [&MAGIC[..], &flags.to_le_bytes(), b"\x01\0\0\0\x02\0\0\0"].concat();
        assert_eq!(read_header(&bytes(0)), Ok(Validation::Timestamp { mtime: 1, size: 2 }));
        let hash = *b"\x01\0\0\0\x02\0\0\0";
        assert_eq!(read_header(&bytes(1)), Ok(Validation::Hash { hash, check: false }));
        assert_eq!(read_header(&bytes(3)), Ok(Validation::Hash { hash, check: true }));
        assert_eq!(read_header(&bytes(4)).unwrap_err().message("m"), "invalid flags 4 in 'm'");
        assert_eq!(read_header(&bytes(0)[..9]), Err(PycError::TruncatedHeader));
        assert_eq!(
            read_header(b"\xcb\r\r\n").unwrap_err().message("m"),
            "bad magic number in 'm': b'\\xcb\\r\\r\\n'"
        );
    }

    #[test]
    fn hash_of_a_source() {
        // `_imp.source_hash(importlib.util._RAW_MAGIC_NUMBER, b"x = 1\n")` of the reference.
        assert_eq!(source_hash(b"x = 1\n"), *b"L\x03r\xaa\x93\xf7RR");
    }

    #[test]
    fn written_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = cache_path(&folder.path().join("m.py"), 0).unwrap();
        write_atomic(&path, b"one", 0o644).unwrap();
        write_atomic(&path, b"two", 0o644).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        assert_eq!(path.file_name().unwrap(), "m.cpython-311.pyc");
    }
}
