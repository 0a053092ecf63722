//! Follows links, in Markdown and in what is built from it, as far as they stay in one place; the web it leaves alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Links that lead nowhere, each with the file that it stands in. `there` knows of files that are no pages.
pub(crate) fn dead(
    pages: &BTreeMap<String, String>,
    there: impl Fn(&str) -> bool,
) -> Vec<(String, String)> {
    let anchors: BTreeMap<&str, BTreeSet<String>> = pages
        .iter()
        .map(|(path, text)| (path.as_str(), anchors(text)))
        .collect();
    let mut dead = Vec::new();
    for (path, text) in pages {
        for link in links(text).filter(|link| !is_elsewhere(link)) {
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = join(path, file);
            let known = match anchors.get(target.as_str()) {
                Some(anchors) => anchor.is_empty() || anchors.contains(anchor),
                None => anchor.is_empty() && there(&target),
            };
            if !known {
                dead.push((path.clone(), link.clone()));
            }
        }
    }
    dead
}

/// The number of HTML files below a folder, and their links that lead nowhere.
pub(crate) fn dead_on_disk(folder: &Path) -> (usize, Vec<(String, String)>) {
    let mut files = BTreeMap::new();
    gather(folder, folder, &mut files);
    let mut dead = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| is_page(path)) {
        let links = text.split(" href=\"").chain(text.split(" src=\"")).skip(1);
        for link in links.filter_map(|rest| rest.split_once('"').map(|(link, _)| link)) {
            // The page for addresses that do not exist is served from anywhere.
            if is_elsewhere(link) || link.contains('<') || path == "404.html" {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = join(path, file);
            let known = files.get(&target).is_some_and(|text| {
                anchor.is_empty() || text.contains(&format!("id=\"{anchor}\""))
            });
            if !known {
                dead.push((path.clone(), link.to_owned()));
            }
        }
    }
    let pages = files.keys().filter(|path| is_page(path)).count();
    (pages, dead)
}

fn is_page(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "html")
}

fn gather(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, files);
        } else {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            files.insert(name, text);
        }
    }
}

fn links(text: &str) -> impl Iterator<Item = String> {
    Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some(dest_url.into_string())
        }
        _ => None,
    })
}

fn is_elsewhere(link: &str) -> bool {
    link.contains("://") || link.starts_with("mailto:") || link.starts_with("data:")
}

/// The anchors that headings get, from GitHub and from mdBook alike.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                anchors.extend(heading.take().map(|heading| slug(&heading)));
            }
            _ => {}
        }
    }
    anchors
}

fn slug(heading: &str) -> String {
    let kept = heading.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c if c.is_alphanumeric() => Some(c),
        _ => None,
    });
    kept.flat_map(char::to_lowercase).collect()
}

/// The path that a link leads to from a file.
fn join(from: &str, link: &str) -> String {
    if link.is_empty() {
        return from.to_owned();
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
