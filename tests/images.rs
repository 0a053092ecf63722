//! Descriptor sets and buf images as sides: every way they are packed, mixed with directories, damaged.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use prost_reflect::prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};
use prost_types::FileDescriptorSet;
use serde_json::Value;
use tempfile::TempDir;

const BEFORE: &str = "testdata/orders/before";
const AFTER: &str = "testdata/orders/after";

/// The files of a directory, compiled, with all that they import.
fn compiled(root: &Path, files: &[&str]) -> FileDescriptorSet {
    let mut compiler = protox::Compiler::new([root]).unwrap();
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(files).unwrap();
    compiler.file_descriptor_set()
}

fn orders(root: &str) -> FileDescriptorSet {
    compiled(
        Path::new(root),
        &[
            "acme/orders/v1/orders.proto",
            "acme/returns/v1development/returns.proto",
        ],
    )
}

fn encoded(set: &FileDescriptorSet) -> Vec<u8> {
    set.encode_to_vec()
}

fn without_source_info(mut set: FileDescriptorSet) -> FileDescriptorSet {
    for file in &mut set.file {
        file.source_code_info = None;
    }
    set
}

/// `FileDescriptorSet` of today's descriptor.proto: editions and features have a place in it.
fn set() -> MessageDescriptor {
    let mut pool = DescriptorPool::new();
    let descriptor = protopact::schema::builtin::file("google/protobuf/descriptor.proto").unwrap();
    pool.add_file_descriptor_proto(descriptor).unwrap();
    pool.get_message_by_name("google.protobuf.FileDescriptorSet")
        .unwrap()
}

fn json(wire: &[u8]) -> Vec<u8> {
    serde_json::to_vec_pretty(&DynamicMessage::decode(set(), wire).unwrap()).unwrap()
}

fn wire(json: &str) -> Vec<u8> {
    let mut json = serde_json::Deserializer::from_str(json);
    DynamicMessage::deserialize(set(), &mut json)
        .unwrap()
        .encode_to_vec()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path: PathBuf = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }
}

fn check(against: &str, to: &str, flags: &[&str]) -> Output {
    command(against, to, flags).output().unwrap()
}

fn command(against: &str, to: &str, flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_protopact"));
    let sides = ["check", "--against", against, "--to", to];
    command
        .args(sides)
        .args(["--preset", "stable", "--exempt", "none"]);
    command.args(flags).env("NO_COLOR", "1");
    command
}

