//! Byte offsets to lines and columns.

/// A place in the source: one-based line, zero-based column in UTF-8 bytes (as `co_positions`
/// and `ast` have it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub col: u32,
}

/// Where each line of a source starts. Lines end at `\n` only: sources are newline-normalised.
#[derive(Clone, Debug)]
pub struct LineMap {
    starts: Vec<u32>,
}

impl LineMap {
    pub fn new(source: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at as u32 + 1));
        LineMap { starts }
    }

    /// The place of a byte offset (an offset past the end counts on from the last line).
    pub fn position(&self, offset: u32) -> Position {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        Position { line: line as u32, col: offset - self.starts[line - 1] }
    }

    /// As [`LineMap::position`], tried first at a line and the one after it.
    pub fn position_near(&self, offset: u32, line: u32) -> Position {
        let at = line as usize;
        for line in [at, at + 1] {
            let Some(&start) = self.starts.get(line - 1) else { break };
            if start <= offset && self.starts.get(line).is_none_or(|&next| offset < next) {
                return Position { line: line as u32, col: offset - start };
            }
        }
        self.position(offset)
    }

    /// The one-based line of a byte offset.
    pub fn line(&self, offset: u32) -> u32 {
        self.position(offset).line
    }

    /// The byte offset at which a one-based line starts, if there is such a line.
    pub fn line_start(&self, line: u32) -> Option<u32> {
        self.starts.get((line as usize).checked_sub(1)?).copied()
    }

    /// The text of a one-based line, its newline included.
    pub fn line_text<'a>(&self, source: &'a str, line: u32) -> Option<&'a str> {
        let start = self.line_start(line)? as usize;
        let end = self.line_start(line + 1).map_or(source.len(), |end| end as usize);
        source.get(start..end)
    }

    /// The zero-based column of a byte offset in characters, as error messages count.
    pub fn char_col(&self, source: &str, offset: u32) -> u32 {
        let start = self.starts[self.position(offset).line as usize - 1] as usize;
        let end = (offset as usize).min(source.len());
        source.as_bytes()[start.min(end)..end].iter().filter(|&&b| b & 0xc0 != 0x80).count() as u32
    }

    /// How many lines there are (the empty one after a final newline included).
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let source = "a\néb\n";
        let map = LineMap::new(source);
        assert_eq!(map.position(0), Position { line: 1, col: 0 });
        assert_eq!(map.position(1), Position { line: 1, col: 1 });
        assert_eq!(map.position(4), Position { line: 2, col: 2 });
        assert_eq!(map.char_col(source, 4), 1);
        assert_eq!(map.line_text(source, 2), Some("éb\n"));
        assert_eq!(map.line_text(source, 3), Some(""));
        assert_eq!(map.line_text(source, 4), None);
    }
}
