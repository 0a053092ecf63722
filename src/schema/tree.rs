//! The files of one side: which there are, and their bytes when somebody asks for them; where these come from it does not know.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use miette::Diagnostic;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

/// The `.proto` files of one side.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// How messages name the side: ``baseline `v1.2.0` ``.
    pub name: String,
    /// What stands before a path in excerpts, so that a person can open it: `v1.2.0:` or `before/`.
    pub prefix: String,
    /// Path relative to the root of the side → what it holds.
    pub files: BTreeMap<String, Content>,
    /// Files that are there for others to link with, and are not compared.
    pub imports: BTreeMap<String, Content>,
    /// Whether the files are those of an image: descriptors, by the paths that others import them by.
    pub is_image: bool,
    /// The import path of a file of an image, where its path here is another one.
    pub import_paths: BTreeMap<String, String>,
    /// The import roots that the side itself states; what they do not hold is inferred.
    pub roots: Vec<String>,
    /// The import roots of files that other modules lend, which stand behind those of the side.
    pub lent_roots: Vec<String>,
    /// The modules that the side depends on and that are not on this machine.
    pub not_cached: Vec<String>,
    /// Where what is not held is read from.
    pub store: Option<Arc<dyn Store>>,
}

/// What a file holds: bytes, or what they are known by until they are read, or both.
#[derive(Debug, Clone)]
pub struct Content {
    /// Equal for equal bytes.
    id: Option<[u8; 20]>,
    bytes: Option<Arc<[u8]>>,
    /// Who has the bytes, if not the tree's store.
    owner: Option<Arc<dyn Store>>,
}

/// Reads files of one side, from several threads at once.
pub trait Store: fmt::Debug + Send + Sync {
    /// The bytes of a file that the side listed.
    ///
    /// # Errors
    /// It cannot be read, or is not there any more.
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable>;
}

/// A file of a side that cannot be read.
#[derive(Debug)]
pub struct Unreadable(Box<dyn Diagnostic + Send + Sync>);

impl Unreadable {
    /// An error that says which file it is, and what to do.
    pub fn new(error: impl Diagnostic + Send + Sync + 'static) -> Self {
        Self(Box::new(error))
    }
}

impl From<Box<dyn Diagnostic + Send + Sync>> for Unreadable {
    fn from(error: Box<dyn Diagnostic + Send + Sync>) -> Self {
        Self(error)
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Unreadable {}

impl Diagnostic for Unreadable {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.0.help()
    }
}

impl Content {
    /// Bytes at hand.
    pub fn held(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self {
            id: None,
            bytes: Some(bytes.into()),
            owner: None,
        }
    }

    /// Bytes that the tree's store reads; `id` is equal for equal bytes, on either side.
    pub const fn stored(id: [u8; 20]) -> Self {
        Self {
            id: Some(id),
            bytes: None,
            owner: None,
        }
    }

    /// Bytes that another store reads, by the path that the file has in the tree.
    pub fn lent(owner: Arc<dyn Store>) -> Self {
        Self {
            id: None,
            bytes: None,
            owner: Some(owner),
        }
    }
}

impl Content {
    /// What its bytes are known by on either side, if they are.
    pub const fn id(&self) -> Option<[u8; 20]> {
        self.id
    }
}

impl PartialEq for Content {
    /// Contents that are not known to be equal are not.
    fn eq(&self, other: &Self) -> bool {
        match (self.id, other.id) {
            (Some(id), Some(other)) => id == other,
            _ => self.bytes.is_some() && self.bytes == other.bytes,
        }
    }
}

impl Tree {
    /// Links a file without comparing it from now on.
    pub fn leave_out(&mut self, path: &str) {
        if let Some(content) = self.files.remove(path) {
            self.imports.insert(path.to_owned(), content);
        }
    }

    /// What a file holds.
    pub fn content(&self, path: &str) -> Option<&Content> {
        self.files.get(path).or_else(|| self.imports.get(path))
    }

    /// Every file, those that are not compared last.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files
            .keys()
            .chain(self.imports.keys())
            .map(String::as_str)
    }

    /// Whether there is such a file.
    pub fn has(&self, path: &str) -> bool {
        self.content(path).is_some()
    }

    /// What `make` gives for the bytes of each of the files, in their order.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn read<T: Send>(
        &self,
        paths: &[&str],
        make: impl Fn(&str, Arc<[u8]>) -> T + Sync,
    ) -> Result<Vec<T>, Unreadable> {
        let one = |path: &&str| Ok(make(path, self.bytes(path)?));
        // A handful is read before another thread has woken up.
        if paths.len() < 8 {
            paths.iter().map(one).collect()
        } else {
            paths.par_iter().map(one).collect()
        }
    }

    fn bytes(&self, path: &str) -> Result<Arc<[u8]>, Unreadable> {
        let Some(content) = self.content(path) else {
            return Ok(Arc::from([]));
        };
        let store = content.owner.as_ref().or(self.store.as_ref());
        match (&content.bytes, store) {
            (Some(bytes), _) => Ok(Arc::clone(bytes)),
            (None, Some(store)) => store.read(path).map(Arc::from),
            (None, None) => Ok(Arc::from([])),
        }
    }
}
