//! `list.sort`: CPython 3.11's adaptive merge sort, asking the same comparisons in the same order.
//!
//! Runs are found or made by binary insertion, then merged by the powersort rule; merges gallop
//! when one side keeps winning. The list is empty while it is sorted, so that a comparison that
//! looks at it sees nothing half done; a change of it meanwhile is noticed and reported.
//!
//! Always true: the array under work is a permutation of the items, also when a comparison
//! raises: every step either swaps or puts back what it took.

use std::ptr::NonNull;

use super::ListObject;
use crate::memory::{Object, Ref};
use crate::objects::{CompareOp, FloatObject, IntObject, PyResult, StrObject, TupleObject, types};
use crate::vm::Ctx;

/// Wins in a row after which a merge starts to gallop.
const MIN_GALLOP: usize = 7;
/// Runs shorter than what this divides into are extended by insertion.
const MAX_MINRUN: usize = 64;

/// The buffer address of a list being sorted: any operation that touches the buffer changes it.
static SORTING: u64 = 0;

fn sorting_mark() -> NonNull<Ref> {
    NonNull::from(&SORTING).cast()
}

/// What is compared. The array of these owns nothing: it stands for the references that the
/// caller keeps.
#[derive(Clone, Copy)]
struct Entry {
    key: NonNull<Object>,
    value: NonNull<Object>,
}

impl Entry {
    fn key(&self) -> &Object {
        // SAFETY: the sort owns a reference to each key until it is done.
        unsafe { self.key.as_ref() }
    }
}

impl ListObject {
    /// Sorts in place. `key` maps items to what is compared.
    pub fn sort(&self, cx: Ctx, key: Option<&Object>, reverse: bool) -> PyResult<()> {
        let (items, len, allocated) = (self.items.get(), self.len(), self.allocated.get());
        self.len.set(0);
        self.items.set(sorting_mark());
        self.allocated.set(0);

        // SAFETY: the buffer is this function's alone now; it holds `len` references.
        let values = unsafe { std::slice::from_raw_parts_mut(items.as_ptr().cast::<NonNull<Object>>(), len) };
        let mut keys = Vec::new();
        let mut result = Ok(());
        if let Some(function) = key {
            keys.reserve_exact(len);
            for value in values.iter() {
                // SAFETY: the buffer holds a reference to each value.
                match cx.call1(function, unsafe { value.as_ref() }) {
                    Ok(key) => keys.push(key),
                    Err(raised) => {
                        result = Err(raised);
                        break;
                    }
                }
            }
        }
        if result.is_ok() && len > 1 {
            let mut entries: Vec<Entry> = if key.is_some() {
                let pairs = values.iter().zip(&keys);
                pairs.map(|(&value, key)| Entry { key: key.as_raw(), value }).collect()
            } else {
                values.iter().map(|&value| Entry { key: value, value }).collect()
            };
            // Equal items keep their order when reversed: reverse before and after.
            if reverse {
                entries.reverse();
            }
            result = sort_entries(cx, &mut entries);
            if reverse {
                entries.reverse();
            }
            for (place, entry) in values.iter_mut().zip(&entries) {
                *place = entry.value;
            }
        }
        drop(keys);
        if self.items.get() != sorting_mark() && result.is_ok() {
            result = Err(cx.value_error("list modified during sort"));
        }
        let (other_items, other_len, other_allocated) = (self.items.get(), self.len(), self.allocated.get());
        self.items.set(items);
        self.len.set(len);
        self.allocated.set(allocated);
        if other_allocated != 0 {
            // SAFETY: what was put into the list meanwhile is out of everybody's reach.
            unsafe { super::release_buffer(other_items, other_len) };
        }
        result
    }
}

/// How keys are compared, found by looking at all of them first.
#[derive(Clone, Copy)]
enum Keys {
    Ints,
    Texts,
    Floats,
    Tuples,
    Any,
}