fn report(output: &Output) -> Value {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn findings(against: &str, to: &str) -> Vec<Value> {
    let report = report(&check(against, to, &["--format", "json"]));
    report["findings"].as_array().unwrap().clone()
}

/// What was found, places aside.
fn facts(findings: &[Value]) -> Vec<String> {
    let mut facts: Vec<String> = findings
        .iter()
        .map(|finding| {
            let message = finding["message"].as_str().unwrap();
            // The place of an explanation is that of the comment, which only a text tells.
            let message = message.replace("orders.proto:30", "orders.proto:29");
            let (rule, consequences) = (&finding["rule"], &finding["consequences"]);
            format!("{rule} {message} {} {consequences}", finding["fingerprint"])
        })
        .collect();
    facts.sort();
    facts
}

/// What was found that does not depend on comments.
fn beyond_comments(findings: &[Value]) -> Vec<String> {
    let facts = facts(findings).into_iter();
    facts
        .filter(|fact| !fact.contains("`Order.currency` was added"))
        .collect()
}

fn refused(against: &str, to: &str, words: &[&str]) {
    let output = check(against, to, &[]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    for word in words {
        assert!(errors.contains(word), "{word}: {errors}");
    }
}

#[test]
fn an_image_says_what_its_directory_says() {
    let files = Files::new();
    let (before, after) = (encoded(&orders(BEFORE)), encoded(&orders(AFTER)));
    let expected = findings(BEFORE, AFTER);
    assert!(expected.len() > 3);
    let (old, new) = (
        files.write("old.binpb", &before),
        files.write("new.binpb", &after),
    );
    for (against, to) in [
        (old.as_str(), new.as_str()),
        (old.as_str(), AFTER),
        (BEFORE, new.as_str()),
        (&files.write("old.json", json(&before)), &new),
        (&files.write("old.json", json(&before)), AFTER),
        (&files.write("old.pb.gz", gzip(&before)), AFTER),
        (&files.write("old.desc.zst", zstd(&before)), AFTER),
        (&files.write("old.json.gz", gzip(&json(&before))), AFTER),
        (&format!("image:{old}"), AFTER),
    ] {
        let found = findings(against, to);
        assert_eq!(facts(&found), facts(&expected), "{against} {to}");
        let lines = |findings: &[Value]| -> Vec<(Value, Value)> {
            let mut lines: Vec<(Value, Value)> = findings
                .iter()
                .map(|finding| {
                    (
                        finding["baseline"]["line"].clone(),
                        finding["current"]["line"].clone(),
                    )
                })
                .collect();
            lines.sort_by_key(|lines| format!("{lines:?}"));
            lines
        };
        assert_eq!(lines(&found), lines(&expected), "{against} {to}");
    }
    assert_eq!(findings(&old, BEFORE), Vec::<Value>::new());
    assert_eq!(findings(BEFORE, &old), Vec::<Value>::new());
}

#[test]
fn an_image_comes_from_standard_input() {
    let before = encoded(&orders(BEFORE));
    for bytes in [before.clone(), json(&before), gzip(&before)] {
        let mut child = command("-", AFTER, &["--format", "json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&bytes).unwrap();
        let report = report(&child.wait_with_output().unwrap());
        assert_eq!(report["baseline"]["kind"], "image");
        assert_eq!(
            facts(report["findings"].as_array().unwrap()),
            facts(&findings(BEFORE, AFTER))
        );
    }
}

#[test]
fn without_source_info_there_are_no_places() {
    let files = Files::new();
    let old = files.write("old.pb", encoded(&without_source_info(orders(BEFORE))));
    let new = files.write("new.pb", encoded(&without_source_info(orders(AFTER))));
    let expected = beyond_comments(&findings(BEFORE, AFTER));
    let found = findings(&old, AFTER);
    assert_eq!(beyond_comments(&found), expected);
    assert!(found.iter().all(|finding| finding["baseline"].is_null()));
    assert!(
        found
            .iter()
            .any(|finding| finding["current"]["line"].is_number())
    );
    let found = findings(&old, &new);
    assert_eq!(beyond_comments(&found), expected);
    assert!(found.iter().all(|finding| finding["current"].is_null()));
    // What an image cannot say is no change.
    let output = check(&old, BEFORE, &["--format", "json"]);
    assert_eq!(report(&output)["summary"]["changes"], 0);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("old.pb` has no source info"), "{errors}");
    // Paths tell findings apart all the same.
    let orders = format!("{}/acme/orders", files.0.path().display());
    let output = check(
        &old,
        &new,
        &[
            "--format",
            "json",
            "-C",
            &files.0.path().display().to_string(),
            &orders,
        ],
    );
    let judged = report(&output)["findings"].as_array().unwrap().len();
    assert!((1..found.len()).contains(&judged), "{judged}");
    let human = check(&old, &new, &[]);
    assert_eq!(human.status.code(), Some(1));
    let human = String::from_utf8(human.stdout).unwrap();
    assert!(
        human.contains("element:  acme.orders.v1.Order.total_cents"),
        "{human}"
    );
}

#[test]
fn a_root_of_the_tree_is_no_part_of_an_image() {
    let files = Files::new();
    let text = "syntax = \"proto3\"; package a; import \"google/protobuf/empty.proto\"; message M { int32 x = 1; google.protobuf.Empty e = 2; }";
    files.write("tree/proto/a/m.proto", text);
    files.write(
        "tree/proto/a/n.proto",
        "syntax = \"proto3\"; package a; import \"a/m.proto\"; message N { M m = 1; }",
    );
    let tree = files.0.path().join("tree");
    let root = tree.join("proto");
    let old = files.write(
        "old.binpb",
        encoded(&compiled(&root, &["a/n.proto", "a/m.proto"])),
    );
    let tree = tree.display().to_string();
    assert_eq!(findings(&old, &tree), Vec::<Value>::new());
    assert_eq!(findings(&tree, &old), Vec::<Value>::new());
    files.write("tree/proto/a/m.proto", text.replace("int32 x", "string x"));
    let found = findings(&old, &tree);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["current"]["path"], "proto/a/m.proto");
    // An image names no root; a pattern of the configuration is meant for the tree's paths.
    let output = check(
        &old,
        &tree,
        &["--exclude", "proto/a/m.proto", "--format", "json"],
    );
    assert_eq!(
        output.status.code(),
        Some(2),
        "the tree itself cannot link without it"
    );
    let image = files.write(
        "new.binpb",
        encoded(&compiled(&root, &["a/n.proto", "a/m.proto"])),
    );
    let output = check(
        &old,
        &image,
        &["--exclude", "a/m.proto", "--format", "json"],
    );
    assert_eq!(report(&output)["findings"].as_array().unwrap().len(), 0);
}

#[test]
fn what_is_marked_as_an_import_is_linked_only() {
    let files = Files::new();
    let image = |name: &str, ty: &str| {
        files.write(
            "src/dep/d.proto",
            format!("syntax = \"proto3\"; package dep; message D {{ {ty} x = 1; }}"),
        );
        files.write(
            "src/a.proto",
            "syntax = \"proto3\"; package a; import \"dep/d.proto\"; message M { dep.D d = 1; }",
        );
        let set = compiled(&files.0.path().join("src"), &["a.proto"]);
        let mut bytes = Vec::new();
        for file in set.file {
            let mut file_bytes = file.encode_to_vec();
            if file.name() == "dep/d.proto" {
                // buf_extension = 8042 { is_import = 1: true }
                file_bytes.extend([0xd2, 0xf6, 0x03, 0x02, 0x08, 0x01]);
            }
            bytes.push(0x0a);
            prost_reflect::prost::encoding::encode_varint(file_bytes.len() as u64, &mut bytes);
            bytes.extend(file_bytes);
        }
        files.write(name, bytes)
    };
    let (old, new) = (image("old.binpb", "int32"), image("new.binpb", "string"));
    assert_eq!(findings(&old, &new), Vec::<Value>::new());
    let tree = files.0.path().join("src").display().to_string();
    assert_eq!(findings(&old, &tree), Vec::<Value>::new());
}

const EDITION: &str = r#"edition = "2023";
package a;
import "google/protobuf/descriptor.proto";
option features.field_presence = IMPLICIT;
extend google.protobuf.FieldOptions { string owner = 50001; }
message M {
  int32 implicit = 1;
  int32 explicit = 2 [features.field_presence = EXPLICIT];
  int32 required = 3 [features.field_presence = LEGACY_REQUIRED];
  M delimited = 4 [features.message_encoding = DELIMITED];
  repeated int32 expanded = 5 [features.repeated_field_encoding = EXPANDED];
  E e = 6;
  string owned = 7 [(owner) = "me"];
}
enum E { option features.enum_type = CLOSED; ZERO = 0; }
"#;

/// The file above as a compiler that knows editions writes it, in `ProtoJSON`.
const EDITION_JSON: &str = r#"{ "file": [{
  "name": "a.proto", "package": "a", "syntax": "editions", "edition": "EDITION_2023",
  "dependency": ["google/protobuf/descriptor.proto"],
  "options": { "features": { "fieldPresence": "IMPLICIT" } },
  "extension": [{ "name": "owner", "number": 50001, "label": "LABEL_OPTIONAL", "type": "TYPE_STRING",
                  "extendee": ".google.protobuf.FieldOptions", "jsonName": "owner" }],
  "messageType": [{ "name": "M", "field": [
    { "name": "implicit", "number": 1, "label": "LABEL_OPTIONAL", "type": "TYPE_INT32", "jsonName": "implicit" },
    { "name": "explicit", "number": 2, "label": "LABEL_OPTIONAL", "type": "TYPE_INT32", "jsonName": "explicit",
      "options": { "features": { "fieldPresence": "EXPLICIT" } } },
    { "name": "required", "number": 3, "label": "LABEL_OPTIONAL", "type": "TYPE_INT32", "jsonName": "required",
      "options": { "features": { "fieldPresence": "LEGACY_REQUIRED" } } },
    { "name": "delimited", "number": 4, "label": "LABEL_OPTIONAL", "type": "TYPE_MESSAGE", "typeName": ".a.M",
      "jsonName": "delimited", "options": { "features": { "messageEncoding": "DELIMITED" } } },
    { "name": "expanded", "number": 5, "label": "LABEL_REPEATED", "type": "TYPE_INT32", "jsonName": "expanded",
      "options": { "features": { "repeatedFieldEncoding": "EXPANDED" } } },
    { "name": "e", "number": 6, "label": "LABEL_OPTIONAL", "type": "TYPE_ENUM", "typeName": ".a.E", "jsonName": "e" },
    { "name": "owned", "number": 7, "label": "LABEL_OPTIONAL", "type": "TYPE_STRING", "jsonName": "owned",
      "options": { "[a.owner]": "me" } }
  ] }],
  "enumType": [{ "name": "E", "options": { "features": { "enumType": "CLOSED" } },
                 "value": [{ "name": "ZERO", "number": 0 }] }]
}] }"#;

