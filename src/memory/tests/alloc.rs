//! Blocks, pages, walks, limits.

use std::ptr::NonNull;

use super::toy::{ToyHeap, container, plain_container, take_log, toy};
use crate::memory::heap::{clear_limit_exceeded, limit_exceeded, set_limit, used_bytes};
use crate::memory::object::{Object, PreHeader};
use crate::memory::survey::{self, Domain};
use crate::memory::{
    free_object, new_object_with, raw_alloc, raw_alloc_zeroed, raw_free, raw_realloc, resize_object,
    try_new_object, walk_objects,
};

/// The bytes of a buffer.
fn bytes<'a>(ptr: NonNull<u8>, len: usize) -> &'a mut [u8] {
    // SAFETY: the tests pass buffers of that length.
    unsafe { std::slice::from_raw_parts_mut(ptr.as_ptr(), len) }
}

const SIZES: [usize; 22] = [
    0,
    1,
    15,
    16,
    17,
    100,
    512,
    513,
    640,
    641,
    2032,
    4080,
    4081,
    5440,
    8160,
    8161,
    16320,
    16321,
    70000,
    300_000,
    5 << 20,
    70 << 20,
];

#[test]
fn every_size_is_usable_aligned_and_freed() {
    let _heap = ToyHeap::new();
    let mut blocks = Vec::new();
    for (index, size) in SIZES.into_iter().enumerate() {
        let block = raw_alloc(size).expect("there is memory");
        assert_eq!(block.as_ptr().addr() % 16, 0);
        bytes(block, size).fill(index as u8);
        blocks.push((block, size));
    }
    for (index, (block, size)) in blocks.into_iter().enumerate() {
        assert!(bytes(block, size).iter().all(|&byte| byte == index as u8), "size {size}");
        // SAFETY: allocated above.
        unsafe { raw_free(block) };
    }
    assert_eq!(survey::totals().domains[Domain::Raw as usize].blocks, 0);
    assert!(survey::large_map().is_empty());
}

#[test]
fn realloc_keeps_the_contents() {
    let _heap = ToyHeap::new();
    let neighbour = raw_alloc(20000).expect("there is memory");
    for from in SIZES {
        for to in SIZES {
            let block = raw_alloc(from).expect("there is memory");
            let blocker = raw_alloc(9000).expect("there is memory");
            for (index, byte) in bytes(block, from).iter_mut().enumerate().step_by(97) {
                *byte = (index / 97) as u8;
            }
            // SAFETY: allocated above; `block` is not used again.
            let moved = unsafe { raw_realloc(block, to) }.expect("there is memory");
            let kept = from.min(to);
            for (index, byte) in bytes(moved, kept).iter().enumerate().step_by(97) {
                assert_eq!(*byte, (index / 97) as u8, "{from} to {to} at {index}");
            }
            bytes(moved, to).fill(0xee);
            // SAFETY: allocated above.
            unsafe {
                raw_free(moved);
                raw_free(blocker);
            }
        }
    }
    // SAFETY: allocated above.
    unsafe { raw_free(neighbour) };
    assert_eq!(survey::totals().domains[Domain::Raw as usize].blocks, 0);
}

#[test]
fn a_growing_buffer_with_others_around() {
    let _heap = ToyHeap::new();
    let mut buffers: Vec<(NonNull<u8>, usize)> =
        (0..4).map(|_| (raw_alloc(8).expect("there is memory"), 8)).collect();
    while buffers[0].1 < 20 << 20 {
        for (mark, (block, size)) in buffers.iter_mut().enumerate() {
            let grown = *size + *size / 8 + 16;
            bytes(*block, *size)[*size - 1] = mark as u8;
            // SAFETY: the buffer is replaced.
            *block = unsafe { raw_realloc(*block, grown) }.expect("there is memory");
            assert_eq!(bytes(*block, grown)[*size - 1], mark as u8);
            *size = grown;
        }
    }
    for (block, _) in buffers {
        // SAFETY: allocated above.
        unsafe { raw_free(block) };
    }
    assert!(survey::large_map().is_empty());
}

