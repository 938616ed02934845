//! Small numbers for objects: `ClassA #12`. An object gets its number when it is first shown and takes it with it;
//! a new object at an old address gets a new one.
use std::collections::HashMap;
use std::sync::Arc;

use crate::memory::Object;
use crate::memory::events::{mark, unmark};
use crate::session::protocol::ObjectLabel;

/// Who has which number.
#[derive(Debug)]
pub struct Numbers {
    labels: HashMap<usize, ObjectLabel>,
    next: u64,
    /// Type names, each once.
    names: HashMap<usize, Arc<str>>,
}

impl Default for Numbers {
    fn default() -> Numbers {
        Numbers { labels: HashMap::new(), next: 1, names: HashMap::new() }
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
        unmark(address);
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
        if self.names.remove(&address).is_some() {
            unmark(address);
        }
    }
}
