//! Who is whom: pairs the elements of two schemas, through renames and moves; what differs between a pair is not its business.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use similar::TextDiff;

use crate::change::Subject;
use crate::schema::{Data, ElementId, FieldType, Schema};

/// The elements that are the same on both sides. Every element is in at most one pair.
#[derive(Debug, Default)]
pub struct Pairing {
    /// By the index of the element.
    to_current: Vec<Option<ElementId>>,
    to_baseline: Vec<Option<ElementId>>,
}

impl Pairing {
    /// What an element of the baseline became.
    pub fn current(&self, baseline: ElementId) -> Option<ElementId> {
        self.to_current.get(baseline.0 as usize).copied().flatten()
    }

    /// What an element of the current side was.
    pub fn baseline(&self, current: ElementId) -> Option<ElementId> {
        self.to_baseline.get(current.0 as usize).copied().flatten()
    }

    fn join(&mut self, baseline: ElementId, current: ElementId) {
        let ours = self.to_current.get_mut(baseline.0 as usize);
        let theirs = self.to_baseline.get_mut(current.0 as usize);
        if let (Some(ours @ None), Some(theirs @ None)) = (ours, theirs) {
            *ours = Some(current);
            *theirs = Some(baseline);
        }
    }
}

/// Pairs the elements of two schemas.
pub fn pair(baseline: &Schema, current: &Schema) -> Pairing {
    let mut pairer = Pairer {
        baseline,
        current,
        pairs: Pairing {
            to_current: vec![None; baseline.len()],
            to_baseline: vec![None; current.len()],
        },
    };
    pairer.files();
    pairer.same_names();
    pairer.inside_moved_files();
    pairer.nested();
    pairer.moved_types();
    pairer.renamed_types();
    pairer.services();
    pairer.extensions();
    pairer.members();
    pairer.moved_methods();
    pairer.pairs
}

/// How alike two types of one name have to be to count as one type that moved.
const MOVED: f64 = 0.5;
/// The same, where both are declared in the same file, so that there is little else it could be.
const MOVED_NEARBY: f64 = 0.25;
/// How alike two types of different names have to be to count as one type that was renamed.
const RENAMED: f64 = 0.6;
/// How alike the contents of two files have to be to count as one file that moved.
const SAME_FILE: f64 = 0.5;

/// How much members of the same names, but of other numbers, count for their types being the same.
const BY_NAME: f64 = 0.9;

/// The members of a type: number, name, and the simple name of the type.
type Members = BTreeSet<(i32, String, String)>;

struct Pairer<'a> {
    baseline: &'a Schema,
    current: &'a Schema,
    pairs: Pairing,
}

