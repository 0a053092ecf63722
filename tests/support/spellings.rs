//! The trees below `testdata/spellings`, by their names.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

pub(crate) type Files = BTreeMap<String, String>;

/// Every tree, with its files by path.
pub(crate) fn trees() -> Vec<(String, Files)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/spellings");
    let mut trees = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let mut files = Files::new();
        read(&folder, "", &mut files);
        trees.push((name, files));
    }
    trees.sort();
    trees
}

fn read(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}
