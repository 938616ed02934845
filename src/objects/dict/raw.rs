//! The hash tables beneath dicts: key tables (combined and shared) that cannot call Python.

/// An insertion-ordered key table: combined (with values) or split (shared by instances).
#[repr(C)]
pub struct DictKeys {
    /// Dicts and types that use the table.
    pub(super) refcount: usize,
}
