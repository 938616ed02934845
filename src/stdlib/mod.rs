//! Native modules, one file or folder each: plain tables of names and functions.

pub mod builtins;
pub mod itertools;
pub mod math;

use crate::objects::ModuleSpec;

/// Every native module, by name.
pub static MODULES: &[&ModuleSpec] = &[&builtins::SPEC, &itertools::SPEC, &math::SPEC];

/// The native module of this name.
pub fn find(name: &str) -> Option<&'static ModuleSpec> {
    MODULES.iter().copied().find(|spec| spec.name == name)
}

/// Makes `sys.stdin`, `sys.stdout` and `sys.stderr`.
pub fn init_streams(_cx: crate::vm::Ctx) -> crate::objects::PyResult<()> {
    Ok(())
}

/// Runs what was registered with `atexit`.
pub fn run_exit_functions(_cx: crate::vm::Ctx) {}
