//! Pools of files that link with each other: independent trees may declare the same names, one pool may not; it reports nothing.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use prost_reflect::{DescriptorError, DescriptorPool, FileDescriptor};
use prost_types::FileDescriptorProto;

use super::Parsed;
use crate::schema::{builtin, image};

/// Pools, in the order in which they were needed. Most trees need one.
#[derive(Default)]
pub(super) struct Pools(Vec<Pool>);

#[derive(Default)]
struct Pool {
    descriptors: DescriptorPool,
    /// The file that declares each name that is not nested.
    symbols: HashMap<String, String>,
    files: BTreeSet<String>,
}

/// Why a file could not be linked.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It is wrong.
    Wrong(DescriptorError),
    /// The linker failed over it, which is the linker's fault.
    Failed,
}

thread_local! {
    /// Whether this thread is inside the linker.
    static LINKING: Cell<bool> = const { Cell::new(false) };
}

/// Runs the linker; what it panics over is refused. Some values of options are more than it knows.
fn contained(link: impl FnOnce() -> Result<(), DescriptorError>) -> Result<(), Refusal> {
    // The message would go to the terminal, raw; nobody could do anything about it there.
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !LINKING.get() {
                usual(panic);
            }
        }));
    });
    LINKING.set(true);
    let linked = panic::catch_unwind(AssertUnwindSafe(link));
    LINKING.set(false);
    match linked {
        Ok(linked) => linked.map_err(Refusal::Wrong),
        Err(_) => Err(Refusal::Failed),
    }
}

impl Pools {
    /// Links a file whose imports link, in the first pool where nothing has the names that it and its imports declare.
    pub(super) fn add(
        &mut self,
        path: &str,
        files: &BTreeMap<String, Parsed>,
    ) -> Result<usize, Refusal> {
        let fits = |pool: &Pool| -> Option<Vec<String>> {
            let new = missing(path, files, pool);
            let mut declared = new.iter().flat_map(|name| {
                let file = files.get(name).map(|file| &file.descriptor);
                let symbols = file.into_iter().flat_map(symbols);
                symbols.map(move |symbol| (name, symbol))
            });
            let free = declared.all(|(name, symbol)| {
                let owner = pool.symbols.get(&symbol);
                // Files of one directory are meant to be used together: what both of them declare is an error.
                owner.is_none_or(|owner| owner == name || directory(owner) == directory(name))
            });
            drop(declared);
            free.then_some(new)
        };
        let mut pools = self.0.iter().enumerate();
        let found = pools.find_map(|(index, pool)| Some((index, fits(pool)?)));
        let (index, new) = found.unwrap_or_else(|| {
            self.0.push(Pool::default());
            (self.0.len() - 1, missing(path, files, &Pool::default()))
        });
        let Some(pool) = self.0.get_mut(index) else {
            return Ok(index);
        };
        // Options are looked up in whatever `descriptor.proto` the pool has, imported or not: the tree's own, else the
        // built-in one, which knows more than the parser's.
        let own = new.iter().find(|name| {
            let file = files.get(*name);
            file.is_some_and(|file| declares_options(&file.descriptor))
        });
        if own.is_none() && !pool.symbols.contains_key(OPTIONS) {
            pool.add_builtin(builtin::DESCRIPTOR)?;
        }
        for name in &new {
            if let Some(file) = files.get(name) {
                pool.add(name, &file.descriptor, file.encoded.as_deref())?;
            }
        }
        Ok(index)
    }

    pub(super) fn file(&self, index: usize, path: &str) -> Option<FileDescriptor> {
        self.0.get(index)?.descriptors.get_file_by_name(path)
    }
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// The message whose fields are the options of a file.
const OPTIONS: &str = "google.protobuf.FileOptions";

fn declares_options(file: &FileDescriptorProto) -> bool {
    file.package() == "google.protobuf"
        && file
            .message_type
            .iter()
            .any(|message| message.name() == "FileOptions")
}

impl Pool {
    /// Links a file: what is `encoded` of it, if that is more than its type knows.
    fn add(
        &mut self,
        path: &str,
        file: &FileDescriptorProto,
        encoded: Option<&[u8]>,
    ) -> Result<(), Refusal> {
        if self.files.contains(path) {
            return Ok(());
        }
        for import in &file.dependency {
            if !self.files.contains(import) && builtin::is_known(import) {
                self.add_builtin(import)?;
            }
        }
        let descriptors = &mut self.descriptors;
        let added = contained(|| match encoded {
            Some(encoded) => descriptors.decode_file_descriptor_proto(encoded),
            None => descriptors.add_file_descriptor_proto(file.clone()),
        });
        if let Err(refusal) = added {
            self.descriptors = image::rebuilt(&self.descriptors, |name| self.files.contains(name));
            return Err(refusal);
        }
        self.symbols
            .extend(symbols(file).map(|symbol| (symbol, path.to_owned())));
        self.files.insert(path.to_owned());
        Ok(())
    }

    fn add_builtin(&mut self, name: &str) -> Result<(), Refusal> {
        match builtin::file(name) {
            Some(file) => self.add(name, &file, None),
            None => Ok(()),
        }
    }
}

/// A file and all that it imports, directly or not, as far as a pool lacks them; imports first.
fn missing(path: &str, files: &BTreeMap<String, Parsed>, pool: &Pool) -> Vec<String> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::from([path.to_owned()]);
    let mut stack = vec![(path.to_owned(), 0)];
    while let Some((name, next)) = stack.pop() {
        let import = files
            .get(&name)
            .and_then(|file| file.descriptor.dependency.get(next));
        let Some(import) = import.cloned() else {
            order.push(name);
            continue;
        };
        stack.push((name, next + 1));
        if files.contains_key(&import)
            && !pool.files.contains(&import)
            && seen.insert(import.clone())
        {
            stack.push((import, 0));
        }
    }
    order
}

/// The full names that a file declares at its top level; two files of one pool may not share one.
pub(super) fn symbols(file: &FileDescriptorProto) -> impl Iterator<Item = String> {
    let types = file
        .message_type
        .iter()
        .map(prost_types::DescriptorProto::name);
    // The values of an enum live beside it.
    let values = file
        .enum_type
        .iter()
        .flat_map(|enumeration| &enumeration.value)
        .map(prost_types::EnumValueDescriptorProto::name);
    let enums = file
        .enum_type
        .iter()
        .map(prost_types::EnumDescriptorProto::name);
    let services = file
        .service
        .iter()
        .map(prost_types::ServiceDescriptorProto::name);
    let extensions = file
        .extension
        .iter()
        .map(prost_types::FieldDescriptorProto::name);
    let package = file.package();
    types
        .chain(values)
        .chain(enums)
        .chain(services)
        .chain(extensions)
        .map(move |name| {
            if package.is_empty() {
                name.to_owned()
            } else {
                format!("{package}.{name}")
            }
        })
}
