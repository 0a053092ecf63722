//! `inf` and `nan` as values of options that are floating-point numbers: the linker takes them for enum values; it links nothing.

use std::collections::BTreeSet;

use prost_types::{FileDescriptorProto, UninterpretedOption};

use super::visit::{Visit, walk};

/// Makes numbers of the words that are the values of the options with the `failing` descriptor paths. `false` where there is
/// none: whether a word is a number or the value of an enum only linking tells.
pub(super) fn spell(file: &mut FileDescriptorProto, failing: &BTreeSet<Vec<i32>>) -> bool {
    struct Failing<'a>(&'a BTreeSet<Vec<i32>>, bool);
    impl Visit for Failing<'_> {
        fn keeps(&mut self, _: &str, path: &[i32], option: &mut UninterpretedOption) -> bool {
            let number = match option.identifier_value.as_deref() {
                Some("inf") => f64::INFINITY,
                Some("nan") => f64::NAN,
                _ => return true,
            };
            if self.0.contains(path) {
                option.identifier_value = None;
                option.double_value = Some(number);
                self.1 = true;
            }
            true
        }
    }
    let mut failing = Failing(failing, false);
    walk(file, &mut failing);
    failing.1
}