#[test]
fn zeroed_buffers_are_zero_even_when_reused() {
    let _heap = ToyHeap::new();
    for size in SIZES {
        for _ in 0..2 {
            let block = raw_alloc_zeroed(size).expect("there is memory");
            assert!(bytes(block, size).iter().all(|&byte| byte == 0), "size {size}");
            bytes(block, size).fill(0xff);
            // SAFETY: allocated above.
            unsafe { raw_free(block) };
        }
    }
}

#[test]
fn absurd_sizes_are_refused() {
    let _heap = ToyHeap::new();
    let ty = container();
    for size in [usize::MAX, usize::MAX - 8, isize::MAX as usize, 1 << 60, 1 << 45] {
        assert!(raw_alloc(size).is_none());
        // SAFETY: nothing is made.
        assert!(unsafe { try_new_object(ty, size, true) }.is_none());
        let small = raw_alloc(100).expect("there is memory");
        // SAFETY: a failed realloc leaves the buffer as it was.
        unsafe {
            assert!(raw_realloc(small, size).is_none());
            raw_free(small);
        }
    }
    assert_eq!(crate::memory::gc::counts(), [0, 0, 0]);
}

#[test]
fn past_the_limit_buffers_fail_and_objects_raise_the_flag() {
    let _heap = ToyHeap::new();
    let ty = container();
    let first = toy(ty, 0);
    set_limit(Some(used_bytes() + (4 << 20)));
    assert!(raw_alloc(8 << 20).is_none());
    assert!(!limit_exceeded());
    let mut kept = vec![first];
    while !limit_exceeded() && kept.len() < 1_000_000 {
        kept.push(toy(ty, 0));
    }
    assert!(limit_exceeded());
    assert_eq!(take_log().iter().filter(|line| *line == "limit").count(), 1);
    assert!(raw_alloc(100_000).is_none());
    drop(kept);
    clear_limit_exceeded();
    let block = raw_alloc(100_000).expect("memory has been given back");
    // SAFETY: allocated above.
    unsafe { raw_free(block) };
}

#[test]
fn the_last_freed_block_is_the_next_one_given() {
    let _heap = ToyHeap::new();
    let ty = container();
    let (a, b) = (toy(ty, 0), toy(ty, 0));
    let address = a.object.address();
    drop(a);
    let c = toy(ty, 0);
    assert_eq!(c.object.address(), address);
    assert!(b.object.address() > address);
}

#[test]
fn addresses_are_the_same_in_each_heap() {
    let run = || {
        let _heap = ToyHeap::new();
        let (gc_type, plain) = (container(), plain_container());
        let mut seen = Vec::new();
        let mut kept = Vec::new();
        for index in 0..3000 {
            let object = toy(if index % 3 == 0 { plain } else { gc_type }, 0);
            let buffer = raw_alloc(index * 37 % 30000).expect("there is memory");
            seen.push((object.object.address(), buffer.as_ptr().addr()));
            if index % 2 == 0 {
                // SAFETY: allocated above.
                unsafe { raw_free(buffer) };
            }
            if index % 5 != 0 {
                kept.push(object);
            }
        }
        seen
    };
    assert_eq!(run(), run());
}

#[test]
fn the_walk_finds_every_live_object_and_no_other() {
    let _heap = ToyHeap::new();
    let types = [container(), plain_container()];
    let mut kept: Vec<_> = (0..5000).map(|index| toy(types[index % 2], 0)).collect();
    let buffer = raw_alloc(50_000).expect("there is memory");
    // SAFETY: the header is all there is; freed below by hand.
    let large = unsafe { try_new_object(types[0], 40_000, true) }.expect("there is memory");
    let mut index = 0;
    kept.retain(|_| {
        index += 1;
        index % 7 < 3
    });
    let mut expected: Vec<usize> = kept.iter().map(|toy| toy.object.address()).collect();
    expected.push(large.as_ptr().addr());
    expected.sort_unstable();
    let mut found = Vec::new();
    walk_objects(&mut |object| found.push(object.as_ptr().addr()));
    found.sort_unstable();
    assert_eq!(found, expected);
    // SAFETY: made above, nothing refers to it.
    unsafe {
        large.as_ref().set_refcount(0);
        crate::memory::free_object(large);
        raw_free(buffer);
    }
}

