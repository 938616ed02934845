//! What the run has printed and been given to read, in order, so that the screen can show it as it was at any moment.
use crate::session::protocol::{Event, Stream};

/// Bytes that are sent anew at most: the last ones.
const MOST: usize = 1 << 20;
/// Bytes that are kept; the oldest go first.
const KEPT: usize = 64 << 20;

#[derive(Debug)]
struct Piece {
    /// Bytes of output before it.
    at: u64,
    /// `None`: it was typed.
    stream: Option<Stream>,
    text: String,
}

/// The transcript of one run.
#[derive(Debug, Default)]
pub struct Transcript {
    pieces: std::collections::VecDeque<Piece>,
    /// Bytes of output so far.
    total: u64,
    kept: usize,
}

impl Transcript {
    /// The run has printed this.
    pub fn output(&mut self, stream: Stream, text: &str) {
        match self.pieces.back_mut() {
            Some(last) if last.stream == Some(stream) && last.text.len() < 4096 => last.text.push_str(text),
            _ => self.push(Some(stream), text),
        }
        self.total += text.len() as u64;
        self.kept += text.len();
        while self.kept > KEPT {
            let Some(oldest) = self.pieces.pop_front() else { break };
            self.kept -= oldest.text.len();
        }
    }

    /// The run was given this to read.
    pub fn typed(&mut self, text: &str) {
        self.push(None, text);
        self.kept += text.len();
    }

    fn push(&mut self, stream: Option<Stream>, text: &str) {
        self.pieces.push_back(Piece { at: self.total, stream, text: text.to_owned() });
    }

    /// Everything up to so many bytes of output, as events.
    pub fn until(&self, output: u64) -> Vec<Event> {
        let mut events = Vec::new();
        let from = output.min(self.total).saturating_sub(MOST as u64);
        for piece in &self.pieces {
            let length = piece.text.len() as u64;
            match piece.stream {
                // What was typed was read before anything else was printed; at the moment itself it was not read yet.
                None if piece.at < output && piece.at >= from => {
                    events.push(Event::Typed { text: piece.text.clone() });
                }
                None => {}
                Some(stream) if piece.at < output && piece.at + length > from => {
                    let keep = usize::try_from(output - piece.at).unwrap_or(usize::MAX);
                    let text = head_of(&piece.text, keep);
                    events.push(Event::Output { stream, text: text.to_owned() });
                }
                Some(_) => {}
            }
        }
        events
    }
}

/// The first bytes of a text, without cutting a character.
fn head_of(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_it_was() {
        let mut transcript = Transcript::default();
        transcript.output(Stream::Stdout, "one\n");
        transcript.output(Stream::Stdout, "name? ");
        transcript.typed("ada\n");
        transcript.output(Stream::Stdout, "hé\n");
        let out = |text: &str| Event::Output { stream: Stream::Stdout, text: text.to_owned() };
        assert_eq!(transcript.until(4), [out("one\n")]);
        assert_eq!(transcript.until(10), [out("one\nname? ")]);
        let typed = Event::Typed { text: "ada\n".to_owned() };
        assert_eq!(transcript.until(12), [out("one\nname? "), typed.clone(), out("h")]);
        assert_eq!(transcript.until(u64::MAX), [out("one\nname? "), typed, out("hé\n")]);
    }
}
