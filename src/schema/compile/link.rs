//! Files to linked ones, each after what it imports; what is wrong with an import is reported once, where it stands.

use std::collections::{BTreeMap, BTreeSet};

use super::place::{import_label, offsets, statements};
use super::pools::Refusal;
use super::{Stage, float, stub};
use crate::schema::builtin;

impl Stage<'_> {
    /// Reports each import cycle once, at the import that closes it.
    pub(super) fn find_cycles(&mut self) {
        let graph: BTreeMap<String, Vec<String>> = self
            .files
            .iter()
            .map(|(name, file)| (name.clone(), file.descriptor.dependency.clone()))
            .collect();
        let mut done = BTreeSet::new();
        for name in graph.keys() {
            // An explicit stack: a chain of imports may be longer than the thread's own stack allows.
            let mut stack = vec![(name.as_str(), 0)];
            while let Some((name, next)) = stack.pop() {
                if done.contains(name) {
                    continue;
                }
                let Some(import) = graph.get(name).and_then(|imports| imports.get(next)) else {
                    done.insert(name);
                    continue;
                };
                stack.push((name, next + 1));
                if let Some(start) = stack.iter().position(|(open, _)| open == import) {
                    let chain: Vec<&str> =
                        stack.iter().skip(start).map(|(name, _)| *name).collect();
                    self.report_cycle(name, next, &chain);
                } else if graph.contains_key(import) && !done.contains(import.as_str()) {
                    stack.push((import, 0));
                }
            }
        }
    }

    fn report_cycle(&mut self, name: &str, index: usize, chain: &[&str]) {
        self.in_cycle
            .extend(chain.iter().map(|&name| name.to_owned()));
        let Some(file) = self.files.get(name) else {
            return;
        };
        let source = file.source();
        let labels = import_label(file, index, "this import closes the cycle");
        let cycle: Vec<String> = chain
            .iter()
            .chain(chain.first())
            .map(|name| format!("`{name}`"))
            .collect();
        let help =
            "move what the files share into a file of its own that each of them imports".to_owned();
        self.report(
            name,
            format!("import cycle: {}", cycle.join(" → ")),
            Some(help),
            labels,
            source,
        );
    }

    /// Links a file after everything it imports.
    pub(super) fn link(&mut self, path: &str) {
        let mut stack = vec![path.to_owned()];
        while let Some(path) = stack.last().cloned() {
            if self.linked.contains_key(&path) {
                stack.pop();
                continue;
            }
            let imports = self
                .files
                .get(&path)
                .map(|file| file.descriptor.dependency.clone())
                .unwrap_or_default();
            let open = imports.iter().find(|import| {
                !self.linked.contains_key(*import)
                    && self.files.contains_key(*import)
                    && !self.in_cycle.contains(*import)
            });
            if let Some(open) = open {
                stack.push(open.clone());
                continue;
            }
            stack.pop();
            let whole = self.check_imports(&path, &imports) && !self.in_cycle.contains(&path);
            let pool = if whole { self.add(&path) } else { None };
            self.linked.insert(path, pool);
        }
    }

    /// Whether every import of a file can be had; one that nobody has is reported.
    fn check_imports(&mut self, path: &str, imports: &[String]) -> bool {
        let mut whole = true;
        for (index, import) in imports.iter().enumerate() {
            match self.linked.get(import) {
                Some(Some(_)) => continue,
                None if builtin::is_known(import) => continue,
                _ => whole = false,
            }
            if self.files.contains_key(import) || self.problems.contains_key(import) {
                // What is wrong with the imported file is reported there.
                continue;
            }
            let Some(file) = self.files.get(path) else {
                continue;
            };
            let source = file.source();
            let labels = import_label(file, index, "imported here");
            let help = if file.encoded.is_some() {
                "build the image with what it imports: `protoc --include_imports`; `buf build` does so by itself".to_owned()
            } else {
                self.tried.help()
            };
            let message = format!("import `{import}` not found");
            self.report(path, message, Some(help), labels, source);
        }
        whole
    }

    fn add(&mut self, path: &str) -> Option<usize> {
        loop {
            let error = match self.pools.add(path, &self.files) {
                Ok(pool) => return Some(pool),
                Err(Refusal::Wrong(error)) => error,
                Err(Refusal::Failed) => {
                    let message = format!(
                        "`{path}` cannot be linked: an option in it has a value that is not supported"
                    );
                    let source = self.files.get(path)?.source();
                    self.report(path, message, None, Vec::new(), source);
                    return None;
                }
            };
            let file = self.files.get_mut(path)?;
            if !std::mem::replace(&mut file.is_placed, true) {
                // Only with all its places does the linker say where the error is.
                let info = file.descriptor.source_code_info.get_or_insert_default();
                info.location.extend(file.places.to_info());
                continue;
            }
            let source = file.source();
            let error = match &source {
                Some(_) => error.with_source_code(&file.text),
                None => error,
            };
            let failing = statements(file, &offsets(&error));
            if float::spell(&mut file.descriptor, &failing) {
                continue;
            }
            // The value of an option can need what is not there, which only linking tells.
            if self.stubs.blind.contains(path) && stub::leave_out(&mut file.descriptor, &failing) {
                continue;
            }
            self.report_all(&error, path, source.as_ref());
            return None;
        }
    }
}
