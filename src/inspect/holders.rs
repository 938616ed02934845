//! Who holds an object: exactly as many holders as its count says, each by name.
use std::collections::HashMap;

use super::edges::edges;
use super::numbers::Numbers;
use super::roots::each_root;
use super::why::why;
use crate::memory::Object;
use crate::memory::look::Still;
use crate::session::protocol::{AuditReport, HolderList};
use crate::vm::Ctx;

/// Differences listed at most by an audit.
const MAX_DIFFERENCES: usize = 50;

/// The holders of an object.
pub fn holders(cx: Ctx, still: Still<'_>, target: &Object, numbers: &mut Numbers) -> HolderList {
    why(cx, still, target, None, numbers).holders
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
