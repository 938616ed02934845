//! Small numbers for objects: `ClassA #12`. An object gets its number when it is first shown and takes it with it;
//! a new object at an old address gets a new one.
use std::collections::HashMap;
use std::sync::Arc;

use crate::memory::Object;
use crate::memory::events::{clear_marks, mark};
use crate::session::protocol::ObjectLabel;

/// Dead objects after which the marks of memory are made afresh: too many would cost time.
const STALE_MARKS: usize = 2_000;

/// Who has which number.
#[derive(Debug)]
pub struct Numbers {
    labels: HashMap<usize, ObjectLabel>,
    next: u64,
    /// Objects that died since the marks were made.
    stale: usize,
    /// Type names, each once.
    names: HashMap<usize, Arc<str>>,
}

impl Default for Numbers {
    fn default() -> Numbers {
        Numbers { labels: HashMap::new(), next: 1, stale: 0, names: HashMap::new() }
    }
}

impl Numbers {
    /// The object's label; numbered now if it was not.
    pub fn label(&mut self, object: &Object) -> ObjectLabel {
        if let Some(label) = self.labels.get(&object.address()) {
            return label.clone();
        }
        let label =
            ObjectLabel { id: object.address() as u64, number: self.next, type_name: self.type_name(object) };
        self.next += 1;
        // So that its death is told.
        mark(object.address());
        self.labels.insert(object.address(), label.clone());
        label
    }

    /// The label of an object that has one.
    pub fn known(&self, object: &Object) -> Option<&ObjectLabel> {
        self.labels.get(&object.address())
    }

    /// The label at an address.
    pub fn at(&self, address: usize) -> Option<&ObjectLabel> {
        self.labels.get(&address)
    }

    /// The object at this address is no more.
    pub fn forget(&mut self, address: usize) -> Option<ObjectLabel> {
        let label = self.labels.remove(&address)?;
        self.stale += 1;
        if self.stale >= STALE_MARKS {
            self.stale = 0;
            clear_marks();
            self.labels.keys().chain(self.names.keys()).for_each(|address| mark(*address));
        }
        Some(label)
    }

    /// `type(obj).__name__`, shared by all objects of the type. A class that is renamed keeps its first name here
    /// until it dies.
    pub fn type_name(&mut self, object: &Object) -> Arc<str> {
        let ty = object.ty();
        let address = std::ptr::from_ref(ty).addr();
        self.names
            .entry(address)
            .or_insert_with(|| {
                mark(address);
                ty.name_text().into()
            })
            .clone()
    }

    /// A class at this address is no more: its name is forgotten.
    pub fn forget_type(&mut self, address: usize) {
        self.names.remove(&address);
    }
}
