//! Sides that cannot be judged, and odd ones that can: what a person is told, and that nothing brings the program down.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/tree.rs"]
mod tree;

use insta::assert_snapshot;

use crate::tree::{acme, sides};

const BROKEN: &str = "message Order {\n  string id = ;\n}\n";
const ORDER: &str = "message Order {\n  string id = 1;\n}\n";
const RETYPED: &str = "message Order {\n  bytes id = 1;\n}\n";

#[test]
fn a_broken_baseline() {
    let (broken, good) = (acme(BROKEN), acme(ORDER));
    let sides = sides(&[("order.proto", &broken)], &[("order.proto", &good)]);
    assert_snapshot!(sides.check(&[]), @"
error: the baseline `before` does not compile: 1 error in `order.proto`

error: expected an integer, but found `;`
  --> before/order.proto:5:15
 5 |   string id = ;
   |               ^ found here

help: mend the files, or leave out those that cannot be mended or are no part of the promise:
      `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`
exit 2
");
}

#[test]
fn every_error_of_every_file_of_both_sides() {
    let before = acme(BROKEN);
    let undefined = acme("message Order {\n  Money total = 1;\n  Country country = 2;\n}\n");
    let after = [
        ("money.proto", "syntax \"proto3\";\n"),
        ("order.proto", &undefined),
    ];
    let sides = sides(&[("order.proto", &before)], &after);
    assert_snapshot!(sides.check(&["--format", "json"]), @r#"
error: neither side compiles

error: the baseline `before` does not compile: 1 error in `order.proto`

error: expected an integer, but found `;`
  --> before/order.proto:5:15
 5 |   string id = ;
   |               ^ found here

error: the current side `after` does not compile: 3 errors in 2 files

error: expected `=`, but found `"proto3"`
  --> money.proto:1:8
 1 | syntax "proto3";
   |        ^^^^^^^^ found here

error: name `Money` is not defined
  --> order.proto:5:3
 5 |   Money total = 1;
   |   ^^^^^ found here

error: name `Country` is not defined
  --> order.proto:6:3
 6 |   Country country = 2;
   |   ^^^^^^^ found here

help: mend the files, or leave out those that cannot be mended or are no part of the promise:
      `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`
exit 2
"#);
}

#[test]
fn an_import_cycle() {
    let one = acme("import \"two.proto\";\n");
    let two = acme("import \"one.proto\";\n");
    let itself = acme("import \"self.proto\";\n");
    let after = [
        ("one.proto", &*one),
        ("two.proto", &*two),
        ("self.proto", &*itself),
    ];
    assert_snapshot!(sides(&[], &after).check(&[]), @r#"
error: the current side `after` does not compile: 2 errors in 2 files

error: import cycle: `self.proto` → `self.proto`
  --> self.proto:4:1
 4 | import "self.proto";
   | ^^^^^^^^^^^^^^^^^^^^ this import closes the cycle
   = help: move what the files share into a file of its own that each of them imports

error: import cycle: `one.proto` → `two.proto` → `one.proto`
  --> two.proto:4:1
 4 | import "one.proto";
   | ^^^^^^^^^^^^^^^^^^^ this import closes the cycle
   = help: move what the files share into a file of its own that each of them imports

help: mend the files, or leave out those that cannot be mended or are no part of the promise:
      `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`
exit 2
"#);
}

#[test]
fn a_missing_import() {
    let file = acme("import \"google/api/annotations.proto\";\n");
    let other = acme("message Other {}\n");
    let after = [
        ("protos/acme/v1/a.proto", &*file),
        ("other/acme/v1/b.proto", &*other),
    ];
    assert_snapshot!(sides(&[], &after).check(&[]), @r#"
error: the current side `after` does not compile: 1 error in `protos/acme/v1/a.proto`

error: import `google/api/annotations.proto` not found
  --> protos/acme/v1/a.proto:4:1
 4 | import "google/api/annotations.proto";
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ imported here
   = help: tried the import roots `protos`, `other`; name the root that holds it with `-I ROOT` or
           `roots` in the section [schema] of protopact.toml, or go without it: `missing-imports =
           "stub"` there makes its types opaque

help: mend the files, or leave out those that cannot be mended or are no part of the promise:
      `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`
exit 2
"#);
}

#[test]
fn a_symbol_in_two_files() {
    let file = acme(ORDER);
    let sides = sides(&[], &[("a.proto", &file), ("b.proto", &file)]);
    assert_snapshot!(sides.check(&[]), @"
error: the current side `after` does not compile: 2 errors in `b.proto`

error: name `acme.v1.Order` is already defined in file `a.proto`
  --> b.proto:4:9
 4 | message Order {
   |         ^^^^^ defined again here

error: name `acme.v1.Order.id` is already defined in file `a.proto`
  --> b.proto:5:10
 5 |   string id = 1;
   |          ^^ defined again here

help: mend the files, or leave out those that cannot be mended or are no part of the promise:
      `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`
exit 2
");
}

/// Independent trees may declare the same names: each is compared with itself.
#[test]
fn one_import_path_for_two_files() {
    let file = acme(ORDER);
    let retyped = file.replace("string id", "bytes id");
    let (a, b) = ("a/acme/v1/order.proto", "b/acme/v1/order.proto");
    let sides = sides(&[(a, &file), (b, &file)], &[(a, &file), (b, &retyped)]);
    let printed = sides.check(&["--format", "concise"]);
    assert!(
        printed.starts_with("b/acme/v1/order.proto:5:3: error[field-type-widened]"),
        "{printed}"
    );
    assert!(printed.contains("1 of 2 files changed"), "{printed}");
}

#[test]
fn text_that_is_not_utf8() {
    let sides = sides(&[], &[]);
    sides.write("after/a.proto", b"syntax = \"proto3\";\n// caf\xe9\n");
    assert_snapshot!(sides.check(&[]), @"
error: the current side `after` does not compile: 1 error in `a.proto`

error: `a.proto` is not valid UTF-8: line 2 (byte 25) cannot be read

help: mend the files, or leave out those that cannot be mended or are no part of the promise:
      `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`
exit 2
");
}

#[test]
fn a_syntax_and_an_edition_that_do_not_exist() {
    let sides = sides(
        &[],
        &[
            ("a.proto", "syntax = \"proto4\";\n"),
            ("b.proto", "// The edition.\nedition = \"2099\";\n"),
            ("c.proto", "edition: \"2023\";\n"),
        ],
    );
    assert_snapshot!(sides.check(&[]), @r#"
error: the current side `after` does not compile: 3 errors in 3 files

error: unknown syntax `proto4`
  --> a.proto:1:10
 1 | syntax = "proto4";
   |          ^^^^^^^^ defined here
   = help: possible values are `proto2` and `proto3`

error: unknown edition `2099`
  --> b.proto:2:11
 2 | edition = "2099";
   |           ^^^^^^ not known
   = help: known: `2023`, `2024`

error: expected `enum`, `extend`, `import`, `message`, `option`, `service`, `package` or `;`, but found `edition`
  --> c.proto:1:1
 1 | edition: "2023";
   | ^^^^^^^ found here

help: mend the files, or leave out those that cannot be mended or are no part of the promise:
      `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`
exit 2
"#);
}

#[test]
fn a_file_that_ends_too_early() {
    let text = acme("message Order {\n  string id = 1;\n\n");
    assert_snapshot!(sides(&[], &[("a.proto", &text)]).check(&[]), @"
error: the current side `after` does not compile: 1 error in `a.proto`

error: expected a message field, oneof, reserved range, enum, message, option or `}`, but reached end of file
  --> a.proto:5:17
 5 |   string id = 1;
   |                 ^

help: mend the files, or leave out those that cannot be mended or are no part of the promise:
      `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`
exit 2
");
}

#[test]
fn deep_nesting_is_refused() {
    let messages = format!("{}{}", "message M { ".repeat(20_000), "}".repeat(20_000));
    let braces = "{".repeat(20_000);
    let option = format!("option (o) = {}", "{ a: ".repeat(20_000));
    let list = format!("option (o) = {{ a: {}", "[".repeat(20_000));
    let fields = format!("message M {{ {}", "optional group G = 1 { ".repeat(20_000));
    let oneofs = format!("message M {{ {}", "oneof o { ".repeat(20_000));
    let types = format!("message M {{ {}", "map<".repeat(20_000));
    for text in [messages, braces, option, list, fields, oneofs, types] {
        let acme = acme(&text);
        let edition = acme.replace("syntax = \"proto3\"", "edition = \"2023\"");
        let printed = sides(&[], &[("a.proto", &edition)]).check(&[]);
        assert!(printed.ends_with("exit 2"), "{printed}");
        let printed = sides(&[], &[("a.proto", &acme)]).check(&[]);
        assert!(printed.ends_with("exit 2"), "{printed}");
        assert!(printed.contains("--> a.proto:4:"), "{printed}");
        assert!(
            printed.lines().all(|line| line.chars().count() < 200),
            "{printed}"
        );
    }
}

#[test]
fn a_long_line_is_cut_where_it_is_of_interest() {
    let padding = "/* ten million bytes */ ".repeat(10_000_000 / 24);
    let line = |ty: &str| {
        acme(&format!(
            "{padding}message Order {{ {ty} id = 1; }} {padding}"
        ))
    };
    let retyped = sides(
        &[("a.proto", &line("string"))],
        &[("a.proto", &line("bytes"))],
    );
    assert_snapshot!(retyped.check(&["-q"]), @r#"
error[field-type-widened]: field `Order.id` changed its type from `string` to `bytes`
  --> before/a.proto:4:10000001
 4 | ...ion bytes */ message Order { string id = 1; } /* ten million bytes */ /* ten million byte...
   |                                 ^^^^^^
  --> a.proto:4:10000001
 4 | ...ion bytes */ message Order { bytes id = 1; } /* ten million bytes */ /* ten million bytes...
   |                                 ^^^^^
   = breaks:   wire (old readers of some new data), JSON (readers old and new), source (code that
               uses it)
   = promise:  "Field types, numbers and names will not change." (preset `stable`)
   = maturity: stable (default)
   = help:     keep the type; add a new field of type `bytes` and deprecate this one
   = accept:   40d2166c2b1ad371

after compared with before under preset stable (exempt: labelled): 1 of 1 file changed (3 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
"#);
    let broken = sides(&[], &[("a.proto", &line("="))]);
    assert_snapshot!(broken.check(&["-q"]), @"
error: the current side `after` does not compile: 1 error in `a.proto`

error: expected a message field, oneof, reserved range, enum, message, option or `}`, but found `=`
  --> a.proto:4:10000001
 4 | ...ion bytes */ message Order { = id = 1; } /* ten million bytes */ /* ten million bytes */ ...
   |                                 ^ found here

help: mend the files, or leave out those that cannot be mended or are no part of the promise:
      `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`
exit 2
");
}

#[test]
fn nothing_that_a_terminal_obeys_is_printed() {
    let evil = "\u{1b}[31m\u{202e}\u{9b}";
    let file = |ty: &str| acme(&format!("message Order {{\n  {ty} id = 1; // {evil}\n}}\n"));
    let path = format!("d{evil}/a.proto");
    let readme = format!(
        "# x\n\n## Maturity Level\n\n| Component | Maturity |\n|---|---|\n| d | {evil} |\n"
    );
    let good = sides(&[(&path, &file("string"))], &[(&path, &file("bytes"))]);
    let broken = sides(&[], &[(&path, &file(evil))]);
    let unlevelled = sides(
        &[(&path, &file("string")), ("README.md", &readme)],
        &[(&path, &file("bytes"))],
    );
    let table = sides(&[], &[(&path, &file("bytes")), ("README.md", &readme)]);
    let config = sides(
        &[],
        &[
            (&path, &file("bytes")),
            (
                "protopact.toml",
                &format!("\"{}\" = 1\n", evil.replace('\u{1b}', "\\u001b")),
            ),
        ],
    );
    let printed = [
        good.check(&[]),
        good.check(&["--format", "concise"]),
        good.check(&["--format", "json"]),
        good.check(&[evil]),
        good.check(&["--preset", evil]),
        good.check(&["--rule", &format!("{evil}=off")]),
        good.check(&["--config", evil]),
        good.check(&["-I", evil]),
        good.run(&["explain", evil]),
        good.run(&["status", "--to", "after"]),
        good.run(&["status", "--to", "after", evil]),
        good.run(&["check", "--to", evil]),
        good.run(&["-C", evil, "check"]),
        broken.check(&[]),
        broken.check(&["--format", "concise"]),
        broken.run(&["status", "--to", "after"]),
        unlevelled.check(&[]),
        table.check(&[]),
        config.check(&[]),
    ];
    for printed in &printed {
        let obeyed = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!printed.contains(obeyed), "{printed:?}");
    }
    assert!(
        printed[0].contains("d\\u{1b}[31m\\u{202e}\\u{9b}/a.proto"),
        "{}",
        printed[0]
    );
}

#[test]
fn an_unknown_level_in_the_table() {
    let readme = |level: &str| {
        format!(
            "# Acme\n\n## Maturity Level\n\n| Component | Maturity |\n|---|---|\n| acme/* | {level} |\n"
        )
    };
    let (good, bad) = (readme("Stable"), readme("Stabel"));
    let (old, new) = (acme(ORDER), acme(RETYPED));
    let path = "acme/v1/order.proto";
    let current = sides(
        &[(path, &old), ("README.md", &good)],
        &[(path, &new), ("README.md", &bad)],
    );
    assert_snapshot!(current.check(&[]), @"
error: the maturity table of the current side states a level that is not known: `Stabel` (line 7)
  --> README.md:7:12
 7 | | acme/* | Stabel |
   |            ^^^^^^ not a level
   = help: write Development, Alpha, Beta, Release Candidate or Stable, or N/A where no promise is
           made
exit 2
");
    let baseline = sides(
        &[(path, &old), ("README.md", &bad)],
        &[(path, &new), ("README.md", &good)],
    );
    assert_snapshot!(baseline.check(&["--format", "concise"]), @"
warning: the baseline's maturity table states an unknown level: `Stabel` (README.md:7); the row is not obeyed
acme/v1/order.proto:5:3: error[field-type-widened] field `Order.id` changed its type from `string` to `bytes`
after compared with before under preset opentelemetry (exempt: component): 1 of 1 file changed (3 elements), 2 changes; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn a_broken_configuration_on_the_current_side_only_counts() {
    let file = acme(ORDER);
    let bad = ("protopact.toml", "preset = \"stabl\"\n");
    let current = sides(&[("a.proto", &file)], &[("a.proto", &file), bad]);
    assert_snapshot!(current.check(&[]), @r#"
error: unknown preset `stabl`
  --> protopact.toml:1:10
 1 | preset = "stabl"
   |          ^^^^^^^ no preset has this name
   = help: did you mean `stable`?
exit 2
"#);
    let baseline = sides(&[("a.proto", &file), bad], &[("a.proto", &file)]);
    assert_snapshot!(baseline.check(&[]), @"
after compared with before under preset stable (exempt: labelled): no .proto file differs (1 file); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
    current.write("after/protopact.toml", b"# \xff\n");
    assert_snapshot!(current.check(&[]), @"
error: the configuration `protopact.toml` is not valid UTF-8 (byte 2)
exit 2
");
}

#[test]
fn a_broken_file_that_nothing_concerns_does_not_fail_the_check() {
    let (broken, old, new) = (
        acme(BROKEN),
        acme("message Item {}\n"),
        acme("message Item { string id = 1; }\n"),
    );
    let other = sides(
        &[("broken.proto", &broken), ("item.proto", &old)],
        &[("broken.proto", &broken), ("item.proto", &new)],
    );
    assert_snapshot!(other.check(&["-q"]), @"
after compared with before under preset stable (exempt: labelled): 1 of 2 files changed (3 elements), 1 change; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
    assert_snapshot!(other.check(&["-q", "--full"]), @"
warning: `broken.proto` does not compile and was left out: expected an integer, but found `;`
after compared with before under preset stable (exempt: labelled): 1 of 2 files changed (3 elements), 1 change; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
    let importer = acme("import \"broken.proto\";\nmessage Item {}\n");
    let reached = sides(
        &[("broken.proto", &broken), ("item.proto", &old)],
        &[("broken.proto", &broken), ("item.proto", &importer)],
    );
    assert_snapshot!(reached.check(&["-q"]), @"
error: the current side `after` does not compile: 1 error in `broken.proto`

error: expected an integer, but found `;`
  --> broken.proto:5:15
 5 |   string id = ;
   |               ^ found here
   = help: `broken.proto` is imported by `item.proto`

help: mend the files, or leave out those that cannot be mended or are no part of the promise:
      `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`
exit 2
");
}

#[test]
fn a_file_that_the_change_breaks_elsewhere_is_told_of_with_its_side() {
    let (item, importer) = (
        acme("message Item {}\n"),
        acme("import \"item.proto\";\nmessage Order { Item item = 1; }\n"),
    );
    let moved = sides(
        &[("item.proto", &item), ("order.proto", &importer)],
        &[("items.proto", &item), ("order.proto", &importer)],
    );
    assert_snapshot!(moved.check(&["--format", "concise"]), @"
warning: `order.proto` was not changed, compiles no more in the current side, and was left out on both sides: import `item.proto` not found
items.proto:1:1: warning[file-renamed] file `item.proto` was renamed from `item.proto` to `items.proto`
after compared with before under preset stable (exempt: labelled): 1 of 2 files changed (2 elements), 1 change; 0 errors, 1 warning, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a patch version bump
exit 0
");
}

#[test]
fn odd_files_that_are_fine() {
    let (old, new) = (acme(ORDER), acme(RETYPED));
    let (old, new) = (format!("\u{feff}{old}"), format!("\u{feff}{new}"));
    let marked = sides(&[("a.proto", &old)], &[("a.proto", &new)]);
    assert_snapshot!(marked.check(&["--format", "concise"]), @"
a.proto:5:3: error[field-type-widened] field `Order.id` changed its type from `string` to `bytes`
after compared with before under preset stable (exempt: labelled): 1 of 1 file changed (3 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");

    let crlf = |text: &str| acme(text).replace('\n', "\r\n");
    let ended = sides(&[("a.proto", &crlf(ORDER))], &[("a.proto", &crlf(RETYPED))]);
    assert_snapshot!(ended.check(&["-q"]), @r#"
error[field-type-widened]: field `Order.id` changed its type from `string` to `bytes`
  --> before/a.proto:5:3
 5 |   string id = 1;
   |   ^^^^^^
  --> a.proto:5:3
 5 |   bytes id = 1;
   |   ^^^^^
   = breaks:   wire (old readers of some new data), JSON (readers old and new), source (code that
               uses it)
   = promise:  "Field types, numbers and names will not change." (preset `stable`)
   = maturity: stable (default)
   = help:     keep the type; add a new field of type `bytes` and deprecate this one
   = accept:   40d2166c2b1ad371

after compared with before under preset stable (exempt: labelled): 1 of 1 file changed (3 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
"#);
    let only = sides(&[("a.proto", &acme(ORDER))], &[("a.proto", &crlf(ORDER))]);
    assert_snapshot!(only.check(&[]), @"
after compared with before under preset stable (exempt: labelled): 1 of 1 file changed (3 elements), no element changed; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");

    let empty = sides(&[("a.proto", "")], &[("a.proto", ""), ("b.proto", "")]);
    assert_snapshot!(empty.check(&[]), @"
after compared with before under preset stable (exempt: labelled): 1 file changed (1 before, 2 now, 2 elements), 1 change, allowed; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
}

#[test]
fn nothing_on_either_side() {
    assert_snapshot!(sides(&[], &[("a.txt", "")]).check(&[]), @"
error: neither side has a .proto file
   = help: name the repository with `-C DIR`, the sides with `--against BASE` and `--to REV`, and
           look at `include` and `exclude`
exit 2
");
}

#[test]
fn neither_a_repository_nor_a_baseline() {
    let file = acme(ORDER);
    let sides = sides(&[], &[("a.proto", &file)]);
    let printed = |arguments: &[&str]| {
        let home = sides.path("").canonicalize().unwrap();
        let home = home.to_str().unwrap().trim_end_matches('/').to_owned();
        sides.run(arguments).replace(&home, "[HOME]")
    };
    assert_snapshot!(printed(&["check"]), @"
error: `[HOME]` is not in a git repository
   = help: run protopact inside of one, or name a directory to compare with: `--against DIR`
exit 2
");
    assert_snapshot!(printed(&["check", "--against", "HEAD"]), @"
error: `HEAD` is neither a directory nor, as `[HOME]` is not in a git repository, a revision
   = help: name a directory that exists, or run protopact inside of a repository
exit 2
");
    assert_snapshot!(printed(&["check", "--staged", "--against", "after"]), @"
error: `[HOME]` is not in a git repository
   = help: run protopact inside of one, or name a directory to compare with: `--against DIR`
exit 2
");
    assert_snapshot!(printed(&["check", "--to", "after", "--against", "latest-release"]), @"
error: `[HOME]` is not in a git repository
   = help: run protopact inside of one, or name a directory to compare with: `--against DIR`
exit 2
");
    assert_snapshot!(printed(&["status"]), @"
after/a.proto  stable       default
preset stable, exempt labelled
exit 0
");
}

#[cfg(unix)]
#[test]
fn what_looks_like_a_file_and_is_none() {
    use std::os::unix::fs::symlink;
    let file = acme(ORDER);
    let sides = sides(&[("order.proto", &file)], &[("order.proto", &file)]);
    std::fs::create_dir(sides.path("after/folder.proto")).unwrap();
    symlink("nowhere", sides.path("after/dangling.proto")).unwrap();
    symlink("circle.proto", sides.path("after/circle.proto")).unwrap();
    symlink("/etc/passwd", sides.path("after/absolute.proto")).unwrap();
    symlink("../before/order.proto", sides.path("after/leaving.proto")).unwrap();
    symlink("/", sides.path("after/root")).unwrap();
    assert_snapshot!(sides.check(&[]), @"
after compared with before under preset stable (exempt: labelled): no .proto file differs (1 file); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
}

#[cfg(target_os = "linux")]
#[test]
fn a_path_that_is_not_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let sides = sides(&[], &[]);
    let name = OsStr::from_bytes(b"after/caf\xe9.proto");
    sides.write(name, b"");
    assert_snapshot!(sides.check(&[]), @"
error: path of `caf�.proto` on the side `after` is not UTF-8
   = help: rename the file: `import` statements cannot name it either
exit 2
");
}
