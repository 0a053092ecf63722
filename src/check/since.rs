//! Looks at each addition for the line that says from which release on it is there; whether one has to be there rules decide.

use semver::Version;

use super::Request;
use super::explain::is_explainable;
use crate::change::{Action, Aspect, Change};
use crate::explanation::since::{self, Since};
use crate::schema::Schema;

/// A change for each addition without the line, or whose line names another release than the next. What is added inside of another
/// addition is there since that is.
pub(super) fn remark(changes: &mut Vec<Change>, current: &Schema, request: &Request) {
    let config = &request.config;
    if !config.explanations.since {
        return;
    }
    let made = config.releasing.version.as_ref();
    let last = config.release.clone().or_else(|| {
        let release = request.baseline.side.release.as_ref()?;
        Version::parse(release).ok()
    });
    let is_member = |change: &Change| {
        let cause = change.cause.and_then(|cause| changes.get(cause));
        cause.is_some_and(is_explainable)
    };
    let additions = changes.iter();
    let additions = additions.filter(|it| is_explainable(it) && !is_member(it));
    let remarks: Vec<Change> = additions
        .filter_map(|addition| {
            let place = addition.current?;
            let said = current.location(place.element, &[]).and_then(|location| {
                let comments = [&location.leading, &location.trailing];
                comments.into_iter().find_map(|it| since::in_comment(it))
            });
            let how = match &said {
                None => "missing",
                Some(since) if since.fits(made, last.as_ref()) => return None,
                Some(_) => "other",
            };
            let other = match (made, &last) {
                (Some(made), _) => format!("{made} is being released"),
                (None, Some(last)) => format!("{last} was the last release"),
                (None, None) => "that is no release".to_owned(),
            };
            Some(Change {
                how,
                current: Some(place),
                to: said.as_ref().map(Since::to_string),
                other: Some(other),
                ..Change::new(addition.subject, Aspect::Since, Action::Added)
            })
        })
        .collect();
    changes.extend(remarks);
}
