//! No input makes the program panic, however little it looks like protobuf.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::cases;
use crate::generate::model;
use crate::print::print;
use crate::sides::{check, check_bytes};

/// Words and marks that mean something in protobuf, and some that mean nothing anywhere.
const TOKENS: &[&str] = &[
    "syntax",
    "=",
    "\"proto3\"",
    "\"proto2\"",
    ";",
    "package",
    "a",
    "a.b",
    "import",
    "public",
    "\"a.proto\"",
    "message",
    "M",
    "{",
    "}",
    "{",
    "}",
    "enum",
    "E",
    "service",
    "rpc",
    "returns",
    "(",
    ")",
    "stream",
    "oneof",
    "extend",
    "extensions",
    "reserved",
    "to",
    "max",
    "option",
    "optional",
    "repeated",
    "required",
    "group",
    "map",
    "<",
    ",",
    ">",
    "int32",
    "string",
    "[",
    "]",
    "deprecated",
    "true",
    "default",
    "json_name",
    "-",
    "0",
    "1",
    "536870911",
    "536870912",
    "2147483647",
    "2147483648",
    "-2147483649",
    "99999999999999999999",
    "1e400",
    "0x",
    "'",
    "\"",
    "\\",
    "//",
    "/*",
    "*/",
    "\n",
    "\r",
    "\t",
    "\u{feff}",
    "é",
    "\0",
    "edition",
    "\"2023\"",
    "inf",
    "nan",
    "Status:",
    "[Development]",
    "google.protobuf.Empty",
    "\"google/protobuf/any.proto\"",
];

fn on_both(one: &[u8], other: &[u8]) {
    let tree = |bytes: &[u8]| vec![("a.proto".to_owned(), bytes.to_vec())];
    for full in [true, false] {
        let _ = check_bytes(tree(one), tree(other), full);
    }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn bytes_are_no_reason_to_panic(bytes in vec(any::<u8>(), 0..200)) {
        on_both(&bytes, b"syntax = \"proto3\";");
    }

    #[test]
    fn tokens_are_no_reason_to_panic(
        one in vec(select(TOKENS), 0..60),
        other in vec(select(TOKENS), 0..60),
        syntax in any::<bool>(),
    ) {
        let text = |tokens: Vec<&str>| {
            let syntax = if syntax { "syntax = \"proto3\"; " } else { "" };
            format!("{syntax}{}", tokens.join(" "))
        };
        on_both(text(one).as_bytes(), text(other).as_bytes());
    }

    #[test]
    fn broken_files_are_no_reason_to_panic(
        model in model(),
        cuts in vec((any::<Index>(), any::<Index>(), select(TOKENS)), 1..4),
        truncated in any::<bool>(),
    ) {
        let whole: Vec<(String, Vec<u8>)> = print(&model)
            .into_iter()
            .map(|(path, text)| (path, text.into_bytes()))
            .collect();
        let mut broken = whole.clone();
        for (file, at, token) in cuts {
            let file = file.index(broken.len());
            let bytes = &mut broken[file].1;
            let at = at.index(bytes.len() + 1);
            if truncated {
                bytes.truncate(at);
            } else {
                let end = (at + token.len()).min(bytes.len());
                bytes.splice(at..end, token.bytes());
            }
        }
        for full in [true, false] {
            let _ = check_bytes(whole.clone(), broken.clone(), full);
            let _ = check_bytes(broken.clone(), whole.clone(), full);
        }
    }
}