fn kind_of(entries: &[Entry]) -> Keys {
    let types = types();
    let all = |test: &dyn Fn(&Object) -> bool| entries.iter().all(|entry| test(entry.key()));
    let Some(first) = entries.first().map(Entry::key) else {
        return Keys::Any;
    };
    if first.is_exact(types.int) && all(&|key| key.is_exact(types.int)) {
        Keys::Ints
    } else if first.is_exact(types.str) && all(&|key| key.is_exact(types.str)) {
        Keys::Texts
    } else if first.is_exact(types.float) && all(&|key| key.is_exact(types.float)) {
        Keys::Floats
    } else if first.is_exact(types.tuple) && all(&|key| key.is_exact(types.tuple)) {
        Keys::Tuples
    } else {
        Keys::Any
    }
}

/// Sorts by `<` on the keys. After an error the entries are permuted somehow.
fn sort_entries(cx: Ctx, entries: &mut [Entry]) -> PyResult<()> {
    // SAFETY (all four): `kind_of` has seen that every key is exactly of the type.
    match kind_of(entries) {
        Keys::Ints => timsort(entries, &mut |a, b| {
            // SAFETY: see above.
            Ok(unsafe { a.key().cast::<IntObject>().cmp_int(b.key().cast::<IntObject>()).is_lt() })
        }),
        Keys::Texts => timsort(entries, &mut |a, b| {
            // SAFETY: see above.
            Ok(unsafe { a.key().cast::<StrObject>().cmp_text(b.key().cast::<StrObject>()).is_lt() })
        }),
        Keys::Floats => timsort(entries, &mut |a, b| {
            // SAFETY: see above.
            Ok(unsafe { a.key().cast::<FloatObject>().value < b.key().cast::<FloatObject>().value })
        }),
        Keys::Tuples => timsort(entries, &mut |a, b| {
            // SAFETY: see above.
            let (a, b) = unsafe { (a.key().cast::<TupleObject>(), b.key().cast::<TupleObject>()) };
            for (x, y) in a.as_slice().iter().zip(b.as_slice()) {
                if !cx.equal(x, y)? {
                    return cx.compare_bool(x, y, CompareOp::Lt);
                }
            }
            Ok(a.len() < b.len())
        }),
        Keys::Any => timsort(entries, &mut |a, b| cx.compare_bool(a.key(), b.key(), CompareOp::Lt)),
    }
}

/// A sorted stretch waiting to be merged.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    len: usize,
    power: u32,
}

struct Sorter<'a, T: Copy, E, F: FnMut(&T, &T) -> Result<bool, E>> {
    array: &'a mut [T],
    less: &'a mut F,
    pending: Vec<Run>,
    min_gallop: usize,
    spare: Vec<T>,
}

/// Sorts `array` stably by `less`.
fn timsort<T: Copy, E, F: FnMut(&T, &T) -> Result<bool, E>>(array: &mut [T], less: &mut F) -> Result<(), E> {
    let len = array.len();
    if len < 2 {
        return Ok(());
    }
    let minrun = min_run(len);
    let mut sorter = Sorter { array, less, pending: Vec::new(), min_gallop: MIN_GALLOP, spare: Vec::new() };
    let mut low = 0;
    while low < len {
        let (mut run, descending) = sorter.count_run(low)?;
        if descending {
            sorter.array[low..low + run].reverse();
        }
        if run < minrun {
            let forced = minrun.min(len - low);
            sorter.insertion_sort(low, low + forced, low + run)?;
            run = forced;
        }
        sorter.found_run(low, run)?;
        low += run;
    }
    sorter.merge_rest()
}

/// The least run length: the first six bits of `n`, plus one if any other bit is set.
fn min_run(mut n: usize) -> usize {
    let mut rest = 0;
    while n >= MAX_MINRUN {
        rest |= n & 1;
        n >>= 1;
    }
    n + rest
}