impl Pairer<'_> {
    fn left(&self, subject: Subject) -> (Vec<ElementId>, Vec<ElementId>) {
        let gone = self
            .baseline
            .all(subject)
            .filter(|&id| self.pairs.current(id).is_none())
            .collect();
        let new = self
            .current
            .all(subject)
            .filter(|&id| self.pairs.baseline(id).is_none())
            .collect();
        (gone, new)
    }

    /// Joins the best-scoring candidates first; equal scores in the order of the source.
    fn join_best(&mut self, mut candidates: Vec<(f64, ElementId, ElementId)>) {
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        for (_, gone, new) in candidates {
            self.pairs.join(gone, new);
        }
    }

    fn files(&mut self) {
        for id in self.baseline.files() {
            if let Some(other) = self.current.find_file(&self.baseline.get(id).full_name) {
                self.pairs.join(id, other);
            }
        }
        let (gone, new) = self.left(Subject::File);
        let mut candidates = Vec::new();
        for &from in &gone {
            for &to in &new {
                let score = self.file_likeness(from, to);
                if score >= SAME_FILE {
                    candidates.push((score, from, to));
                }
            }
        }
        self.join_best(candidates);
    }

    /// How much of what two files declare has the same name; a shared base name breaks ties.
    fn file_likeness(&self, from: ElementId, to: ElementId) -> f64 {
        let names = |schema: &Schema, file: ElementId| -> BTreeSet<String> {
            let children = schema.get(file).children.iter().map(|&id| schema.get(id));
            children
                .filter(|child| child.subject != Subject::Import)
                .map(|child| child.name.clone())
                .collect()
        };
        let base = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let same_base = base(&self.baseline.get(from).name) == base(&self.current.get(to).name);
        let (ours, theirs) = (names(self.baseline, from), names(self.current, to));
        if ours.is_empty() && theirs.is_empty() {
            return if same_base { SAME_FILE } else { 0.0 };
        }
        let alike = jaccard(&ours, &theirs);
        if alike == 0.0 {
            0.0
        } else {
            alike + if same_base { 0.2 } else { 0.0 }
        }
    }

    /// Independent trees may declare the same names: then the file decides who is whom, where it can.
    fn same_names(&mut self) {
        let (baseline, current) = (self.baseline, self.current);
        let mut by_name: HashMap<(Subject, &str), Vec<ElementId>> = HashMap::new();
        for (id, element) in current
            .elements()
            .filter(|(_, element)| has_full_name(element.subject))
        {
            by_name
                .entry((element.subject, &element.full_name))
                .or_default()
                .push(id);
        }
        for same_file in [true, false] {
            for (id, element) in baseline
                .elements()
                .filter(|(_, element)| has_full_name(element.subject))
            {
                let candidates = by_name.get(&(element.subject, element.full_name.as_str()));
                let file = self.pairs.current(element.file);
                let fits = |other: &ElementId| !same_file || file == Some(current.get(*other).file);
                let free = |other: &ElementId| self.pairs.baseline(*other).is_none();
                if self.pairs.current(id).is_none()
                    && let Some(&other) = candidates
                        .into_iter()
                        .flatten()
                        .find(|other| fits(other) && free(other))
                {
                    self.pairs.join(id, other);
                }
            }
        }
    }

    /// In a file that moved or changed its package, what has the same name inside the file is the same.
    fn inside_moved_files(&mut self) {
        for file in self.baseline.files() {
            let Some(other) = self.pairs.current(file) else {
                continue;
            };
            self.join_children(file, other);
        }
    }

    fn join_children(&mut self, from: ElementId, to: ElementId) {
        let (baseline, current) = (self.baseline, self.current);
        for &child in &baseline.get(from).children {
            let element = baseline.get(child);
            if self.pairs.current(child).is_some() || element.subject == Subject::Import {
                continue;
            }
            let same = |&&other: &&ElementId| {
                let candidate = current.get(other);
                candidate.subject == element.subject
                    && candidate.name == element.name
                    && self.pairs.baseline(other).is_none()
            };
            if let Some(&other) = current.get(to).children.iter().find(same) {
                self.pairs.join(child, other);
            }
        }
    }

    /// What is nested in a pair of messages keeps its simple name. Parents come before their children in the arena.
    fn nested(&mut self) {
        for message in self.baseline.all(Subject::Message) {
            if let Some(other) = self.pairs.current(message) {
                self.join_types_inside(message, other);
            }
        }
    }

    fn join_types_inside(&mut self, from: ElementId, to: ElementId) {
        let (baseline, current) = (self.baseline, self.current);
        for subject in [Subject::Message, Subject::Enum, Subject::Extension] {
            for child in baseline.children(from, subject) {
                if self.pairs.current(child).is_some() {
                    continue;
                }
                let name = &baseline.get(child).name;
                let other = current.children(to, subject).find(|&other| {
                    &current.get(other).name == name && self.pairs.baseline(other).is_none()
                });
                if let Some(other) = other {
                    self.pairs.join(child, other);
                }
            }
        }
    }

    /// The same simple name in another scope, file or package, and alike enough.
    fn moved_types(&mut self) {
        for subject in [Subject::Message, Subject::Enum] {
            let (gone, new) = self.left(subject);
            let mut by_name: BTreeMap<&str, Vec<ElementId>> = BTreeMap::new();
            for &id in &new {
                by_name
                    .entry(&self.current.get(id).name)
                    .or_default()
                    .push(id);
            }
            let mut candidates = Vec::new();
            for &from in &gone {
                for &to in by_name
                    .get(self.baseline.get(from).name.as_str())
                    .into_iter()
                    .flatten()
                {
                    let nearby = self.pairs.current(self.baseline.get(from).file)
                        == Some(self.current.get(to).file);
                    let alike = self.likeness(from, to);
                    if alike >= if nearby { MOVED_NEARBY } else { MOVED } {
                        candidates.push((alike + if nearby { 1.0 } else { 0.0 }, from, to));
                    }
                }
            }
            self.join_best(candidates);
        }
        self.nested();
    }

    /// Another name in the same scope (or, failing that, the same package), and of the same shape.
    fn renamed_types(&mut self) {
        for subject in [Subject::Message, Subject::Enum] {
            let (gone, new) = self.left(subject);
            let mut candidates = Vec::new();
            for &from in &gone {
                for &to in &new {
                    if let Some(score) = self.renamed(from, to) {
                        candidates.push((score, from, to));
                    }
                }
            }
            self.join_best(candidates);
            self.nested();
        }
    }

    fn renamed(&self, from: ElementId, to: ElementId) -> Option<f64> {
        let (ours, theirs) = (self.baseline.get(from), self.current.get(to));
        let same_scope = ours.parent.and_then(|parent| self.pairs.current(parent)) == theirs.parent;
        let same_package = self.baseline.package(from) == self.current.package(to);
        let both_at_top = ours.parent == Some(ours.file) && theirs.parent == Some(theirs.file);
        if !(same_scope || (same_package && both_at_top)) {
            return None;
        }
        let alike = self.likeness(from, to);
        let names = name_likeness(&ours.name, &theirs.name);
        let same_shape = shape(self.baseline, from) == shape(self.current, to);
        let members = ours.children.len();
        let words = || {
            let (ours, theirs) = (
                value_words(self.baseline, from),
                value_words(self.current, to),
            );
            jaccard(&ours, &theirs)
        };
        // Numbers from zero on are the shape of almost every enum: what tells one from another is what its values say.
        let is_telling = members >= 3 && (ours.subject != Subject::Enum || words() >= RENAMED);
        let counts =
            alike >= RENAMED || (same_shape && members > 0 && (is_telling || names >= RENAMED));
        counts.then_some(alike + names / 4.0 + if same_scope { 0.5 } else { 0.0 })
    }

    /// The share of members that both have: by name, number and type, by name and number, or (weighing less) by name.
    ///
    /// A member that changed is no reason to take its type for another one: what changed in it has to be judged.
    fn likeness(&self, from: ElementId, to: ElementId) -> f64 {
        let (ours, theirs) = (members(self.baseline, from), members(self.current, to));
        if ours.is_empty() && theirs.is_empty() {
            // Two empty types of one name may be one; nothing speaks against it.
            return if self.baseline.get(from).name == self.current.get(to).name {
                MOVED
            } else {
                0.0
            };
        }
        let numbered = |members: &Members| -> BTreeSet<(i32, String)> {
            members
                .iter()
                .map(|(number, name, _)| (*number, name.clone()))
                .collect()
        };
        let named = |members: &Members| -> BTreeSet<String> {
            members.iter().map(|(_, name, _)| name.clone()).collect()
        };
        jaccard(&ours, &theirs)
            .max(jaccard(&numbered(&ours), &numbered(&theirs)))
            .max(jaccard(&named(&ours), &named(&theirs)) * BY_NAME)
    }

    fn services(&mut self) {
        let (gone, new) = self.left(Subject::Service);
        let mut candidates = Vec::new();
        for &from in &gone {
            for &to in &new {
                let (ours, theirs) = (self.baseline.get(from), self.current.get(to));
                let same_file = self.pairs.current(ours.file) == Some(theirs.file);
                let alike = jaccard(&members(self.baseline, from), &members(self.current, to));
                let same_name = ours.name == theirs.name;
                if same_name || (alike >= SAME_FILE && same_file) {
                    candidates.push((alike + if same_name { 1.0 } else { 0.0 }, from, to));
                }
            }
        }
        self.join_best(candidates);
    }

    /// An extension that was renamed or moved still extends the same message under the same number.
    fn extensions(&mut self) {
        let (gone, new) = self.left(Subject::Extension);
        let mut by_number: HashMap<(String, i32), ElementId> = HashMap::new();
        for &id in new.iter().rev() {
            if let Some(field) = self.current.field(id) {
                by_number.insert(
                    (field.extendee.clone().unwrap_or_default(), field.number),
                    id,
                );
            }
        }
        for id in gone {
            let Some(field) = self.baseline.field(id) else {
                continue;
            };
            let extendee = self.renamed_to(field.extendee.as_deref().unwrap_or_default());
            if let Some(&other) = by_number.get(&(extendee, field.number)) {
                self.pairs.join(id, other);
            }
        }
    }

    /// The full name that a type of the baseline has in the current side.
    fn renamed_to(&self, full_name: &str) -> String {
        let paired = self
            .baseline
            .find(full_name)
            .and_then(|id| self.pairs.current(id));
        paired.map_or_else(
            || full_name.to_owned(),
            |id| self.current.get(id).full_name.clone(),
        )
    }

    fn members(&mut self) {
        let elements = self.baseline.elements();
        let pairs = elements.filter_map(|(from, _)| Some((from, self.pairs.current(from)?)));
        let pairs: Vec<(ElementId, ElementId)> = pairs.collect();
        for (from, to) in pairs {
            match self.baseline.get(from).subject {
                Subject::Message => {
                    self.by_name_then_number(from, to, Subject::Field);
                    self.oneofs(from, to);
                }
                Subject::Enum => self.by_name_then_number(from, to, Subject::EnumValue),
                Subject::Service => self.methods(from, to),
                Subject::File => self.imports(from, to),
                _ => {}
            }
        }
    }

    fn by_name_then_number(&mut self, from: ElementId, to: ElementId, subject: Subject) {
        let (baseline, current) = (self.baseline, self.current);
        let mut by_name: HashMap<&str, ElementId> = HashMap::new();
        for id in current.children(to, subject) {
            by_name.insert(&current.get(id).name, id);
        }
        for id in baseline.children(from, subject) {
            if let Some(&other) = by_name.get(baseline.get(id).name.as_str()) {
                self.pairs.join(id, other);
            }
        }
        for id in baseline.children(from, subject) {
            if self.pairs.current(id).is_some() {
                continue;
            }
            let number = number(baseline, id);
            let same = |&other: &ElementId| {
                self.pairs.baseline(other).is_none() && self::number(current, other) == number
            };
            if let Some(other) = current.children(to, subject).find(same) {
                self.pairs.join(id, other);
            }
        }
    }

    /// By name, then by how many members they share.
    fn oneofs(&mut self, from: ElementId, to: ElementId) {
        self.join_same_named(from, to, Subject::Oneof);
        let (baseline, current) = (self.baseline, self.current);
        let holds =
            |schema: &Schema, field: ElementId| schema.field(field).and_then(|field| field.oneof);
        let mut shared: BTreeMap<(ElementId, ElementId), f64> = BTreeMap::new();
        for field in baseline.children(from, Subject::Field) {
            let held = holds(baseline, field);
            let holds_now = self
                .pairs
                .current(field)
                .and_then(|field| holds(current, field));
            if let (Some(gone), Some(new)) = (held, holds_now) {
                *shared.entry((gone, new)).or_default() += 1.0;
            }
        }
        let candidates = shared
            .into_iter()
            .map(|((gone, new), fields)| (fields, gone, new));
        self.join_best(candidates.collect());
    }

    fn join_same_named(&mut self, from: ElementId, to: ElementId, subject: Subject) {
        let (baseline, current) = (self.baseline, self.current);
        for id in baseline.children(from, subject) {
            let name = &baseline.get(id).name;
            if let Some(other) = current.children(to, subject).find(|&other| {
                &current.get(other).name == name && self.pairs.baseline(other).is_none()
            }) {
                self.pairs.join(id, other);
            }
        }
    }

    /// By name, then by what goes in and out; of several the one with the most similar name.
    fn methods(&mut self, from: ElementId, to: ElementId) {
        self.join_same_named(from, to, Subject::Method);
        let candidates =
            self.same_signatures(&self.unpaired_children(from), &self.new_children(to));
        self.join_best(candidates);
    }

    fn unpaired_children(&self, of: ElementId) -> Vec<ElementId> {
        self.baseline
            .get(of)
            .children
            .iter()
            .copied()
            .filter(|&id| self.pairs.current(id).is_none())
            .collect()
    }

    fn new_children(&self, of: ElementId) -> Vec<ElementId> {
        self.current
            .get(of)
            .children
            .iter()
            .copied()
            .filter(|&id| self.pairs.baseline(id).is_none())
            .collect()
    }

    fn same_signatures(
        &self,
        gone: &[ElementId],
        new: &[ElementId],
    ) -> Vec<(f64, ElementId, ElementId)> {
        let mut candidates = Vec::new();
        for &from in gone {
            for &to in new {
                if self.same_signature(from, to) {
                    candidates.push((
                        name_likeness(&self.baseline.get(from).name, &self.current.get(to).name),
                        from,
                        to,
                    ));
                }
            }
        }
        candidates
    }

    fn same_signature(&self, from: ElementId, to: ElementId) -> bool {
        let (Data::Method(ours), Data::Method(theirs)) =
            (&self.baseline.get(from).data, &self.current.get(to).data)
        else {
            return false;
        };
        self.renamed_to(&ours.request) == theirs.request
            && self.renamed_to(&ours.response) == theirs.response
    }

    /// A method that left one service and stands in another under the same name, with the same types. At least one of the
    /// services is there on both sides: what went with a service and what came with one are not held to be the same.
    fn moved_methods(&mut self) {
        let (gone, new) = self.left(Subject::Method);
        let mut by_name: BTreeMap<&str, Vec<ElementId>> = BTreeMap::new();
        for &id in &new {
            let name = self.current.get(id).name.as_str();
            by_name.entry(name).or_default().push(id);
        }
        let mut candidates = Vec::new();
        for &from in &gone {
            let element = self.baseline.get(from);
            for &to in by_name.get(element.name.as_str()).into_iter().flatten() {
                let ours = element.parent.and_then(|it| self.pairs.current(it));
                let theirs = self.current.get(to).parent;
                let theirs = theirs.and_then(|it| self.pairs.baseline(it));
                let kept = ours.is_some() || theirs.is_some();
                if kept && self.same_signature(from, to) {
                    candidates.push((1.0, from, to));
                }
            }
        }
        self.join_best(candidates);
    }

    fn imports(&mut self, from: ElementId, to: ElementId) {
        self.join_same_named(from, to, Subject::Import);
    }
}