#[test]
fn an_edition_keeps_its_features() {
    let files = Files::new();
    files.write("tree/a.proto", EDITION);
    let tree = files.0.path().join("tree").display().to_string();
    let image = files.write("a.json", EDITION_JSON);
    let changes = |against: &str, to: &str| {
        let report = report(&check(against, to, &["--format", "json"]));
        report["summary"]["changes"].as_u64().unwrap()
    };
    assert_eq!(changes(&tree, &image), 0);
    assert_eq!(changes(&image, &tree), 0);
    for (from, to) in [
        ("\"EXPLICIT\"", "\"IMPLICIT\""),
        ("LEGACY_REQUIRED", "IMPLICIT"),
        ("DELIMITED", "LENGTH_PREFIXED"),
        ("EXPANDED", "PACKED"),
        ("CLOSED", "OPEN"),
        ("\"me\"", "\"you\""),
    ] {
        let other = files.write("b.json", EDITION_JSON.replace(from, to));
        assert_eq!(changes(&image, &other), 1, "{from}");
        assert_eq!(changes(&tree, &other), 1, "{from}");
    }
    let plain = EDITION_JSON.replace("\"[a.owner]\": \"me\"", "");
    let (binary, plain) = (
        files.write("a.binpb", wire(&plain)),
        files.write("d.json", plain),
    );
    assert_eq!(changes(&binary, &plain), 0);
    assert_eq!(changes(&binary, &image), 1);
    let unknown = files.write(
        "c.json",
        EDITION_JSON.replace("EDITION_2023", "EDITION_2026"),
    );
    refused(&image, &unknown, &["unknown edition `2026`", "a.proto"]);
}

