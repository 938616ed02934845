//! Taking, replacing and deleting parts of a list.

use super::ListObject;
use crate::memory::{Object, Ref};
use crate::objects::slice::SliceRange;
use crate::objects::{PyResult, list};
use crate::vm::Ctx;

impl ListObject {
    /// `list[low:high]` with bounds in range.
    pub fn slice(&self, cx: Ctx, low: usize, high: usize) -> PyResult<Ref<ListObject>> {
        list::from_slice(cx, self.peek_slice().get(low..high).unwrap_or_default())
    }

    /// The items that an extended slice selects, as a list.
    pub(super) fn select(&self, cx: Ctx, range: SliceRange) -> PyResult<Ref<ListObject>> {
        if range.step == 1 {
            return self.slice(cx, range.start as usize, range.start as usize + range.len);
        }
        let items = self.peek_slice();
        list::from_iter_exact(cx, range.len, range.indices().filter_map(|index| items.get(index)))
    }

    /// `list[low:high] = new` (`list_ass_slice`); bounds are clipped. The items replaced are
    /// released last, from the last to the first.
    pub(super) fn replace_range(&self, cx: Ctx, low: usize, high: usize, new: Vec<Ref>) -> PyResult<()> {
        let len = self.len();
        let low = low.min(len);
        let high = high.clamp(low, len);
        let removed = high - low;
        if len - removed + new.len() == 0 {
            self.clear();
            return Ok(());
        }
        let tail = len - high;
        // SAFETY: the places between `low` and `high` are taken out, the tail moves next to where
        // the new items end, and the new items fill the gap; no other code runs meanwhile. When
        // memory is out, growing fails before anything has moved.
        let old: Vec<Ref> = unsafe {
            if new.len() > removed {
                self.resize(cx, len + new.len() - removed)?;
            }
            let old = (low..high).map(|index| self.place(index).read()).collect();
            self.place(high).copy_to(self.place(low + new.len()), tail);
            if new.len() < removed {
                self.shrink(cx, len + new.len() - removed);
            }
            for (offset, item) in new.into_iter().enumerate() {
                self.place(low + offset).write(item);
            }
            old
        };
        release_from_last(old);
        Ok(())
    }

    /// Shortens the list; the places given up are empty already.
    ///
    /// # Safety
    /// As `resize`.
    unsafe fn shrink(&self, cx: Ctx, len: usize) {
        // SAFETY: promised by the caller.
        if let Err(raised) = unsafe { self.resize(cx, len) } {
            // The larger buffer does as well.
            cx.clear_exception(raised);
            self.len.set(len);
        }
    }

    /// `list[low:high] = iterable`, or deletion.
    pub(super) fn assign_range(
        &self,
        cx: Ctx,
        low: isize,
        high: isize,
        value: Option<&Object>,
    ) -> PyResult<()> {
        let new = match value {
            Some(value) => cx.sequence_fast(value, "can only assign an iterable")?,
            None => Vec::new(),
        };
        self.replace_range(cx, low.max(0) as usize, high.max(0) as usize, new)
    }

    /// `del list[a:b:c]`.
    pub(super) fn delete_extended(&self, cx: Ctx, range: SliceRange) {
        if range.len == 0 {
            return;
        }
        let len = self.len();
        let (mut start, mut step) = (range.start, range.step);
        if step < 0 {
            start += step * (range.len as isize - 1);
            step = -step;
        }
        let mut removed = Vec::with_capacity(range.len);
        // SAFETY: each selected place is taken out and the others close the gaps in order; the
        // range was clipped to the length, and no other code runs meanwhile.
        unsafe {
            let mut write = start as usize;
            let mut next = start as usize;
            for read in start as usize..len {
                if read == next && removed.len() < range.len {
                    removed.push(self.place(read).read());
                    next = read.saturating_add(step as usize);
                } else {
                    self.place(read).copy_to(self.place(write), 1);
                    write += 1;
                }
            }
            self.shrink(cx, write);
        }
        for item in removed {
            drop(item);
        }
    }

    /// `list[a:b:c] = iterable` with a step other than 1.
    pub(super) fn assign_extended(&self, cx: Ctx, range: SliceRange, value: &Object) -> PyResult<()> {
        let new = cx.sequence_fast(value, "must assign iterable to extended slice")?;
        if new.len() != range.len {
            return Err(cx.value_error(format!(
                "attempt to assign sequence of size {} to extended slice of size {}",
                new.len(),
                range.len
            )));
        }
        // Iterating may have shortened the list: places that are gone keep their new item out.
        let old: Vec<Option<Ref>> =
            range.indices().zip(new).map(|(index, item)| self.replace(index, item)).collect();
        drop(old);
        Ok(())
    }

    /// `list *= times` for `times > 1`.
    pub(super) fn repeat_in_place(&self, cx: Ctx, times: usize) -> PyResult<()> {
        let len = self.len();
        let total = len.checked_mul(times).filter(|total| *total <= isize::MAX as usize / 8);
        let Some(total) = total else {
            return Err(cx.memory_error());
        };
        // SAFETY: every new place gets a new reference; cloning runs no other code.
        unsafe {
            self.resize(cx, total)?;
            for index in len..total {
                self.place(index).write((*self.place(index - len)).clone());
            }
        }
        Ok(())
    }
}

/// Drops references in the order in which CPython releases list items.
pub(super) fn release_from_last(mut items: Vec<Ref>) {
    while let Some(item) = items.pop() {
        drop(item);
    }
}