/// Whether the full name tells an element apart from every other of its kind in its tree.
fn has_full_name(subject: Subject) -> bool {
    matches!(
        subject,
        Subject::Message | Subject::Enum | Subject::Service | Subject::Extension
    )
}

/// The number of a field, an extension or an enum value.
pub fn number(schema: &Schema, id: ElementId) -> i32 {
    match &schema.get(id).data {
        Data::Field(field) => field.number,
        Data::EnumValue(number) => *number,
        _ => 0,
    }
}

/// What makes a type recognisable: its members by number, name and simple type name.
fn members(schema: &Schema, id: ElementId) -> Members {
    let described = schema.get(id).children.iter().map(|&child| {
        let element = schema.get(child);
        let ty = match &element.data {
            Data::Field(field) => type_shape(&field.ty),
            Data::Method(method) => {
                format!("{} {}", simple(&method.request), simple(&method.response))
            }
            _ => String::new(),
        };
        (number(schema, child), element.name.clone(), ty)
    });
    described.collect()
}

/// The same without the names: what a reader of the wire can see.
fn shape(schema: &Schema, id: ElementId) -> Vec<(i32, String)> {
    let mut shape: Vec<(i32, String)> = members(schema, id)
        .into_iter()
        .map(|(number, _, ty)| (number, ty))
        .collect();
    shape.sort();
    shape
}

