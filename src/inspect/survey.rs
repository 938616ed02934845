//! The whole heap by type: one walk over every live object.
use std::collections::HashMap;

use crate::memory::Object;
use crate::memory::alloc::block_size;
use crate::memory::look::Still;

/// All objects of a type.
#[derive(Clone, Copy)]
pub struct TypeCount<'h> {
    /// One of them, to ask for the type.
    pub example: &'h Object,
    pub count: u64,
    /// Bytes of their blocks.
    pub bytes: u64,
}

/// What is alive.
#[derive(Default)]
pub struct Survey<'h> {
    /// By address of the type.
    pub types: HashMap<usize, TypeCount<'h>>,
    pub objects: u64,
    pub bytes: u64,
}

impl<'h> Survey<'h> {
    /// Walks the heap. `each` sees every object of the types that it said yes to, at the first object of the type.
    pub fn walk(
        still: Still<'h>,
        wanted: &mut dyn FnMut(&'h Object) -> bool,
        each: &mut dyn FnMut(&'h Object),
    ) -> Survey<'h> {
        struct Entry<'h> {
            key: usize,
            count: TypeCount<'h>,
            wanted: bool,
        }
        // Types are few and objects of a type lie together: the last one found is tried first.
        let mut entries: Vec<Entry<'h>> = Vec::new();
        let mut places: HashMap<usize, usize> = HashMap::new();
        let (mut last_key, mut last) = (0, 0);
        still.objects(&mut |object| {
            let key = object.type_ptr().addr();
            if key != last_key {
                last = *places.entry(key).or_insert_with(|| {
                    let count = TypeCount { example: object, count: 0, bytes: 0 };
                    entries.push(Entry { key, count, wanted: wanted(object) });
                    entries.len() - 1
                });
                last_key = key;
            }
            if let Some(entry) = entries.get_mut(last) {
                entry.count.count += 1;
                entry.count.bytes += block_size(object) as u64;
                if entry.wanted {
                    each(object);
                }
            }
        });
        let mut survey = Survey::default();
        for entry in entries {
            survey.objects += entry.count.count;
            survey.bytes += entry.count.bytes;
            survey.types.insert(entry.key, entry.count);
        }
        survey
    }
}
