//! Whether every count is explained: for each live object, as many holders can be named as its count says.
use std::collections::HashSet;

use super::holders::holders;
use super::native::{Candidates, Reach};
use super::numbers::Numbers;
use super::owned::{Kinds, each_owned};
use super::roots::{each_certain_root, is_static_type};
use super::tally::Tally;
use crate::memory::Object;
use crate::memory::look::Still;
use crate::session::protocol::AuditReport;
use crate::vm::Ctx;

/// Differences listed at most.
const MAX_DIFFERENCES: usize = 50;

/// Every object's count against its holders.
pub fn audit(cx: Ctx, still: Still<'_>, numbers: &mut Numbers) -> AuditReport {
    let mut tally = Tally::new();
    let mut all: Vec<&Object> = Vec::new();
    still.objects(&mut |object| {
        tally.enter(object.address());
        all.push(object);
    });
    let mut report = AuditReport { objects: all.len() as u64, ..AuditReport::default() };
    let mut kinds = Kinds::default();
    // What does not lie in the heap has no count to check.
    each_certain_root(cx, still, &mut |_, object| report.holders += u64::from(tally.add(object.address())));
    for object in &all {
        if is_static_type(object) {
            report.holders += u64::from(tally.add(object.address()));
        }
        let holders = &mut report.holders;
        each_owned(still, kinds.of(object), object, &mut |held| {
            *holders += u64::from(tally.add(held.address()))
        });
    }
    let mut differing: Vec<(&Object, u64)> = all
        .into_iter()
        .filter_map(|object| {
            let named = tally.get(object.address()).unwrap_or(0);
            (named != object.refcount() as u64).then_some((object, named))
        })
        .collect();
    for reach in Reach::ALL {
        let wanted: HashSet<usize> = differing.iter().map(|(object, _)| object.address()).collect();
        if wanted.is_empty() {
            return report;
        }
        let candidates = Candidates::gather(cx, still, reach, &mut |address| wanted.contains(&address));
        differing.retain(|(object, named)| {
            let missing = (object.refcount() as u64).saturating_sub(*named);
            let is_explained = missing > 0 && candidates.of(object.address()).len() as u64 >= missing;
            if is_explained {
                report.holders += missing;
                report.in_native_code += missing;
            }
            !is_explained
        });
    }
    for (object, _) in differing {
        report.differences_total += 1;
        if report.differences.len() < MAX_DIFFERENCES {
            report.differences.push(holders(cx, still, object, numbers));
        }
    }
    report
}