#[test]
fn damaged_images_are_refused() {
    let files = Files::new();
    let whole = encoded(&orders(BEFORE));
    let refuse = |name: &str, bytes: &[u8], words: &[&str]| {
        let path = files.write(name, bytes);
        refused(&path, AFTER, words);
        refused(AFTER, &path, words);
    };
    refuse("empty.binpb", b"", &["empty.binpb", "it is empty"]);
    refuse("text.binpb", b"syntax = \"proto3\";", &["text.binpb"]);
    refuse("none.json", b"{}", &["none.json", "no file"]);
    refuse("half.json", b"{ \"file\": [", &["half.json"]);
    refuse("gone.gz", &gzip(&whole)[..40], &["gone.gz"]);
    refuse("gone.zst", &zstd(&whole)[..40], &["gone.zst"]);
    for length in [1, 2, 3, 100, whole.len() / 2, whole.len() - 1] {
        refuse("cut.binpb", &whole[..length], &["cut.binpb"]);
    }
    let deep = "{\"file\":[{\"name\":\"a.proto\",\"messageType\":[".to_owned()
        + &"{\"name\":\"M\",\"nestedType\":[".repeat(5000);
    refuse("deep.json", deep.as_bytes(), &["deep.json"]);
    let mut nested: Vec<u8> = Vec::new();
    for _ in 0..2000 {
        let mut outer = vec![0x0a, 1, b'M', 0x1a];
        prost_reflect::prost::encoding::encode_varint(nested.len() as u64, &mut outer);
        outer.extend(&nested);
        nested = outer;
    }
    let mut file = vec![0x0a, 7];
    file.extend(b"a.proto");
    file.push(0x22);
    prost_reflect::prost::encoding::encode_varint(nested.len() as u64, &mut file);
    file.extend(&nested);
    let mut set = vec![0x0a];
    prost_reflect::prost::encoding::encode_varint(file.len() as u64, &mut set);
    set.extend(&file);
    refuse("deep.binpb", &set, &["deep.binpb"]);
}

/// A file that links; below is what is done to it.
const GOOD: &str = r#"{ "file": [{ "name": "a.proto", "messageType": [{ "name": "M", "field": [
  { "name": "f", "number": 1, "label": "LABEL_OPTIONAL", "type": "TYPE_MESSAGE", "typeName": ".M" }
] }] }] }"#;

