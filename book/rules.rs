//! A preprocessor of mdBook: hangs the pages under `rules/` into the book, as `protopact explain` shows them, so that nothing of
//! them is written twice; what the guides say it does not know.

use std::error::Error;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use protopact::cli::explain;
use protopact::rule::Catalogue;
use serde_json::{Value, json};

/// A chapter that the guides do not have: its path in the book, and what stands in it.
pub struct Chapter {
    /// As the table of contents has it.
    pub name: String,
    /// Relative to the root of the book.
    pub path: String,
    /// In Markdown.
    pub content: String,
    /// The chapters below it.
    pub below: Vec<Chapter>,
}

/// The chapter of `SUMMARY.md` that the others are hung below.
const ABOVE: &str = "rules.md";

fn main() -> Result<(), Box<dyn Error>> {
    // mdBook asks whether a renderer is supported; all are.
    if std::env::args().nth(1).as_deref() == Some("supports") {
        return Ok(());
    }
    let (_, mut book): (Value, Value) = serde_json::from_reader(io::stdin().lock())?;
    let chapters = chapters(Path::new(env!("CARGO_MANIFEST_DIR")))?;
    let chapters: Vec<Value> = chapters
        .iter()
        .map(|chapter| as_json(chapter, &[]))
        .collect();
    if !hang_in(&mut book, &chapters) {
        return Err(format!("SUMMARY.md has no chapter {ABOVE}").into());
    }
    serde_json::to_writer(io::stdout().lock(), &book)?;
    Ok(())
}

/// The rules by guarantee, then what else is written below `rules/`.
pub fn chapters(root: &Path) -> Result<Vec<Chapter>, Box<dyn Error>> {
    let catalogue = Catalogue::embedded()?;
    let mut chapters = Vec::new();
    for guarantee in catalogue.guarantees() {
        let mut content = page(&guarantee.id, &catalogue)?;
        let rules = catalogue.rules().iter();
        let rules: Vec<_> = rules
            .filter(|rule| rule.guarantee == guarantee.id)
            .collect();
        if !rules.is_empty() {
            content.push_str("\n| rule | level | |\n|---|---|---|\n");
        }
        let mut below = Vec::new();
        for rule in rules {
            let (id, title) = (&rule.id, &rule.title);
            writeln!(
                content,
                "| [{id}]({id}.md) | {} | {title} |",
                rule.verdict.setting
            )?;
            let page = page(id, &catalogue)?;
            below.push(Chapter {
                name: title.clone(),
                path: format!("rules/{}/{id}.md", guarantee.id),
                content: format!("{page}\nGuarantee: [{}](index.md)\n", guarantee.title),
                below: Vec::new(),
            });
        }
        chapters.push(Chapter {
            name: guarantee.title.clone(),
            path: format!("rules/{}/index.md", guarantee.id),
            content,
            below,
        });
    }
    for (name, path) in [
        ("What is allowed", "rules/allowed.md"),
        (
            "What the presets for buf do otherwise",
            "rules/presets/README.md",
        ),
        ("How a page is written", "rules/README.md"),
    ] {
        let text = std::fs::read_to_string(root.join(path))?;
        chapters.push(Chapter {
            name: name.to_owned(),
            path: path.replace("README.md", "index.md"),
            content: with_labels(&to_the_repository(&as_index(&text), path)),
            below: Vec::new(),
        });
    }
    Ok(chapters)
}

fn page(name: &str, catalogue: &Catalogue) -> Result<String, Box<dyn Error>> {
    let page = explain::page(name, catalogue).map_err(|error| error.to_string())?;
    Ok(with_labels(&as_index(&page)))
}

/// mdBook calls the page of a folder `index.html` and minds no link to what it is made of.
fn as_index(text: &str) -> String {
    text.replace("README.md)", "index.md)")
        .replace("README.md#", "index.md#")
}

/// What a fence says of its block in a sentence before it: mdBook shows the language alone.
fn with_labels(markdown: &str) -> String {
    let mut out = String::new();
    // A block that shows Markdown holds fences of its own.
    let mut shown = false;
    for line in markdown.lines() {
        shown ^= line.starts_with("````");
        let words: Vec<&str> = line.split(' ').collect();
        let label = match words.as_slice() {
            _ if shown => None,
            ["```toml", "config"] => Some("Configuration:".to_owned()),
            ["```proto" | "```markdown", side, file @ ..] => {
                let side = match *side {
                    "before" => "Before",
                    "after" => "After",
                    _ => "Before and after",
                };
                Some(match file {
                    [file] => format!("{side}, `{file}`:"),
                    _ => format!("{side}:"),
                })
            }
            _ => None,
        };
        if let (Some(label), Some(fence)) = (label, words.first()) {
            for part in [&label, "\n\n", *fence] {
                out.push_str(part);
            }
            out.push('\n');
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Links to files that are no pages of the book lead to the repository.
fn to_the_repository(markdown: &str, path: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    markdown.replace(
        "](../aliases/",
        &format!(
            "]({}/blob/main/{folder}/../aliases/",
            env!("CARGO_PKG_REPOSITORY")
        ),
    )
}

fn as_json(chapter: &Chapter, above: &[&str]) -> Value {
    let path: Vec<&str> = above
        .iter()
        .copied()
        .chain([chapter.name.as_str()])
        .collect();
    let below: Vec<Value> = chapter
        .below
        .iter()
        .map(|one| as_json(one, &path))
        .collect();
    json!({ "Chapter": {
        "name": chapter.name,
        "content": chapter.content,
        "number": null,
        "sub_items": below,
        "path": chapter.path,
        "source_path": chapter.path,
        "parent_names": above,
    }})
}

/// Puts the chapters below the one that is made for them; whether there was one.
fn hang_in(item: &mut Value, chapters: &[Value]) -> bool {
    if let Value::Array(items) = item {
        return items.iter_mut().any(|item| hang_in(item, chapters));
    }
    let Value::Object(fields) = item else {
        return false;
    };
    if fields.get("path").and_then(Value::as_str) == Some(ABOVE) {
        fields.insert("sub_items".to_owned(), json!(chapters));
        return true;
    }
    fields.values_mut().any(|field| hang_in(field, chapters))
}
