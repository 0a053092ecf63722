//! Where the statements and tokens of a text stand, and the comments around them, by descriptor path; it knows no elements.

use std::cmp::Ordering;

use prost_types::source_code_info::Location as Info;

use super::{Span, location};

/// Source positions and comments of one statement or token.
#[derive(Debug, Clone, Copy)]
pub struct Location<'a> {
    /// Where it stands.
    pub span: Span,
    /// The comment before it, markers stripped.
    pub leading: &'a str,
    /// The comment behind it.
    pub trailing: &'a str,
    /// Comments before it that belong to nothing.
    pub detached: &'a [String],
}

/// All places of one text, by descriptor path (`google.protobuf.SourceCodeInfo.Location.path`).
///
/// There is one for every token that matters, so that they are kept close together.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// In the order of their paths.
    entries: Vec<Entry>,
    /// The paths, one behind the other.
    paths: Vec<i32>,
    comments: Vec<Comments>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Where its path begins, and how long it is.
    path: (u32, u32),
    span: Span,
    /// The index of its comments.
    comments: Option<u32>,
}

#[derive(Debug, Clone)]
struct Comments {
    leading: String,
    trailing: String,
    detached: Vec<String>,
}

impl Places {
    /// The places of a compiler's source info.
    pub fn new(mut info: Vec<Info>) -> Self {
        // A path can come more than once (several `reserved` statements, several `extend` blocks): the first is the one that
        // leads to the element.
        info.sort_by(|a, b| a.path.cmp(&b.path));
        info.dedup_by(|next, first| next.path == first.path);
        let mut places = Self {
            entries: Vec::with_capacity(info.len()),
            paths: Vec::with_capacity(info.iter().map(|place| place.path.len()).sum()),
            comments: Vec::new(),
        };
        for place in info {
            let Some(span) = location::span(&place.span) else {
                continue;
            };
            let path = (index(places.paths.len()), index(place.path.len()));
            places.paths.extend(place.path);
            let comments = Comments {
                leading: place.leading_comments.unwrap_or_default(),
                trailing: place.trailing_comments.unwrap_or_default(),
                detached: place.leading_detached_comments,
            };
            let is_silent = comments.leading.is_empty()
                && comments.trailing.is_empty()
                && comments.detached.is_empty();
            let comments = (!is_silent).then(|| {
                places.comments.push(comments);
                index(places.comments.len() - 1)
            });
            places.entries.push(Entry {
                path,
                span,
                comments,
            });
        }
        places
    }

    /// Whether no place is known.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The place with the path that `path` and `rest` are together.
    pub fn get(&self, path: &[i32], rest: &[i32]) -> Option<Location<'_>> {
        let order = |entry: &Entry| -> Ordering {
            let own = self.path(entry);
            match own.split_at_checked(path.len()) {
                Some((start, end)) => start.cmp(path).then_with(|| end.cmp(rest)),
                // It is shorter: where it is no other path, it comes first.
                None => own.cmp(path),
            }
        };
        let found = self.entries.binary_search_by(order).ok()?;
        let entry = self.entries.get(found)?;
        let comments = entry
            .comments
            .and_then(|index| self.comments.get(index as usize));
        Some(Location {
            span: entry.span,
            leading: comments.map_or("", |comments| &comments.leading),
            trailing: comments.map_or("", |comments| &comments.trailing),
            detached: comments.map_or(&[], |comments| &comments.detached),
        })
    }

    /// The places without comments, as a compiler's source info.
    pub fn to_info(&self) -> Vec<Info> {
        let entries = self.entries.iter();
        let numbers = |span: Span| [span.line, span.column, span.end_line, span.end_column];
        let number = |number| i32::try_from(number).unwrap_or(i32::MAX);
        entries
            .map(|entry| Info {
                path: self.path(entry).to_vec(),
                span: numbers(entry.span).map(number).to_vec(),
                ..Info::default()
            })
            .collect()
    }

    fn path(&self, entry: &Entry) -> &[i32] {
        let (start, length) = (entry.path.0 as usize, entry.path.1 as usize);
        self.paths.get(start..start + length).unwrap_or_default()
    }
}

fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
