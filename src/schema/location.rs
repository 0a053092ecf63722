//! From the compiler's positions to places a person can find: bytes of the text, lines and columns; it knows no elements.

use std::ops::Range;

use super::Span;

/// Reads a span of source info: three or four numbers, 0-based.
pub fn span(numbers: &[i32]) -> Option<Span> {
    let number = |index: usize| {
        numbers
            .get(index)
            .and_then(|&number| u32::try_from(number).ok())
    };
    let (line, column) = (number(0)?, number(1)?);
    match numbers.len() {
        3 => Some(Span {
            line,
            column,
            end_line: line,
            end_column: number(2)?,
        }),
        4 => Some(Span {
            line,
            column,
            end_line: number(2)?,
            end_column: number(3)?,
        }),
        _ => None,
    }
}

/// The bytes of the text that a span covers, cut to the text and to whole characters.
pub fn byte_range(text: &str, span: Span) -> Range<usize> {
    let start = offset(text, span.line, span.column);
    start..offset(text, span.end_line, span.end_column).max(start)
}

fn offset(text: &str, line: u32, column: u32) -> usize {
    let start = match line.checked_sub(1) {
        None => 0,
        Some(previous) => memchr::memchr_iter(b'\n', text.as_bytes())
            .nth(previous as usize)
            .map_or(text.len(), |index| index + 1),
    };
    let mut offset = (start + column as usize).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// The 1-based line and column of both ends of a span, columns in Unicode scalar values, the end excluded.
pub fn for_people(text: &str, span: Span) -> (u32, u32, u32, u32) {
    let column = |line: u32, column: u32| {
        let start = offset(text, line, 0);
        let end = offset(text, line, column);
        let before = text.get(start..end).unwrap_or_default().chars().count();
        u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
    };
    (
        span.line + 1,
        column(span.line, span.column),
        span.end_line + 1,
        column(span.end_line, span.end_column),
    )
}

/// The 1-based line and column of both ends of a span, columns as the compiler counted them: for files without text.
pub fn as_counted(span: Span) -> (u32, u32, u32, u32) {
    (
        span.line.saturating_add(1),
        span.column.saturating_add(1),
        span.end_line.saturating_add(1),
        span.end_column.saturating_add(1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_stay_inside_the_text() {
        let text = "// é\n\tü = 1;\n";
        let span = Span {
            line: 1,
            column: 1,
            end_line: 1,
            end_column: 3,
        };
        assert_eq!(&text[byte_range(text, span)], "ü");
        assert_eq!(for_people(text, span), (2, 2, 2, 3));
        let beyond = Span {
            line: 9,
            column: 9,
            end_line: 9,
            end_column: 12,
        };
        assert_eq!(byte_range(text, beyond), text.len()..text.len());
    }
}
