//! Who holds an object: exactly as many holders as its count says, each by name.
use super::numbers::Numbers;
use super::why::why;
use crate::memory::Object;
use crate::memory::look::Still;
use crate::session::protocol::HolderList;
use crate::vm::Ctx;

/// The holders of an object.
pub fn holders(cx: Ctx, still: Still<'_>, target: &Object, numbers: &mut Numbers) -> HolderList {
    why(cx, still, target, None, numbers).holders
}
