//! The lines of a text: where a byte of it stands, and which byte stands at a place.

/// Where the lines of a text start.
#[derive(Debug, Clone)]
pub(super) struct Lines(Vec<usize>);

impl Lines {
    /// Finds the lines of a text.
    pub(super) fn of(text: &str) -> Self {
        Self(
            std::iter::once(0)
                .chain(text.match_indices('\n').map(|(index, _)| index + 1))
                .collect(),
        )
    }

    /// The byte at a line and a column, both from 0.
    pub(super) fn offset(&self, line: u32, column: u32) -> usize {
        self.0
            .get(line as usize)
            .or(self.0.last())
            .copied()
            .unwrap_or(0)
            + column as usize
    }

    /// A span as source info has it.
    pub(super) fn span(&self, start: usize, end: usize) -> Vec<i32> {
        let number = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        let ((line, column), (end_line, end_column)) = (self.position(start), self.position(end));
        let middle = (end_line != line).then(|| number(end_line));
        [number(line), number(column)]
            .into_iter()
            .chain(middle)
            .chain([number(end_column)])
            .collect()
    }

    /// The line and column of a byte, both from 0.
    fn position(&self, offset: usize) -> (u32, u32) {
        let line = self
            .0
            .partition_point(|&start| start <= offset)
            .saturating_sub(1);
        let column = offset - self.0.get(line).copied().unwrap_or(0);
        (
            u32::try_from(line).unwrap_or(u32::MAX),
            u32::try_from(column).unwrap_or(u32::MAX),
        )
    }
}
