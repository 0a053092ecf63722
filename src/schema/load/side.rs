//! One side while it is loaded: what is known of its files, and the way from paths to what links; what is needed of it is not
//! decided here.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::schema::compile::{
    CompileErrors, Compiled, Input, Missing, Source, Text, Tried, compile,
};
use crate::schema::modules::Roots;
use crate::schema::scan::Scan;
use crate::schema::tree::{Content, Tree, Unreadable};

/// What was parsed, by path and content: both sides may have it, and it may be linked more than once.
pub(super) type Texts = HashMap<(String, Known), Arc<Text>>;

/// What a text is known by: its content, or the side that has it.
type Known = Result<[u8; 20], Role>;

/// Which side it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Baseline,
    Current,
}

pub(super) struct Side<'a> {
    pub(super) tree: &'a Tree,
    pub(super) scan: Scan<'a>,
    role: Role,
    roots: Option<Roots>,
}

impl<'a> Side<'a> {
    pub(super) fn new(role: Role, tree: &'a Tree, roots: &[String]) -> Self {
        Self {
            tree,
            scan: Scan::new(tree, roots),
            role,
            roots: None,
        }
    }

    /// Finds out by what paths others import the files, for which all of them are looked at; `false` where that is known.
    pub(super) fn find_roots(&mut self) -> Result<bool, Unreadable> {
        let is_new = self.roots.is_none();
        if is_new {
            self.roots = Some(self.scan.roots()?);
        }
        Ok(is_new)
    }

    /// Parses those of the files that the side has and that nobody parsed before.
    pub(super) fn parse(
        &self,
        paths: impl Iterator<Item = &'a str>,
        texts: &mut Texts,
    ) -> Result<(), Unreadable> {
        if self.tree.is_image {
            return Ok(());
        }
        let new: Vec<&str> = paths
            .filter(|path| self.tree.has(path) && !texts.contains_key(&self.known(path)))
            .collect();
        let parse = |path: &str, bytes: Arc<[u8]>| Arc::new(Text::parse(path, &bytes));
        let parsed = self.tree.read(&new, parse)?;
        texts.extend(new.into_iter().map(|path| self.known(path)).zip(parsed));
        Ok(())
    }

    /// What a file of the side holds, if it was parsed.
    pub(super) fn source(&self, path: &str, texts: &Texts) -> Result<Option<Source>, Unreadable> {
        if !self.tree.has(path) {
            return Ok(None);
        }
        if self.tree.is_image {
            let read = self.tree.read(&[path], |_, bytes| bytes)?;
            return Ok(read.into_iter().next().map(Source::Descriptor));
        }
        let text = texts.get(&self.known(path));
        Ok(text.map(|text| Source::Text(Arc::clone(text))))
    }

    /// Links those of the files that the side has; an error in one that is `required` is one of the side.
    pub(super) fn link(
        &self,
        paths: &BTreeSet<String>,
        required: &BTreeSet<&str>,
        missing: Missing<'_>,
        texts: &Texts,
    ) -> Result<Result<Compiled, CompileErrors>, Unreadable> {
        let mut inputs = Vec::new();
        for path in paths {
            if let Some(source) = self.source(path, texts)? {
                let head = self.scan.head(path);
                inputs.push(Input {
                    path: path.clone(),
                    import_path: self.import_path(path),
                    shown: format!("{}{path}", self.tree.prefix),
                    source,
                    imports: head.map(|head| head.imports.clone()).unwrap_or_default(),
                    required: required.contains(path.as_str()),
                });
            }
        }
        let roots: Vec<&str> = self.roots.iter().flat_map(Roots::names).collect();
        let tried = Tried {
            roots: &roots,
            not_cached: &self.tree.not_cached,
        };
        Ok(compile(&self.tree.name, tried, missing, inputs))
    }

    fn import_path(&self, path: &str) -> String {
        match (self.tree.import_paths.get(path), &self.roots) {
            (Some(import), _) => import.clone(),
            (None, Some(roots)) => roots.import_path(path).to_owned(),
            (None, None) => path.to_owned(),
        }
    }

    fn known(&self, path: &str) -> (String, Known) {
        let id = self.tree.content(path).and_then(Content::id);
        (path.to_owned(), id.ok_or(self.role))
    }
}
