//! Native modules, one file or folder each: plain tables of names and functions.

pub mod builtins;

use crate::objects::ModuleSpec;

/// Every native module, by name.
pub static MODULES: &[&ModuleSpec] = &[&builtins::SPEC];

/// The native module of this name.
pub fn find(name: &str) -> Option<&'static ModuleSpec> {
    MODULES.iter().copied().find(|spec| spec.name == name)
}