/// What stands there, what is put there, and a word of the message.
const BAD: &[(&str, &str, &str)] = &[
    (
        "\"messageType\"",
        "\"dependency\": [\"a.proto\"], \"messageType\"",
        "cycle",
    ),
    (
        "\"messageType\"",
        "\"dependency\": [\"b.proto\"], \"messageType\"",
        "--include_imports",
    ),
    (
        "\"messageType\"",
        "\"publicDependency\": [9], \"messageType\"",
        "import",
    ),
    (
        "\"messageType\"",
        "\"syntax\": \"proto9\", \"messageType\"",
        "unknown syntax",
    ),
    (
        "\"messageType\"",
        "\"syntax\": \"editions\", \"messageType\"",
        "unknown edition",
    ),
    (
        "\"messageType\"",
        "\"package\": \"a..b\", \"messageType\"",
        "no package",
    ),
    (
        "\"messageType\"",
        "\"enumType\": [{ \"name\": \"E\" }], \"messageType\"",
        "enum",
    ),
    (
        "\"messageType\"",
        "\"enumType\": [{ \"name\": \"M\", \"value\": [{ \"name\": \"Z\" }] }], \"messageType\"",
        "M",
    ),
    ("\"name\": \"M\"", "\"name\": \"\"", "no name"),
    (
        "\"name\": \"M\"",
        "\"name\": \"M\", \"options\": { \"mapEntry\": true }",
        "map",
    ),
    (
        "\"name\": \"M\"",
        "\"name\": \"M\", \"reservedRange\": [{ \"start\": 1, \"end\": -2147483648 }]",
        "range",
    ),
    (
        "\"name\": \"M\"",
        "\"name\": \"M\", \"options\": { \"uninterpretedOption\": [{}] }",
        "not interpreted",
    ),
    ("\".M\"", "\".Nowhere\"", "Nowhere"),
    ("\".M\"", "\"M\"", "full name"),
    ("\".M\"", "\"\"", "no type"),
    ("\"TYPE_MESSAGE\"", "99", "no type"),
    ("\"type\": \"TYPE_MESSAGE\",", "", "no type"),
    ("\"number\": 1", "\"number\": -1", "number"),
    ("\"number\": 1", "\"number\": 1, \"oneofIndex\": 7", "oneof"),
    (
        "\"number\": 1",
        "\"number\": 1, \"oneofIndex\": -1",
        "oneof",
    ),
    (
        "\"number\": 1",
        "\"number\": 1, \"extendee\": \".M\"",
        "extension",
    ),
    (
        "\"TYPE_MESSAGE\", \"typeName\": \".M\"",
        "\"TYPE_BYTES\", \"defaultValue\": \"\\\\777\"",
        "default",
    ),
    (
        "\"TYPE_MESSAGE\", \"typeName\": \".M\"",
        "\"TYPE_BYTES\", \"defaultValue\": \"\\\\x1é\"",
        "default",
    ),
];

#[test]
fn what_does_not_link_is_refused() {
    let files = Files::new();
    let good = files.write("good.json", GOOD);
    let dangling = EDITION_JSON.replace("\".a.E\"", "\".a.F\"");
    let dangling = files.write("dangling.json", dangling);
    refused(&dangling, AFTER, &["a.proto", "a.F"]);
    assert!(report(&check(&good, &good, &["--format", "json", "--full"]))["findings"].is_array());
    for (from, to, word) in BAD {
        let bad = GOOD.replacen(from, to, 1);
        assert_ne!(bad, GOOD);
        let words = ["bad.", "a.proto", word];
        refused(&files.write("bad.binpb", wire(&bad)), AFTER, &words);
        refused(AFTER, &files.write("bad.json", bad), &words);
    }
    let file = GOOD
        .strip_prefix("{ \"file\": [")
        .unwrap()
        .strip_suffix("] }")
        .unwrap();
    let twice = files.write("twice.json", format!("{{ \"file\": [{file}, {file}] }}"));
    refused(&twice, AFTER, &["twice.json", "a.proto", "twice"]);
    let outside = files.write("outside.json", GOOD.replace("a.proto", "../a.proto"));
    refused(&outside, AFTER, &["outside.json", "../a.proto"]);
}

/// Bytes flipped at many places: whatever comes of it, an exit status, never a panic.
#[test]
fn no_damage_makes_it_panic() {
    let files = Files::new();
    let set = without_source_info(orders(BEFORE));
    let whole = encoded(&set);
    let mut random: u32 = 1;
    for round in 0..60 {
        let mut bytes = whole.clone();
        for _ in 0..=(round % 4) {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = random as usize % bytes.len();
            bytes[at] ^= (random >> 24) as u8 | 1;
        }
        let output = check(&files.write("noise.binpb", &bytes), AFTER, &[]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            matches!(output.status.code(), Some(0..=2)),
            "{round}: {errors}"
        );
        assert!(!errors.contains("panicked"), "{round}: {errors}");
    }
}
