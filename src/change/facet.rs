//! The names of options and of parts of their values, `(acme.limits).rows.max`; it does not know which options there are.

/// The option that a name is a part of: what stands up to the first dot outside of parentheses.
pub fn option(name: &str) -> &str {
    name.get(..ends(name).next().unwrap_or(name.len()))
        .unwrap_or(name)
}

/// Whether a name is this one or that of a part of it.
pub fn is_within(name: &str, whole: &str) -> bool {
    let rest = name.strip_prefix(whole);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The name and those that it is a part of, the narrowest first.
pub fn around(name: &str) -> impl Iterator<Item = &str> {
    let ends: Vec<usize> = ends(name).chain([name.len()]).collect();
    ends.into_iter().rev().filter_map(|end| name.get(..end))
}

/// Where the parts of a name end, its last one apart.
fn ends(name: &str) -> impl Iterator<Item = usize> {
    let mut depth = 0_i32;
    name.char_indices().filter_map(move |(index, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        (c == '.' && depth == 0).then_some(index)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_end_outside_of_parentheses() {
        let name = "(a.b).c.(d.e)";
        assert_eq!(option(name), "(a.b)");
        assert_eq!(option("go_package"), "go_package");
        let names: Vec<&str> = around(name).collect();
        assert_eq!(names, [name, "(a.b).c", "(a.b)"]);
        assert!(is_within(name, "(a.b)"));
        assert!(is_within(name, name));
        assert!(!is_within("(a.b).cd", "(a.b).c"));
    }
}
