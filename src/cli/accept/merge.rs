//! `protopact accept --merge`: puts the two sides of a file of records together that git could not merge; it compares nothing.

use super::super::output::{self, Failure, trouble};
use super::write::rewrite;
use crate::acceptance::FILE;
use crate::acceptance::merge::merge;
use crate::report::text::{count, printable};
use crate::revision::Place;
use crate::text_file::Style;

/// Writes the records of both sides.
pub(super) fn run(place: &Place) -> Result<(), Failure> {
    let (Some(root), Some(sides)) = (place.worktree(), place.unmerged(FILE)?) else {
        return Err(trouble(
            format!("no merge stopped at `{FILE}`"),
            "--merge is for the time between a conflict in the file and `git add`",
        ));
    };
    let [base, ours, theirs] = sides.map(|side| {
        let text = String::from_utf8_lossy(&side).into_owned();
        Style::of(&text).plain(&text)
    });
    let merged = merge(&base, &ours, &theirs).map_err(|error| {
        trouble(
            format!("the sides of `{FILE}` cannot be merged: {error}"),
            "merge them by hand",
        )
    })?;
    rewrite(place, root, |_| Ok(merged.text.clone()))?;
    for both in &merged.ours {
        output::remark(&printable(&format!(
            "warning: {both}: each side did something else with it, and it is left as in HEAD; look at it"
        )));
    }
    let added = count(merged.added, "record");
    let removed = match merged.removed {
        0 => String::new(),
        some => format!(", {some} taken out as there"),
    };
    output::print(&format!(
        "{FILE}: {added} from the other side{removed}; `git add` it\n"
    ))
}
