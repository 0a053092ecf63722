//! What is written into a changelog, and what of it counts as an explanation afterwards.

use std::fs;

use insta::assert_snapshot;

use super::{check, released, verdict, with_state};

#[test]
fn the_section_of_a_release_is_written() {
    let repo = released("v1.2.0");
    let changelog = "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- A typo.\n\n## [1.2.0] - 2026-01-01\n\n### Added\n\n- All.\n";
    repo.write("CHANGELOG.md", changelog);
    repo.commit_all();
    repo.write("a.proto", &with_state(true));
    let read = || fs::read_to_string(repo.root().join("CHANGELOG.md")).unwrap();
    // What may not be released is not written about.
    assert_snapshot!(verdict(&repo, "1.2.1 --write-changelog --date 2026-11-21"), @"
release after v1.2.0: needs a minor version bump, 1.3.0
error: 1.2.1 (the command line) is too small: the changes since 1.2.0 need a minor version, 1.3.0
1.2.1 (the command line) may not be released
exit 1
");
    assert_eq!(read(), changelog);
    assert_snapshot!(verdict(&repo, "--write-changelog 1.3.0 --date 2026-11-21"), @"
wrote the section of the release to CHANGELOG.md
release after v1.2.0: needs a minor version bump, 1.3.0
1.3.0 (the command line) may be released
exit 0
");
    assert_snapshot!(read(), @"
# Changelog

## [Unreleased]

## [1.3.0] - 2026-11-21

### Added

- Field `Span.state`.

### Fixed

- A typo.

## [1.2.0] - 2026-01-01

### Added

- All.
");
    assert_snapshot!(verdict(&repo, "1.3.0 --write-changelog --date 2026-11-21"), @"
error: `CHANGELOG.md`: there is a section of 1.3.0 already (line 5)
   = help: take the section out, or release another version
exit 2
");
    let notes = "1.3.0 --write-changelog docs.md --date 2026-11-21";
    assert_snapshot!(verdict(&repo, notes), @"
wrote the section of the release to docs.md
release after v1.2.0: needs a minor version bump, 1.3.0
1.3.0 (the command line) may be released
exit 0
");
    assert_snapshot!(fs::read_to_string(repo.root().join("docs.md")).unwrap(), @"
# Changelog

The format is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/), versions follow [Semantic Versioning](https://semver.org/spec/v2.0.0.html).

## [Unreleased]

## [1.3.0] - 2026-11-21

### Added

- Field `Span.state`.
");
    assert_snapshot!(verdict(&repo, "1.3.0 --to HEAD --write-changelog"), @"
error: a changelog is written into the worktree, and what is released is `HEAD`
exit 2
");
    assert_snapshot!(verdict(&repo, "1.3.0 --write-changelog --date tomorrow"), @"
error: invalid value 'tomorrow' for '--date <YYYY-MM-DD>': input contains invalid characters; write it like 2026-11-21
exit 2
");
}

#[test]
fn what_was_generated_explains_nothing() {
    let repo = released("v1.2.0");
    repo.write("a.proto", &with_state(false));
    verdict(&repo, "1.3.0 --write-changelog --date 2026-11-21");
    let check = || check(&repo, "v1.2.0", "concise");
    assert_snapshot!(check(), @"
a.proto:7:10: note[addition-unexplained] `Span.state` was added, and nothing says how old and new senders and receivers interoperate
worktree compared with v1.2.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 1 change; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
    let file = repo.root().join("CHANGELOG.md");
    let changelog = fs::read_to_string(&file).unwrap();
    let entry = "- Field `Span.state`.";
    assert!(changelog.contains(entry), "{changelog}");
    fs::write(
        &file,
        changelog.replace(entry, "- Field `Span.state`, which is new."),
    )
    .unwrap();
    assert_snapshot!(check(), @"
a.proto:7:10: note[addition-explained] `Span.state` was added; CHANGELOG.md:11 names it
worktree compared with v1.2.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 1 change; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
}
