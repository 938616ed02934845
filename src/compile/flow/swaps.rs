//! SWAPs, as unpacking and patterns leave them behind: fewer of them, or none where the
//! instructions that follow can change places instead.

use super::Instr;
use crate::code::opcode::Opcode::{NOP, POP_TOP, STORE_FAST, SWAP};

/// Replaces the run of SWAPs that begins at `at` by the shortest one with the same effect.
/// Gives the index of the run's last instruction.
pub(super) fn shorten(instrs: &mut [Instr], at: usize) -> usize {
    let run = instrs[at..].iter().take_while(|instr| matches!(instr.op, SWAP | NOP)).count();
    let swaps: Vec<usize> =
        instrs[at..at + run].iter().filter(|i| i.op == SWAP).map(|i| i.arg as usize).collect();
    if swaps.len() < 2 {
        return at;
    }
    let depth = swaps.iter().copied().max().unwrap_or(1);
    let mut stack: Vec<usize> = (0..depth).collect();
    for swap in swaps {
        stack.swap(0, swap.saturating_sub(1));
    }
    // Each cycle of the permutation is undone by swaps through the top; read backwards, they make it.
    let mut wanted = Vec::new();
    let mut seen = vec![false; depth];
    for start in 0..depth {
        if seen[start] || stack[start] == start {
            continue;
        }
        let mut position = start;
        loop {
            if position != 0 {
                wanted.push(position + 1);
            }
            if seen[position] {
                break;
            }
            seen[position] = true;
            position = stack[position];
        }
    }
    let mut wanted = wanted.into_iter();
    for instr in instrs[at..at + run].iter_mut().rev() {
        match wanted.next() {
            Some(arg) => {
                instr.op = SWAP;
                instr.arg = arg as u32;
            }
            None => instr.erase(),
        }
    }
    at + run - 1
}

/// Drops SWAPs up to `last` by exchanging the stores and pops that follow them.
pub(super) fn apply(instrs: &mut [Instr], last: usize) {
    for at in (0..=last).rev() {
        if instrs[at].op != SWAP {
            if instrs[at].op == NOP || swappable(&instrs[at]) {
                continue;
            }
            return;
        }
        let Some(first) = next_swappable(instrs, at, None) else { return };
        let line = instrs[first].loc.line;
        let mut second = first;
        for _ in 1..instrs[at].arg {
            // Stores of different lines stay in order, for the sake of who traces them.
            match next_swappable(instrs, second, (line >= 0).then_some(line)) {
                Some(next) => second = next,
                None => return,
            }
        }
        if clash(instrs, first, second) {
            return;
        }
        instrs[at].erase();
        instrs.swap(first, second);
    }
}

fn swappable(instr: &Instr) -> bool {
    matches!(instr.op, STORE_FAST | POP_TOP)
}

fn next_swappable(instrs: &[Instr], after: usize, line: Option<i32>) -> Option<usize> {
    for (at, instr) in instrs.iter().enumerate().skip(after + 1) {
        if line.is_some_and(|line| instr.loc.line != line) {
            return None;
        }
        if swappable(instr) {
            return Some(at);
        }
        if instr.op != NOP {
            return None;
        }
    }
    None
}

/// Whether exchanging two instructions would change which store to a variable comes last.
fn clash(instrs: &[Instr], first: usize, second: usize) -> bool {
    let stores = |at: usize| (instrs[at].op == STORE_FAST).then_some(instrs[at].arg);
    let (a, b) = (stores(first), stores(second));
    if a.is_none() && b.is_none() {
        return false;
    }
    a == b
        || (first + 1..second).any(|at| stores(at).is_some_and(|store| Some(store) == a || Some(store) == b))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{graph, text};
    use super::*;

    fn shortened(source: &str) -> String {
        let mut made = graph(source);
        shorten(&mut made.blocks[0].instrs, 0);
        text(&made)
    }

    #[test]
    fn runs_get_as_short_as_their_effect_allows() {
        assert_eq!(shortened("SWAP 2; SWAP 2; POP_TOP"), "0: NOP; NOP; POP_TOP\n");
        assert_eq!(shortened("SWAP 3; SWAP 2; SWAP 3; SWAP 2; POP_TOP").matches("SWAP").count(), 2);
        assert_eq!(shortened("SWAP 3; POP_TOP"), "0: SWAP 3; POP_TOP\n");
    }

    #[test]
    fn stores_change_places_instead() {
        let applied = |source: &str| {
            let mut made = graph(source);
            apply(&mut made.blocks[0].instrs, 0);
            text(&made)
        };
        assert_eq!(
            applied("SWAP 2; STORE_FAST 1 @1; STORE_FAST 2 @1"),
            "0: NOP; STORE_FAST 2 @1; STORE_FAST 1 @1\n"
        );
        // Not across lines, nor where the order of stores to one variable would change.
        let kept = ["SWAP 2; STORE_FAST 1 @1; STORE_FAST 2 @2", "SWAP 2; STORE_FAST 1 @1; STORE_FAST 1 @1"];
        for source in kept {
            assert_eq!(applied(source), format!("0: {source}\n"));
        }
    }
}