/// The depth at which two neighbouring runs meet in the nearly optimal merge tree: the first bit
/// in which the midpoints, as fractions of the whole length, differ.
fn power_of(start: usize, len1: usize, len2: usize, total: usize) -> u32 {
    let mut a = 2 * start + len1;
    let mut b = a + len1 + len2;
    let mut power = 0;
    loop {
        power += 1;
        if a >= total {
            a -= total;
            b -= total;
        } else if b >= total {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

impl<T: Copy, E, F: FnMut(&T, &T) -> Result<bool, E>> Sorter<'_, T, E, F> {
    #[inline(always)]
    fn less(&mut self, a: usize, b: usize) -> Result<bool, E> {
        (self.less)(&self.array[a], &self.array[b])
    }

    /// Length of the run at `low`, and whether it is strictly descending.
    fn count_run(&mut self, low: usize) -> Result<(usize, bool), E> {
        let high = self.array.len();
        if low + 1 >= high {
            return Ok((high - low, false));
        }
        let descending = self.less(low + 1, low)?;
        let mut at = low + 2;
        while at < high && self.less(at, at - 1)? == descending {
            at += 1;
        }
        Ok((at - low, descending))
    }

    /// Binary insertion of `start..high` into the sorted `low..start`.
    fn insertion_sort(&mut self, low: usize, high: usize, start: usize) -> Result<(), E> {
        for next in start.max(low + 1)..high {
            let pivot = self.array[next];
            let (mut left, mut right) = (low, next);
            while left < right {
                let middle = left + ((right - left) >> 1);
                if (self.less)(&pivot, &self.array[middle])? {
                    right = middle;
                } else {
                    left = middle + 1;
                }
            }
            self.array.copy_within(left..next, left + 1);
            self.array[left] = pivot;
        }
        Ok(())
    }

    /// Enters a run, merging earlier ones that the merge tree puts below it.
    fn found_run(&mut self, start: usize, len: usize) -> Result<(), E> {
        if let Some(last) = self.pending.last().copied() {
            let power = power_of(last.start, last.len, len, self.array.len());
            while self.pending.len() > 1 && self.pending[self.pending.len() - 2].power > power {
                self.merge_at(self.pending.len() - 2)?;
            }
            if let Some(last) = self.pending.last_mut() {
                last.power = power;
            }
        }
        self.pending.push(Run { start, len, power: 0 });
        Ok(())
    }

    fn merge_rest(&mut self) -> Result<(), E> {
        while self.pending.len() > 1 {
            let mut at = self.pending.len() - 2;
            if at > 0 && self.pending[at - 1].len < self.pending[at + 1].len {
                at -= 1;
            }
            self.merge_at(at)?;
        }
        Ok(())
    }

    /// Merges run `at` with the one after it.
    fn merge_at(&mut self, at: usize) -> Result<(), E> {
        let (mut a, mut b) = (self.pending[at], self.pending[at + 1]);
        self.pending[at].len = a.len + b.len;
        self.pending.remove(at + 1);
        // What of the first run is below the second's first item stays where it is.
        let first = self.array[b.start];
        let skip = self.gallop_right(&first, Side::Array(a.start), a.len, 0)?;
        a.start += skip;
        a.len -= skip;
        if a.len == 0 {
            return Ok(());
        }
        // And what of the second is above the first's last.
        let last = self.array[a.start + a.len - 1];
        b.len = self.gallop_left(&last, Side::Array(b.start), b.len, b.len - 1)?;
        if b.len == 0 {
            return Ok(());
        }
        if a.len <= b.len { self.merge_low(a, b) } else { self.merge_high(a, b) }
    }

    #[inline(always)]
    fn at(&self, side: Side, index: usize) -> T {
        match side {
            Side::Array(start) => self.array[start + index],
            Side::Spare(start) => self.spare[start + index],
        }
    }

    /// Where `key` goes into a sorted stretch, left of equal items; the search starts at `hint`.
    fn gallop_left(&mut self, key: &T, side: Side, len: usize, hint: usize) -> Result<usize, E> {
        let (mut last, mut offset) = (0usize, 1usize);
        let (mut low, mut high);
        if self.below(side, hint, key)? {
            // a[hint] < key: gallop right until a[hint + last] < key <= a[hint + offset].
            let most = len - hint;
            while offset < most && self.below(side, hint + offset, key)? {
                last = offset;
                offset = (offset << 1) + 1;
            }
            low = hint + last + 1;
            high = hint + offset.min(most);
        } else {
            // key <= a[hint]: gallop left until a[hint - offset] < key <= a[hint - last].
            let most = hint + 1;
            while offset < most && !self.below(side, hint - offset, key)? {
                last = offset;
                offset = (offset << 1) + 1;
            }
            low = hint + 1 - offset.min(most);
            high = hint - last;
        }
        while low < high {
            let middle = low + ((high - low) >> 1);
            if self.below(side, middle, key)? {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(high)
    }

    /// As [`Sorter::gallop_left`], right of equal items.
    fn gallop_right(&mut self, key: &T, side: Side, len: usize, hint: usize) -> Result<usize, E> {
        let (mut last, mut offset) = (0usize, 1usize);
        let (mut low, mut high);
        if self.above(key, side, hint)? {
            // key < a[hint]: gallop left until a[hint - offset] <= key < a[hint - last].
            let most = hint + 1;
            while offset < most && self.above(key, side, hint - offset)? {
                last = offset;
                offset = (offset << 1) + 1;
            }
            low = hint + 1 - offset.min(most);
            high = hint - last;
        } else {
            // a[hint] <= key: gallop right until a[hint + last] <= key < a[hint + offset].
            let most = len - hint;
            while offset < most && !self.above(key, side, hint + offset)? {
                last = offset;
                offset = (offset << 1) + 1;
            }
            low = hint + last + 1;
            high = hint + offset.min(most);
        }
        while low < high {
            let middle = low + ((high - low) >> 1);
            if self.above(key, side, middle)? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(high)
    }

    /// Whether an item of a stretch is less than `key`.
    #[inline(always)]
    fn below(&mut self, side: Side, index: usize, key: &T) -> Result<bool, E> {
        let item = self.at(side, index);
        (self.less)(&item, key)
    }

    /// Whether `key` is less than an item of a stretch.
    #[inline(always)]
    fn above(&mut self, key: &T, side: Side, index: usize) -> Result<bool, E> {
        let item = self.at(side, index);
        (self.less)(key, &item)
    }

    /// Merges from the left with the first run in spare room; it is the shorter one.
    fn merge_low(&mut self, a: Run, b: Run) -> Result<(), E> {
        self.spare.clear();
        self.spare.extend_from_slice(&self.array[a.start..a.start + a.len]);
        let mut state = Merge { dest: a.start, a: 0, a_left: a.len, b: b.start, b_left: b.len };
        let result = self.merge_low_steps(&mut state);
        // Whatever is left of the first run goes where the gap is, also after an error.
        if state.a_left > 0 {
            let Merge { dest, a, a_left, .. } = state;
            match result {
                Ok(()) if state.b_left > 0 => {
                    // One item of the first run is left and goes behind all of the second.
                    self.array.copy_within(state.b..state.b + state.b_left, dest);
                    self.array[dest + state.b_left] = self.spare[a];
                }
                _ => self.array[dest..dest + a_left].copy_from_slice(&self.spare[a..a + a_left]),
            }
        }
        result
    }

    fn merge_low_steps(&mut self, m: &mut Merge) -> Result<(), E> {
        self.take_b_low(m, 1);
        if m.b_left == 0 || m.a_left == 1 {
            return Ok(());
        }
        let mut min_gallop = self.min_gallop;
        loop {
            let (mut a_wins, mut b_wins) = (0usize, 0usize);
            loop {
                if (self.less)(&self.array[m.b], &self.spare[m.a])? {
                    self.take_b_low(m, 1);
                    b_wins += 1;
                    a_wins = 0;
                    if m.b_left == 0 {
                        return Ok(());
                    }
                    if b_wins >= min_gallop {
                        break;
                    }
                } else {
                    self.take_a_low(m, 1);
                    a_wins += 1;
                    b_wins = 0;
                    if m.a_left == 1 {
                        return Ok(());
                    }
                    if a_wins >= min_gallop {
                        break;
                    }
                }
            }
            min_gallop += 1;
            loop {
                min_gallop -= usize::from(min_gallop > 1);
                self.min_gallop = min_gallop;
                let key = self.array[m.b];
                let count = self.gallop_right(&key, Side::Spare(m.a), m.a_left, 0)?;
                a_wins = count;
                if count > 0 {
                    self.take_a_low(m, count);
                    if m.a_left <= 1 {
                        // None can be left only if the comparisons contradict each other.
                        return Ok(());
                    }
                }
                self.take_b_low(m, 1);
                if m.b_left == 0 {
                    return Ok(());
                }
                let key = self.spare[m.a];
                let count = self.gallop_left(&key, Side::Array(m.b), m.b_left, 0)?;
                b_wins = count;
                if count > 0 {
                    self.take_b_low(m, count);
                    if m.b_left == 0 {
                        return Ok(());
                    }
                }
                self.take_a_low(m, 1);
                if m.a_left == 1 {
                    return Ok(());
                }
                if a_wins < MIN_GALLOP && b_wins < MIN_GALLOP {
                    break;
                }
            }
            // Leaving galloping costs a little.
            min_gallop += 1;
            self.min_gallop = min_gallop;
        }
    }

    #[inline(always)]
    fn take_a_low(&mut self, m: &mut Merge, count: usize) {
        self.array[m.dest..m.dest + count].copy_from_slice(&self.spare[m.a..m.a + count]);
        m.dest += count;
        m.a += count;
        m.a_left -= count;
    }

    #[inline(always)]
    fn take_b_low(&mut self, m: &mut Merge, count: usize) {
        self.array.copy_within(m.b..m.b + count, m.dest);
        m.dest += count;
        m.b += count;
        m.b_left -= count;
    }

    /// Merges from the right with the second run in spare room; it is the shorter one.
    fn merge_high(&mut self, a: Run, b: Run) -> Result<(), E> {
        self.spare.clear();
        self.spare.extend_from_slice(&self.array[b.start..b.start + b.len]);
        // `dest` is one behind the place to fill next.
        let mut state = Merge { dest: b.start + b.len, a: a.start, a_left: a.len, b: 0, b_left: b.len };
        let result = self.merge_high_steps(&mut state);
        if state.b_left > 0 {
            let Merge { dest, b_left, a, a_left, .. } = state;
            match result {
                Ok(()) if a_left > 0 => {
                    // One item of the second run is left and goes before all of the first.
                    self.array.copy_within(a..a + a_left, dest - a_left);
                    self.array[dest - a_left - 1] = self.spare[0];
                }
                _ => self.array[dest - b_left..dest].copy_from_slice(&self.spare[..b_left]),
            }
        }
        result
    }

    fn merge_high_steps(&mut self, m: &mut Merge) -> Result<(), E> {
        self.take_a_high(m, 1);
        if m.a_left == 0 || m.b_left == 1 {
            return Ok(());
        }
        let mut min_gallop = self.min_gallop;
        loop {
            let (mut a_wins, mut b_wins) = (0usize, 0usize);
            loop {
                if (self.less)(&self.spare[m.b_left - 1], &self.array[m.a + m.a_left - 1])? {
                    self.take_a_high(m, 1);
                    a_wins += 1;
                    b_wins = 0;
                    if m.a_left == 0 {
                        return Ok(());
                    }
                    if a_wins >= min_gallop {
                        break;
                    }
                } else {
                    self.take_b_high(m, 1);
                    b_wins += 1;
                    a_wins = 0;
                    if m.b_left == 1 {
                        return Ok(());
                    }
                    if b_wins >= min_gallop {
                        break;
                    }
                }
            }
            min_gallop += 1;
            loop {
                min_gallop -= usize::from(min_gallop > 1);
                self.min_gallop = min_gallop;
                let key = self.spare[m.b_left - 1];
                let keep = self.gallop_right(&key, Side::Array(m.a), m.a_left, m.a_left - 1)?;
                a_wins = m.a_left - keep;
                if a_wins > 0 {
                    self.take_a_high(m, a_wins);
                    if m.a_left == 0 {
                        return Ok(());
                    }
                }
                self.take_b_high(m, 1);
                if m.b_left == 1 {
                    return Ok(());
                }
                let key = self.array[m.a + m.a_left - 1];
                let keep = self.gallop_left(&key, Side::Spare(0), m.b_left, m.b_left - 1)?;
                b_wins = m.b_left - keep;
                if b_wins > 0 {
                    self.take_b_high(m, b_wins);
                    if m.b_left <= 1 {
                        return Ok(());
                    }
                }
                self.take_a_high(m, 1);
                if m.a_left == 0 {
                    return Ok(());
                }
                if a_wins < MIN_GALLOP && b_wins < MIN_GALLOP {
                    break;
                }
            }
            min_gallop += 1;
            self.min_gallop = min_gallop;
        }
    }

    #[inline(always)]
    fn take_a_high(&mut self, m: &mut Merge, count: usize) {
        let end = m.a + m.a_left;
        self.array.copy_within(end - count..end, m.dest - count);
        m.dest -= count;
        m.a_left -= count;
    }

    #[inline(always)]
    fn take_b_high(&mut self, m: &mut Merge, count: usize) {
        let end = m.b_left;
        self.array[m.dest - count..m.dest].copy_from_slice(&self.spare[end - count..end]);
        m.dest -= count;
        m.b_left -= count;
    }
}

/// Where a stretch to search in lies.
#[derive(Clone, Copy)]
enum Side {
    Array(usize),
    Spare(usize),
}

/// Progress of a merge: where the next item goes and what is left of both runs.
struct Merge {
    dest: usize,
    a: usize,
    a_left: usize,
    b: usize,
    b_left: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &[(i32, usize)]) -> usize {
        let mut array = input.to_vec();
        let mut comparisons = 0;
        let mut less = |a: &(i32, usize), b: &(i32, usize)| -> Result<bool, ()> {
            comparisons += 1;
            Ok(a.0 < b.0)
        };
        assert_eq!(timsort(&mut array, &mut less), Ok(()));
        let mut expected = input.to_vec();
        expected.sort_by_key(|pair| pair.0);
        assert_eq!(array, expected);
        comparisons
    }

    fn numbers(count: usize, range: u64, mut seed: u64) -> Vec<(i32, usize)> {
        (0..count)
            .map(|index| {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (((seed >> 33) % range) as i32, index)
            })
            .collect()
    }

    #[test]
    fn sorts_stably_whatever_the_shape() {
        for count in [0, 1, 2, 3, 10, 63, 64, 65, 200, 1000, 5000] {
            for range in [1, 2, 10, 1000, 1 << 30] {
                check(&numbers(count, range, count as u64 * 31 + range));
            }
            check(&(0..count).map(|i| (i as i32, i)).collect::<Vec<_>>());
            check(&(0..count).map(|i| (-(i as i32), i)).collect::<Vec<_>>());
            check(&(0..count).map(|i| ((i % 100) as i32, i)).collect::<Vec<_>>());
            check(&(0..count).map(|i| ((i / 2) as i32 ^ 64, i)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn sorted_input_costs_one_comparison_an_item() {
        assert_eq!(check(&(0..1000).map(|i| (i, i as usize)).collect::<Vec<_>>()), 999);
        assert_eq!(check(&(0..1000).map(|i| (-i, i as usize)).collect::<Vec<_>>()), 999);
    }

    #[test]
    fn an_error_leaves_a_permutation() {
        let input = numbers(2000, 500, 7);
        for stop in (0..20000).step_by(37) {
            let mut array = input.clone();
            let mut count = 0;
            let mut less = |a: &(i32, usize), b: &(i32, usize)| {
                count += 1;
                if count > stop { Err(()) } else { Ok(a.0 < b.0) }
            };
            let _ = timsort(&mut array, &mut less);
            array.sort_by_key(|pair| pair.1);
            assert!(array.iter().enumerate().all(|(index, pair)| pair.1 == index));
        }
    }
}