/// The names of an enum's values without the words that all of them begin with, which are those of the enum.
fn value_words(schema: &Schema, id: ElementId) -> BTreeSet<String> {
    let names: Vec<&str> = schema
        .children(id, Subject::EnumValue)
        .map(|value| schema.get(value).name.as_str())
        .collect();
    let first = names.first().copied().unwrap_or_default();
    let begins = |end: &usize| {
        let start = first.get(..*end).unwrap_or_default();
        names.iter().all(|name| name.starts_with(start))
    };
    let ends = first.rmatch_indices('_').map(|(at, _)| at + 1);
    let common = ends.into_iter().find(begins).unwrap_or_default();
    let rest = |name: &str| name.get(common..).unwrap_or_default().to_owned();
    names.into_iter().map(rest).collect()
}

fn type_shape(ty: &FieldType) -> String {
    match ty {
        FieldType::Scalar(name) => (*name).to_owned(),
        FieldType::Message(name) | FieldType::Group(name) | FieldType::Enum(name) => {
            simple(name).to_owned()
        }
        FieldType::Map(key, value) => format!("{key} {}", type_shape(value)),
    }
}

fn simple(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}

#[allow(clippy::cast_precision_loss, reason = "counts of members are small")]
fn jaccard<T: Ord + std::hash::Hash>(ours: &BTreeSet<T>, theirs: &BTreeSet<T>) -> f64 {
    let shared = ours.intersection(theirs).count();
    let all = ours.len() + theirs.len() - shared;
    if all == 0 {
        0.0
    } else {
        shared as f64 / all as f64
    }
}

fn name_likeness(ours: &str, theirs: &str) -> f64 {
    f64::from(TextDiff::from_chars(ours.to_lowercase(), theirs.to_lowercase()).ratio())
}