#[test]
fn odd_files_are_judged_or_refused() {
    let nested = |depth: usize| {
        let open: String = (0..depth).map(|_| "message M { ").collect();
        format!("syntax = \"proto3\"; {open}{}", "}".repeat(depth))
    };
    let odd = [
        String::new(),
        "\u{feff}syntax = \"proto3\";".to_owned(),
        "// only a comment".to_owned(),
        "syntax = \"proto3\"; message M { int32 a = 536870911; reserved 1 to max; }".to_owned(),
        "syntax = \"proto3\"; message M { int32 a = 536870911; reserved 1 to 536870910; }"
            .to_owned(),
        "syntax = \"proto3\"; message M { int32 a = 536870912; }".to_owned(),
        "syntax = \"proto3\"; message M { reserved 0, -1, 2147483647; }".to_owned(),
        "syntax = \"proto2\"; message M { extensions 1 to max; reserved 5 to 3; }".to_owned(),
        "syntax = \"proto2\"; enum E { A = -2147483648; B = 2147483647; reserved -5 to -2; }"
            .to_owned(),
        "syntax = \"proto2\"; enum E { A = 0; reserved -2147483648 to -1; reserved 1 to max; }"
            .to_owned(),
        "syntax = \"proto2\"; enum E { A = 0; reserved 2147483647; }".to_owned(),
        "syntax = \"proto2\"; enum E { A = 0; reserved 2147483647 to 2147483647; }".to_owned(),
        "syntax = \"proto2\"; message M { reserved 536870911; extensions 536870910; }".to_owned(),
        "syntax = \"proto2\"; enum E { }".to_owned(),
        "syntax = \"proto3\"; import \"a.proto\";".to_owned(),
        "syntax = \"proto3\"; import \"b.proto\"; import \"b.proto\";".to_owned(),
        "edition = \"2023\"; message M { int32 a = 1; }".to_owned(),
        "syntax = \"proto9\";".to_owned(),
        nested(20),
        nested(31),
        nested(100),
        nested(5_000),
        format!(
            "syntax = \"proto3\"; message M {{ option (a) = {} }}",
            "{ a: ".repeat(5_000)
        ),
        format!(
            "syntax = \"proto3\"; option (a) = {{ a: {} }};",
            "[".repeat(5_000)
        ),
        format!(
            "syntax = \"proto3\"; option (a) = {{ a {} }};",
            "< a ".repeat(5_000)
        ),
        format!(
            "syntax = \"proto3\"; message M {{ {} }}",
            "oneof a { ".repeat(5_000)
        ),
        format!(
            "syntax = \"proto2\"; message M {{ {} }}",
            "optional group A = 1 { ".repeat(5_000)
        ),
        format!(
            "syntax = \"proto2\"; message M {{ {} }}",
            "extend M { optional group A = 1 { ".repeat(5_000)
        ),
        format!(
            "syntax = \"proto3\"; package {};",
            vec!["a"; 5_000].join(".")
        ),
        format!("syntax = \"proto3\"; {}", ";".repeat(5_000)),
        format!(
            "syntax = \"proto3\"; message M {{ {} a = 1; }}",
            vec!["a"; 5_000].join(".")
        ),
        format!("/*{}", "/*".repeat(5_000)),
    ];
    for one in &odd {
        on_both(one.as_bytes(), one.as_bytes());
        on_both(one.as_bytes(), b"syntax = \"proto3\";");
        on_both(b"syntax = \"proto3\";", one.as_bytes());
    }
}

#[test]
fn many_files_that_import_each_other_in_a_row_are_judged() {
    let file = |index: usize| {
        let import = if index == 0 {
            String::new()
        } else {
            format!("import \"f{}.proto\";", index - 1)
        };
        let text = format!("syntax = \"proto3\"; {import}");
        (format!("f{index}.proto"), text.into_bytes())
    };
    let files: Vec<(String, Vec<u8>)> = (0..300).map(file).collect();
    let mut changed = files.clone();
    changed[0].1.extend(b"message M {}");
    let outcome = check_bytes(files, changed, false);
    assert!(outcome.is_ok_and(|outcome| outcome.report.summary.changes == 1));
}

/// A file that does not link must leave nothing behind: the options of the files beside it are read all the same.
#[test]
fn a_broken_file_takes_no_extension_with_it() {
    let options: Vec<String> = (0..100)
        .map(|index| format!("optional int32 o{index} = {};", 51_000 + index))
        .collect();
    let using = |value: i32| {
        format!(
            "syntax = \"proto2\"; package b; import \"google/protobuf/descriptor.proto\";\n\
             extend google.protobuf.FieldOptions {{ {} }}\n\
             message M {{ optional int32 a = 1 [(o99) = {value}]; }}\n",
            options.join(" ")
        )
    };
    let broken = "syntax = \"proto2\"; package x; import \"google/protobuf/descriptor.proto\";\n\
        extend google.protobuf.MessageOptions { optional int32 m = 60000; }\n\
        extend google.protobuf.FieldOptions { optional int32 f = 60001; }\n\
        message X { optional int32 a = 1 [(nothing) = 1]; }\n";
    for name in ["a_broken.proto", "z_broken.proto"] {
        let side = |value: i32| {
            let files = [(name, broken.to_owned()), ("b.proto", using(value))];
            files.map(|(path, text)| (path.to_owned(), text)).into()
        };
        let outcome = check(&side(1), &side(2), true).unwrap();
        assert_eq!(outcome.broken.len(), 1, "{name}");
        assert_eq!(outcome.report.summary.changes, 1, "{name}");
    }
}
