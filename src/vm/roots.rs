//! Objects that native code holds under a name, so that every count can be explained.

use super::Ctx;
use crate::memory::Ref;

impl Ctx {
    /// An object that native code holds under a name, a new reference.
    pub fn named_root(self, name: &str) -> Option<Ref> {
        let roots = self.vm().named_roots.borrow();
        roots.iter().find(|(root, _)| *root == name).map(|(_, object)| object.clone())
    }

    /// Has native code hold an object under a name, or let go of it; the one before is released.
    pub fn set_named_root(self, name: &'static str, object: Option<Ref>) {
        let mut roots = self.vm().named_roots.borrow_mut();
        let place = roots.iter().position(|(root, _)| *root == name);
        let old = match (place, object) {
            (Some(index), Some(object)) => Some(std::mem::replace(&mut roots[index].1, object)),
            (Some(index), None) => Some(roots.remove(index).1),
            (None, Some(object)) => {
                roots.push((name, object));
                None
            }
            (None, None) => None,
        };
        // Releasing can run code that looks at the roots.
        drop(roots);
        drop(old);
    }
}
