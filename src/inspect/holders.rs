//! Who holds an object: exactly as many holders as its count says, each by name.
use std::collections::HashMap;

use super::edges::{describe, edges};
use super::numbers::Numbers;
use super::roots::each_root;
use crate::memory::look::Still;
use crate::memory::{Layout, Object};
use crate::objects::{DictObject, ModuleObject, StrObject, types};
use crate::session::protocol::{AuditReport, Holder, HolderList};
use crate::vm::Ctx;

/// Holders listed at most.
const MAX_HOLDERS: usize = 200;
/// Differences listed at most by an audit.
const MAX_DIFFERENCES: usize = 50;

/// The holders of an object.
pub fn holders(cx: Ctx, still: Still<'_>, target: &Object, numbers: &mut Numbers) -> HolderList {
    let modules = module_namespaces(cx, still);
    let module_name = |object: &Object| modules.get(&object.address()).cloned();
    let mut found: Vec<Holder> = Vec::new();
    let mut total: u64 = 0;
    each_root(cx, still, &mut |name, object| {
        if object.is(target) {
            total += 1;
            if found.len() < MAX_HOLDERS {
                found.push(Holder { object: None, description: name });
            }
        }
    });
    still.objects(&mut |holder| {
        let mut holds = holder.type_ptr().addr() == target.address();
        still.referents(holder, &mut |held| holds |= held.is(target));
        if !holds && holder.type_core().info.traverse.get().is_some() {
            return;
        }
        for way in edges(still, holder) {
            if !way.object.is(target) {
                continue;
            }
            total += 1;
            if found.len() < MAX_HOLDERS {
                let label = numbers.label(holder);
                let description = describe(&way.path, holder, &label.to_string(), &module_name);
                found.push(Holder { object: Some(label), description });
            }
        }
    });
    let refcount = target.refcount() as u64;
    HolderList {
        object: numbers.label(target),
        refcount,
        holders: found,
        total,
        unexplained: i64::try_from(refcount).unwrap_or(i64::MAX) - i64::try_from(total).unwrap_or(i64::MAX),
    }
}

/// Every object's count against its holders.
pub fn audit(cx: Ctx, still: Still<'_>, numbers: &mut Numbers) -> AuditReport {
    let mut held: HashMap<usize, u64> = HashMap::new();
    each_root(cx, still, &mut |_, object| *held.entry(object.address()).or_default() += 1);
    let mut all: Vec<&Object> = Vec::new();
    still.objects(&mut |object| {
        all.push(object);
        for way in edges(still, object) {
            *held.entry(way.object.address()).or_default() += 1;
        }
    });
    let mut report = AuditReport { objects: all.len() as u64, ..AuditReport::default() };
    for object in all {
        let named = held.get(&object.address()).copied().unwrap_or(0);
        if named != object.refcount() as u64 {
            report.differences_total += 1;
            if report.differences.len() < MAX_DIFFERENCES {
                report.differences.push(holders(cx, still, object, numbers));
            }
        }
    }
    report
}

/// The namespaces of modules, by the address of the dict: a global is called by its module.
fn module_namespaces(cx: Ctx, still: Still<'_>) -> HashMap<usize, String> {
    let mut names = HashMap::new();
    let modules: Option<&DictObject> = cx.vm().modules.peek();
    if let Some(modules) = modules {
        modules.for_each_entry(&mut |key, value| {
            let _ = still;
            if value.is_instance(types().module)
                && let Some(module) = value.downcast::<ModuleObject>()
                && let (Some(dict), Some(name)) = (module.dict.peek(), key.downcast::<StrObject>())
            {
                names.insert(dict.as_object().address(), name.to_string_lossy());
            }
        });
    }
    names
}