#[test]
fn empty_pages_are_used_again() {
    let _heap = ToyHeap::new();
    let ty = container();
    let fill = || (0..200_000).map(|_| toy(ty, 0)).collect::<Vec<_>>();
    drop(fill());
    let (used, arenas) = (used_bytes(), survey::totals().arenas);
    assert!(used < 1 << 20, "{used} bytes are in use by nothing");
    drop(fill());
    assert_eq!(survey::totals().arenas, arenas);
    let blocks: Vec<_> = (0..200_000).map(|_| raw_alloc(64).expect("there is memory")).collect();
    assert!(survey::totals().arenas <= arenas, "pages of one size serve another");
    for block in blocks {
        // SAFETY: allocated above.
        unsafe { raw_free(block) };
    }
}

#[test]
fn the_map_agrees_with_the_totals() {
    let _heap = ToyHeap::new();
    let ty = container();
    let kept: Vec<_> = (0..1000).map(|_| toy(ty, 0)).collect();
    let totals = survey::totals();
    let gc = totals.domains[Domain::Gc as usize];
    assert_eq!(gc.blocks, kept.len());
    let map = survey::arena_map();
    let in_map: usize = map
        .iter()
        .flat_map(|arena| arena.pools.iter().flatten())
        .filter(|pool| pool.domain == Domain::Gc)
        .map(|pool| {
            assert_eq!(survey::blocks_of(pool.address).len(), pool.used);
            pool.used
        })
        .sum();
    assert_eq!(in_map, kept.len());
}

#[test]
fn large_blocks_give_their_memory_back() {
    let _heap = ToyHeap::new();
    let resident = || {
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
    };
    for backwards in [false, true] {
        let mut blocks: Vec<_> = (0..300).map(|_| raw_alloc(1 << 20).expect("there is memory")).collect();
        for block in &blocks {
            bytes(*block, 1 << 20).fill(1);
        }
        let before = resident();
        if backwards {
            blocks.reverse();
        }
        for block in blocks {
            // SAFETY: allocated above.
            unsafe { raw_free(block) };
        }
        let after = resident();
        assert!(before == 0 || before.saturating_sub(after) > 150 << 20, "{before} before, {after} after");
    }
}

#[test]
fn each_pre_header_lies_before_its_object_and_begins_zeroed() {
    let _heap = ToyHeap::new();
    let ty = container();
    let dirty = raw_alloc(200_000).expect("there is memory");
    bytes(dirty, 200_000).fill(0xff);
    // SAFETY: allocated above.
    unsafe { raw_free(dirty) };
    for pre in [PreHeader::Plain, PreHeader::Gc, PreHeader::Managed] {
        for size in [16, 24, 40, 500, 3000, 100_000] {
            // SAFETY: the payload is zeroed and nothing looks at it; freed by hand.
            unsafe {
                let object = new_object_with(ty, pre, size, true);
                assert_eq!(object.as_ptr().addr() % 16, 0);
                let begin = object.cast::<u8>().sub(pre.size());
                assert!(bytes(begin, pre.size()).iter().all(|&byte| byte == 0));
                assert!(bytes(object.cast::<u8>().add(16), size - 16).iter().all(|&byte| byte == 0));
                let mut found = 0;
                walk_objects(&mut |seen| found += usize::from(seen == object));
                assert_eq!(found, 1, "{pre:?} of {size} bytes");
                bytes(begin, pre.size() + size).fill(0xff);
                object.write(Object::header(0, NonNull::from(ty)));
                bytes(begin, pre.size()).fill(0);
                free_object(object);
            }
        }
    }
}

#[test]
fn an_object_can_be_resized() {
    let _heap = ToyHeap::new();
    let ty = container();
    let sizes = [40, 600, 30, 9000, 100_000, 5000, 48];
    // SAFETY: an untracked object that nobody else knows; the bytes are plain.
    unsafe {
        let mut object = try_new_object(ty, 40, true).expect("there is memory");
        object.cast::<u64>().add(2).write(77);
        for size in sizes {
            object = resize_object(object, size).expect("there is memory");
            assert_eq!((object.cast::<u64>().add(2).read(), object.as_ref().refcount()), (77, 1));
            assert!(!crate::memory::is_tracked(object.as_ref()));
        }
        assert!(resize_object(object, usize::MAX - 10).is_none());
        assert_eq!(crate::memory::gc::counts()[0], 1);
        object.as_ref().set_refcount(0);
        free_object(object);
    }
    assert_eq!(crate::memory::gc::counts()[0], 0);
}
