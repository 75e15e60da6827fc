//! Where the bytes of a text that was taken out of another stand in that other.

use crate::text::Span;

/// A run of bytes of the inner text, up to the next run.
#[derive(Copy, Clone, Debug)]
struct Run {
    /// Its first byte in the inner text.
    inner: u32,
    /// What stands for it in the outer one.
    outer: Span,
    /// Byte for byte the same; else the run as a whole stands for the whole.
    same: bool,
}

/// An inner text, and where its bytes come from.
#[derive(Clone, Debug, Default)]
pub(super) struct Offsets {
    text: String,
    runs: Vec<Run>,
}

impl Offsets {
    /// A text of which no part can be told from another: all of it stands for all of `outer`.
    pub fn whole(text: String, outer: Span) -> Self {
        Self { text, runs: vec![Run { inner: 0, outer, same: false }] }
    }

    /// Adds what is written in the same way at a byte of the outer text.
    pub fn copy(&mut self, text: &str, outer: usize) {
        if text.is_empty() {
            return;
        }
        let span = Span::new(outer, outer + text.len());
        match self.runs.last_mut().filter(|last| last.same && last.outer.end == span.start) {
            Some(last) => last.outer.end = span.end,
            None => self.add(span, true),
        }
        self.text.push_str(text);
    }

    /// Adds what is written otherwise: an escape, a line break that counts as a blank.
    pub fn put(&mut self, text: &str, outer: Span) {
        if !text.is_empty() {
            self.add(outer, false);
            self.text.push_str(text);
        }
    }

    fn add(&mut self, outer: Span, same: bool) {
        self.runs.push(Run { inner: u32::try_from(self.text.len()).unwrap_or(u32::MAX), outer, same });
    }

    /// The inner text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a span of the inner text stands. What was written otherwise is taken whole.
    pub fn place(&self, span: Span) -> Span {
        if !span.is_empty() {
            let start = self.start(span.start);
            return Span { start, end: self.end(span.end).max(start) };
        }
        // Nothing, right after something: there it would be written, unless a line ended in between.
        let before = (span.start as usize).checked_sub(1).and_then(|at| self.text.as_bytes().get(at));
        let at = match before {
            Some(byte) if *byte != b'\n' => self.end(span.start),
            _ => self.start(span.start),
        };
        Span { start: at, end: at }
    }

    fn start(&self, at: u32) -> u32 {
        let next = self.runs.partition_point(|run| run.inner <= at);
        let run = next.checked_sub(1).and_then(|n| self.runs.get(n));
        match run {
            Some(run) if run.same => (run.outer.start + (at - run.inner)).min(run.outer.end),
            // Beyond the end of what was written otherwise there is only its end.
            Some(run) if at as usize >= self.text.len() && at > run.inner => run.outer.end,
            Some(run) => run.outer.start,
            None => self.runs.first().map_or(0, |run| run.outer.start),
        }
    }

    fn end(&self, at: u32) -> u32 {
        let next = self.runs.partition_point(|run| run.inner < at);
        match next.checked_sub(1).and_then(|n| self.runs.get(n)) {
            Some(run) if run.same => (run.outer.start + (at - run.inner)).min(run.outer.end),
            Some(run) => run.outer.end,
            None => self.runs.first().map_or(0, |run| run.outer.start),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Offsets {
        // outer: `  ab\n  c\u0064e`
        let mut offsets = Offsets::default();
        offsets.copy("ab", 2);
        offsets.copy("\n", 4);
        offsets.copy("c", 7);
        offsets.put("d", Span::new(8, 14));
        offsets.copy("e", 14);
        offsets
    }

    #[test]
    fn spans_go_where_the_bytes_came_from() {
        let offsets = sample();
        assert_eq!(offsets.text(), "ab\ncde");
        let place = |start, end| offsets.place(Span::new(start, end));
        assert_eq!(place(0, 2), Span::new(2, 4));
        assert_eq!(place(3, 4), Span::new(7, 8), "after a break: not the indentation");
        assert_eq!(place(1, 4), Span::new(3, 8));
        assert_eq!(place(4, 5), Span::new(8, 14), "an escape is whole");
        assert_eq!(place(5, 6), Span::new(14, 15));
        assert_eq!(place(0, 6), Span::new(2, 15));
    }

    #[test]
    fn nothing_stands_after_what_is_before_it() {
        let offsets = sample();
        let place = |at| offsets.place(Span::new(at, at));
        assert_eq!(place(0), Span::new(2, 2));
        assert_eq!(place(2), Span::new(4, 4));
        assert_eq!(place(3), Span::new(7, 7), "a line that begins");
        assert_eq!(place(6), Span::new(15, 15));
        assert_eq!(place(9), Span::new(15, 15));
        assert_eq!(Offsets::default().place(Span::new(3, 3)), Span::new(0, 0));
    }
}
