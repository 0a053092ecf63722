//! What files say before they are compiled: their packages, their imports, and which file each import means. It reads the
//! files that it is asked about and no others.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use super::closure::{self, imports};
use super::modules::{Described, Roots, package};
use super::tree::{Tree, Unreadable};
use super::{builtin, image};

/// A tree, and what is known so far of what its files say.
pub struct Scan<'a> {
    tree: &'a Tree,
    /// The import roots that are all there are to be.
    given: Option<Roots>,
    /// Those that the side states; what they do not hold is looked for.
    stated: Option<Roots>,
    lent: Option<Roots>,
    heads: BTreeMap<&'a str, Head>,
    /// The files of an image, by what others import them by.
    named: HashMap<&'a str, &'a str>,
    by_name: OnceLock<HashMap<&'a str, Vec<&'a str>>>,
}

/// What one file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The package that it declares; empty where it declares none.
    pub package: String,
    /// The file that each of its imports means, by what the import says; imports of files that are not there are left out.
    pub imports: BTreeMap<String, String>,
}

impl<'a> Scan<'a> {
    /// Nothing is known yet. `roots` are the import roots of the side; where there are none, those that it states.
    pub fn new(tree: &'a Tree, roots: &[String]) -> Self {
        let named = |path: &'a str| {
            let import = tree.import_paths.get(path).map_or(path, String::as_str);
            (import, path)
        };
        let image = tree.is_image.then(|| tree.paths().map(named));
        Self {
            tree,
            given: (!roots.is_empty()).then(|| Roots::given(roots)),
            stated: (!tree.roots.is_empty()).then(|| Roots::given(&tree.roots)),
            lent: (!tree.lent_roots.is_empty()).then(|| Roots::given(&tree.lent_roots)),
            heads: BTreeMap::new(),
            named: image.into_iter().flatten().collect(),
            by_name: OnceLock::new(),
        }
    }

    /// What a file says, if it was looked at.
    pub fn head(&self, path: &str) -> Option<&Head> {
        self.heads.get(path)
    }

    /// What every file says that was looked at, in the order of the paths.
    pub fn heads(&self) -> impl Iterator<Item = (&'a str, &Head)> {
        self.heads.iter().map(|(path, head)| (*path, head))
    }

    /// Looks at every file that is compared, and at all that these import.
    ///
    /// # Errors
    /// One cannot be read.
    pub fn look_at_all(&mut self) -> Result<(), Unreadable> {
        self.reach(self.tree.files.keys().map(String::as_str))?;
        Ok(())
    }

    /// Looks at files and at all that they import, directly or not, and gives the paths of both.
    ///
    /// # Errors
    /// One cannot be read.
    pub fn reach<'b>(
        &mut self,
        start: impl IntoIterator<Item = &'b str>,
    ) -> Result<BTreeSet<String>, Unreadable> {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut wave: Vec<String> = start.into_iter().map(str::to_owned).collect();
        while !wave.is_empty() {
            wave.retain(|path| seen.insert(path.clone()));
            let known = wave.iter().filter_map(|path| self.key(path));
            self.look_at(known.collect::<Vec<_>>())?;
            let heads = wave.iter().filter_map(|path| self.heads.get(path.as_str()));
            wave = heads
                .flat_map(|head| head.imports.values().cloned())
                .collect();
        }
        Ok(seen)
    }

    /// The path that others import a file by, as far as imports and packages tell.
    ///
    /// # Errors
    /// A file cannot be read: all have to be.
    pub fn roots(&mut self) -> Result<Roots, Unreadable> {
        if let Some(given) = &self.given {
            return Ok(given.clone());
        }
        if self.tree.is_image {
            return Ok(Roots::given(&[]));
        }
        self.look_at_all()?;
        let described = self.heads.iter().map(|(path, head)| {
            let described = Described {
                package: &head.package,
                imports: head
                    .imports
                    .iter()
                    .map(|(import, path)| (import.as_str(), path.as_str()))
                    .collect(),
            };
            (*path, described)
        });
        let stated = [self.tree.roots.as_slice(), &self.tree.lent_roots].concat();
        Ok(Roots::inferred(&stated, &described.collect()))
    }

    /// From a file to the files that it imports, of all that were looked at.
    pub fn edges(&self) -> BTreeMap<&str, Vec<&str>> {
        let heads = self.heads.iter();
        heads
            .map(|(path, head)| (*path, head.imports.values().map(String::as_str).collect()))
            .collect()
    }

    /// The path as the tree has it, if it does.
    pub fn key(&self, path: &str) -> Option<&'a str> {
        let tree = self.tree;
        let found = tree.files.get_key_value(path);
        let found = found.or_else(|| tree.imports.get_key_value(path));
        found.map(|(path, _)| path.as_str())
    }

    fn look_at(&mut self, paths: impl IntoIterator<Item = &'a str>) -> Result<(), Unreadable> {
        let new = paths.into_iter();
        let new: Vec<&str> = new.filter(|path| !self.heads.contains_key(path)).collect();
        let is_image = self.tree.is_image;
        let read = self.tree.read(&new, |_, bytes: Arc<[u8]>| {
            if is_image {
                return image::head(&bytes);
            }
            // Bytes that are not UTF-8 are the compiler's to report.
            let text = std::str::from_utf8(&bytes).unwrap_or_default();
            let imports = imports(text).into_iter().map(str::to_owned);
            (package(text).to_owned(), imports.collect())
        })?;
        for (path, (package, imports)) in new.into_iter().zip(read) {
            let imports = imports.into_iter().filter_map(|import| {
                let found = self.resolve(path, &import)?;
                Some((import, found))
            });
            let imports = imports.collect();
            self.heads.insert(path, Head { package, imports });
        }
        Ok(())
    }

    /// The file that an import means: what the roots say, else the file of that name that is nearest to the importer.
    ///
    /// Nothing but the paths of the tree decides, so that the meaning of one file's imports hangs on no other file.
    fn resolve(&self, importer: &str, import: &str) -> Option<String> {
        if self.tree.is_image {
            return self.named.get(import).map(|path| (*path).to_owned());
        }
        let has = |path: &str| self.tree.has(path);
        if let Some(given) = &self.given {
            return given.resolve(importer, import, has);
        }
        let lent = self.lent.as_ref().filter(|_| !builtin::is_known(import));
        for roots in [self.stated.as_ref(), lent].into_iter().flatten() {
            if let Some(found) = roots.resolve(importer, import, has) {
                return Some(found);
            }
        }
        closure::above(importer, import, has).or_else(|| {
            let candidates = self.by_name().get(closure::name(import));
            let candidates = candidates.into_iter().flatten().copied();
            closure::nearest(importer, import, candidates).map(str::to_owned)
        })
    }

    fn by_name(&self) -> &HashMap<&'a str, Vec<&'a str>> {
        self.by_name.get_or_init(|| {
            let mut found: HashMap<&str, Vec<&str>> = HashMap::new();
            for path in self.tree.files.keys() {
                found.entry(closure::name(path)).or_default().push(path);
            }
            found
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::tree::Content;

    type Files<'a> = &'a [(&'static str, &'static str, &'a [&'static str])];

    fn tree(stated: &[&str], files: Files<'_>) -> Tree {
        let text = |package: &str, imports: &[&str]| {
            let imports: Vec<String> = imports
                .iter()
                .map(|import| format!("import \"{import}\";"))
                .collect();
            format!("package {package}; {}", imports.join(" "))
        };
        Tree {
            files: files
                .iter()
                .map(|(path, package, imports)| {
                    let text = text(package, imports);
                    ((*path).to_owned(), Content::held(text.into_bytes()))
                })
                .collect(),
            roots: stated.iter().map(|root| (*root).to_owned()).collect(),
            ..Tree::default()
        }
    }

    fn roots(files: Files<'_>) -> Vec<String> {
        roots_with(&[], files)
    }

    fn roots_with(stated: &[&str], files: Files<'_>) -> Vec<String> {
        let tree = tree(stated, files);
        let roots = Scan::new(&tree, &[]).roots().unwrap();
        roots.names().map(str::to_owned).collect()
    }

    #[test]
    fn an_import_means_the_nearest_file_of_its_name() {
        let none: &[&str] = &[];
        let tree = tree(
            &[],
            &[
                ("a/b/x.proto", "p", &["y.proto"]),
                ("a/b/y.proto", "p", none),
                ("a/x.proto", "p", &["y.proto", "c/z.proto"]),
                ("a/y.proto", "p", none),
                ("lib/one/c/z.proto", "p", none),
                ("a/vendor/c/z.proto", "p", none),
                ("x.proto", "p", &["b/y.proto", "gone.proto"]),
            ],
        );
        let mut scan = Scan::new(&tree, &[]);
        scan.look_at_all().unwrap();
        let meant = |path: &str| -> Vec<String> {
            let head = scan.head(path).unwrap();
            head.imports.values().cloned().collect()
        };
        assert_eq!(meant("a/b/x.proto"), ["a/b/y.proto"]);
        assert_eq!(meant("a/x.proto"), ["a/vendor/c/z.proto", "a/y.proto"]);
        assert_eq!(meant("x.proto"), ["a/b/y.proto"]);
    }

    #[test]
    fn roots_follow_the_imports() {
        assert_eq!(
            roots(&[("a/b.proto", "a", &["a/c.proto"]), ("a/c.proto", "a", &[])]),
            ["."]
        );
        assert_eq!(
            roots(&[
                ("proto/a/b.proto", "a", &["a/c.proto"]),
                ("proto/a/c.proto", "a", &[])
            ]),
            ["proto"]
        );
        assert_eq!(roots(&[("proto/a/b/c.proto", "a.b", &[])]), ["proto"]);
        assert_eq!(roots(&[("x.proto", "a.b", &[])]), ["."]);
        assert_eq!(
            roots(&[
                ("one/a/b.proto", "a", &["a/c.proto"]),
                ("one/a/c.proto", "a", &[]),
                ("two/a/b.proto", "a", &["a/c.proto"]),
                ("two/a/c.proto", "a", &[])
            ]),
            ["one", "two"]
        );
    }

    #[test]
    fn stated_roots_hold_and_the_rest_is_inferred() {
        let files: Files<'_> = &[
            ("proto/x/b.proto", "a", &["x/c.proto", "google/g.proto"]),
            ("proto/x/c.proto", "a", &[]),
            ("vendor/google/g.proto", "google", &[]),
            ("demo/d/e.proto", "d", &[]),
        ];
        assert_eq!(
            roots_with(&["./proto/"], files),
            ["vendor", "proto", "demo"]
        );
        assert_eq!(roots_with(&["."], files), ["vendor", "proto", "."]);
    }
}
