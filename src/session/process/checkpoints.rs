//! The checkpoints that are kept: dense near where the user is and near where the run is, thin elsewhere.
use std::sync::Arc;

use super::port::Port;
use super::raw;

/// Checkpoints kept at most.
pub const MAX_CHECKPOINTS: usize = 64;
/// The part of the machine's memory that they may take: one in so many.
const MEMORY_SHARE: u64 = 4;

/// A process that sleeps at a moment of the run.
#[derive(Debug)]
pub struct Checkpoint {
    pub id: u64,
    pub pid: i32,
    pub port: Arc<Port>,
    /// Instructions executed.
    pub at: u64,
    /// Processor time from the start of the run to here, in microseconds; what distances are measured in.
    pub spent: u64,
    /// Memory that is its own, in bytes, its part of what is shared included; as measured last.
    pub bytes: u64,
}

/// All of them, ascending by moment.
#[derive(Debug, Default)]
pub struct Checkpoints {
    list: Vec<Checkpoint>,
    /// Which one is measured next.
    turn: usize,
}

impl Checkpoints {
    /// Adds one. Of two at one moment the older stays.
    pub fn add(&mut self, checkpoint: Checkpoint) {
        let place = self.list.partition_point(|other| other.at <= checkpoint.at);
        if place.checked_sub(1).and_then(|i| self.list.get(i)).is_some_and(|other| other.at == checkpoint.at)
        {
            raw::kill(checkpoint.pid);
            return;
        }
        self.list.insert(place, checkpoint);
    }

    /// The last one at or before a moment.
    pub fn at_or_before(&self, at: u64) -> Option<&Checkpoint> {
        let place = self.list.partition_point(|checkpoint| checkpoint.at <= at);
        place.checked_sub(1).and_then(|i| self.list.get(i))
    }

    /// The moment of the first one.
    pub fn first(&self) -> Option<u64> {
        self.list.first().map(|checkpoint| checkpoint.at)
    }

    /// Forgets one that has ended by itself.
    pub fn lost(&mut self, id: u64) {
        self.list.retain(|checkpoint| checkpoint.id != id);
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Memory that they take together, in bytes.
    pub fn bytes(&self) -> u64 {
        self.list.iter().map(|checkpoint| checkpoint.bytes).sum()
    }

    /// Measures a few of them anew.
    pub fn measure(&mut self, count: usize) {
        for _ in 0..count.min(self.list.len()) {
            self.turn = (self.turn + 1) % self.list.len().max(1);
            if let Some(checkpoint) = self.list.get_mut(self.turn) {
                checkpoint.bytes = memory_of(checkpoint.pid).unwrap_or(checkpoint.bytes);
            }
        }
    }

    /// Ends those that are needed least until there are few enough, and they take little enough memory. `near` are the
    /// moments that the user is likely to go back from.
    pub fn thin_out(&mut self, near: &[u64]) {
        let most = machine_memory() / MEMORY_SHARE;
        while self.list.len() > MAX_CHECKPOINTS || (self.list.len() > 3 && self.bytes() > most) {
            let Some(place) = self.needed_least(near) else { return };
            let checkpoint = self.list.remove(place);
            raw::kill(checkpoint.pid);
        }
    }

    /// The one whose neighbours are closest together, compared with how far away they are. The first stays: everything
    /// can be reached from it.
    fn needed_least(&self, near: &[u64]) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for (i, window) in self.list.windows(3).enumerate() {
            let [before, it, after] = window else { continue };
            let gap = after.spent.saturating_sub(before.spent) as f64 + 1.0;
            let distance = near
                .iter()
                .filter(|moment| **moment >= it.at)
                .map(|moment| self.time_between(it, *moment))
                .min()
                // Nobody goes back from a moment before it.
                .unwrap_or(u64::MAX / 2) as f64;
            let worth = gap / (distance + 2000.0);
            if best.is_none_or(|(least, _)| worth < least) {
                best = Some((worth, i + 1));
            }
        }
        best.map(|(_, place)| place)
    }

    /// Processor time from a checkpoint to a moment, as far as is known.
    fn time_between(&self, from: &Checkpoint, moment: u64) -> u64 {
        self.at_or_before(moment).map_or(0, |to| to.spent.saturating_sub(from.spent))
    }
}

/// Memory of a process, with its part of what it shares, in bytes.
fn memory_of(pid: i32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// The machine's memory in bytes.
fn machine_memory() -> u64 {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse::<u64>().ok());
    kib.map_or(4 << 30, |kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn dense_near_the_present_thin_before() {
        let mut kept = Checkpoints::default();
        let port = Arc::new(Port::new(UnixStream::pair().unwrap().0).unwrap());
        for i in 0..1000 {
            // A process id that nobody has.
            let checkpoint = Checkpoint {
                id: i,
                pid: i32::MAX,
                port: port.clone(),
                at: i * 1000,
                spent: i * 50_000,
                bytes: 0,
            };
            kept.add(checkpoint);
            kept.thin_out(&[i * 1000]);
        }
        assert_eq!(kept.len(), MAX_CHECKPOINTS);
        assert_eq!(kept.first(), Some(0));
        let moments: Vec<u64> = kept.list.iter().map(|c| c.at / 1000).collect();
        assert!(moments.ends_with(&[996, 997, 998, 999]), "{moments:?}");
        for pair in moments.windows(2) {
            let (gap, distance) = (pair[1] - pair[0], 1000 - pair[1]);
            assert!(gap <= 2 + distance / 2, "{moments:?}");
        }
        assert_eq!(kept.at_or_before(999_500).map(|c| c.at), Some(999_000));
    }
}
