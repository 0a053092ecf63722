//! What earlier releases gave up, numbers and names of fields, enum values, methods and extensions, and who has them now; which releases
//! count and what a reuse weighs it does not know.
//!
//! Releases are gone through in their order. An element that is paired with one of the next release is the same element, under
//! whatever name or number: what it keeps is not given up. The rest stays given up, however many releases lie between.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Action, Aspect, Change, Place, Subject};
use crate::diff::existence::declaration;
use crate::diff::pair::{self, Pairing, number};
use crate::diff::tag;
use crate::schema::{Data, ElementId, Schema};

/// A number or name that some element has now and another one gave up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reuse {
    /// The last release that had it, by its index among those that were gone through.
    pub release: usize,
    /// The element that had it, or the type that had reserved it, by its full name there.
    pub former: String,
    /// The file of that element.
    pub path: String,
    /// The element that has it now, by its full name.
    pub taker: String,
    /// The file of the taker.
    pub taker_path: String,
    /// [`Aspect::FormerNumber`] or [`Aspect::FormerName`].
    pub aspect: Aspect,
    /// In which way it was given up.
    pub how: &'static str,
    /// What it was, in protobuf's spelling.
    pub was: String,
}

/// What was given up so far.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// By the type or service that holds it, by its full name in the release that was gone through last.
    given_up: BTreeMap<String, Vec<GivenUp>>,
}

/// A number or name that was given up.
#[derive(Debug, Clone)]
struct GivenUp {
    what: What,
    how: &'static str,
    release: usize,
    former: String,
    path: String,
    was: String,
    /// The element that had it, where it lives on without it, by its full name in the release gone through last.
    heir: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Numbers(i32, i32),
    Name(String),
}

impl Ledger {
    /// Goes from a release to the next one; of what did not change between them nothing has to be loaded.
    pub fn step(&mut self, release: usize, from: &Schema, to: &Schema) {
        let pairs = pair::pair(from, to);
        self.follow(from, to, &pairs);
        for (id, element) in from.elements() {
            match element.subject {
                Subject::Field | Subject::EnumValue | Subject::Method | Subject::Extension => {
                    self.member(release, (from, to), &pairs, id);
                }
                Subject::Message | Subject::Enum => self.reserved(release, (from, to), &pairs, id),
                _ => {}
            }
        }
    }

    /// What of all that the elements of the last release have now, each number and name once, in the order of the schema.
    pub fn reused(&self, now: &Schema) -> Vec<Reuse> {
        let mut found = Vec::new();
        for (id, element) in now.elements() {
            let Some(given_up) = home(now, id).and_then(|it| self.given_up.get(it)) else {
                continue;
            };
            let (has_number, has_name) = (has_number(element.subject), has_name(element.subject));
            let mine = number(now, id);
            let spelled = declaration(now, id);
            let is_had = |it: &&GivenUp| match &it.what {
                What::Numbers(start, end) => has_number && (*start..=*end).contains(&mine),
                What::Name(name) => has_name && *name == element.name,
            };
            // What comes back as it was is no other element, and what it was reserved for.
            let is_itself =
                |it: &GivenUp| it.heir.as_ref() == Some(&element.full_name) || it.was == spelled;
            let of = |wants_name: bool| {
                let wanted = move |it: &&GivenUp| matches!(it.what, What::Name(_)) == wants_name;
                let had: Vec<&GivenUp> = given_up.iter().filter(wanted).filter(is_had).collect();
                let is_back = had.iter().any(|it| is_itself(it));
                let taken = had
                    .into_iter()
                    .filter(|it| !(is_itself(it) || is_back && it.how == RESERVED));
                // The last use tells more than a reservation that only says that there was one.
                taken.max_by_key(|it| (it.how != RESERVED, it.release))
            };
            let (by_number, by_name) = (of(false), of(true));
            // One element that is back with another type is one cause.
            let is_same = |name: &GivenUp| {
                by_number.is_some_and(|it| it.former == name.former && it.how != RESERVED)
            };
            let by_name = by_name.filter(|name| !is_same(name));
            for given_up in [by_number, by_name].into_iter().flatten() {
                found.push(Reuse {
                    release: given_up.release,
                    former: given_up.former.clone(),
                    path: given_up.path.clone(),
                    taker: element.full_name.clone(),
                    taker_path: now.file_path(id).to_owned(),
                    aspect: match given_up.what {
                        What::Numbers(..) => Aspect::FormerNumber,
                        What::Name(_) => Aspect::FormerName,
                    },
                    how: given_up.how,
                    was: given_up.was.clone(),
                });
            }
        }
        found
    }

    /// What was given up before goes by the names of the next release.
    fn follow(&mut self, from: &Schema, to: &Schema, pairs: &Pairing) {
        let mut renamed: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for (id, element) in from.elements() {
            let heir = pairs
                .current(id)
                .map(|heir| to.get(heir).full_name.as_str());
            if heir != Some(&element.full_name) {
                renamed.insert(&element.full_name, heir);
            }
        }
        if renamed.is_empty() {
            return;
        }
        let mut moved = BTreeMap::new();
        for (holder, mut entries) in std::mem::take(&mut self.given_up) {
            for entry in &mut entries {
                let heir = entry.heir.as_deref().and_then(|heir| renamed.get(heir));
                if let Some(heir) = heir {
                    entry.heir = heir.map(str::to_owned);
                }
            }
            // A type that is gone can come back, and its members with it.
            let holder = match renamed.get(holder.as_str()) {
                Some(Some(name)) => (*name).to_owned(),
                _ => holder,
            };
            moved.entry(holder).or_insert_with(Vec::new).extend(entries);
        }
        self.given_up = moved;
    }

    /// What a field, value or method gives up.
    fn member(
        &mut self,
        release: usize,
        (from, to): (&Schema, &Schema),
        pairs: &Pairing,
        id: ElementId,
    ) {
        let element = from.get(id);
        let heir = pairs.current(id);
        let number_of =
            |schema: &Schema, id| has_number(element.subject).then(|| number(schema, id));
        let mut given_up = Vec::new();
        if let Some(old) = number_of(from, id) {
            match heir.and_then(|heir| number_of(to, heir)) {
                None => given_up.push((What::Numbers(old, old), "deleted")),
                Some(new) if new != old => given_up.push((What::Numbers(old, old), "renumbered")),
                Some(_) => {}
            }
        }
        match heir.map(|heir| &to.get(heir).name) {
            _ if !has_name(element.subject) => {}
            None => given_up.push((What::Name(element.name.clone()), "deleted")),
            Some(new) if *new != element.name => {
                given_up.push((What::Name(element.name.clone()), "renamed"));
            }
            Some(_) => {}
        }
        let Some(home) = home(from, id).filter(|_| !given_up.is_empty()) else {
            return;
        };
        // What is extended may be declared elsewhere.
        let holder = match from.find(home) {
            Some(home) => holder(from, to, pairs, home),
            None => home.to_owned(),
        };
        let entries = self.given_up.entry(holder).or_default();
        entries.extend(given_up.into_iter().map(|(what, how)| GivenUp {
            what,
            how,
            release,
            former: element.full_name.clone(),
            path: from.file_path(id).to_owned(),
            was: declaration(from, id),
            heir: heir.map(|heir| to.get(heir).full_name.clone()),
        }));
    }

    /// What a type has reserved. It is noted down for as long as it is: the last release that had it is told.
    fn reserved(
        &mut self,
        release: usize,
        (from, to): (&Schema, &Schema),
        pairs: &Pairing,
        id: ElementId,
    ) {
        let element = from.get(id);
        let (ranges, names) = match &element.data {
            Data::Message(message) => (&message.reserved, &message.reserved_names),
            Data::Enum(enumeration) => (&enumeration.reserved, &enumeration.reserved_names),
            _ => return,
        };
        let ranges = ranges.iter().map(|&(start, end)| {
            let numbers = if start == end {
                format!("reserved {start}")
            } else {
                format!("reserved {start} to {end}")
            };
            (What::Numbers(start, end), numbers)
        });
        let names = names.iter();
        let names = names.map(|name| (What::Name(name.clone()), format!("reserved \"{name}\"")));
        let holder = holder(from, to, pairs, id);
        for (what, was) in ranges.chain(names) {
            let entries = self.given_up.entry(holder.clone()).or_default();
            entries.retain(|it| it.how != RESERVED || it.what != what);
            entries.push(GivenUp {
                what,
                how: RESERVED,
                release,
                former: element.full_name.clone(),
                path: from.file_path(id).to_owned(),
                was,
                heir: None,
            });
        }
    }
}

/// The type or service among whose members an element has to be told apart: what it extends, else what declares it.
fn home(schema: &Schema, id: ElementId) -> Option<&str> {
    let element = schema.get(id);
    match (&element.data, element.subject) {
        (Data::Field(field), Subject::Extension) => field.extendee.as_deref(),
        (_, Subject::Field | Subject::EnumValue | Subject::Method) => {
            let parent = schema.get(element.parent?);
            Some(&parent.full_name)
        }
        _ => None,
    }
}

fn has_number(subject: Subject) -> bool {
    matches!(
        subject,
        Subject::Field | Subject::EnumValue | Subject::Extension
    )
}

/// Whether an element has a name among the members of what it belongs to; that of an extension belongs to its scope.
fn has_name(subject: Subject) -> bool {
    matches!(
        subject,
        Subject::Field | Subject::EnumValue | Subject::Method
    )
}

/// How what was reserved was given up.
const RESERVED: &str = "reserved";

/// What a type or service is called in the next release.
fn holder(from: &Schema, to: &Schema, pairs: &Pairing, id: ElementId) -> String {
    let heir = pairs.current(id).map(|heir| to.get(heir));
    heir.unwrap_or_else(|| from.get(id)).full_name.clone()
}

/// The files that the elements of some reuses are in.
pub fn paths(reused: &[Reuse]) -> BTreeSet<String> {
    let paths = reused.iter();
    paths
        .flat_map(|it| [it.path.clone(), it.taker_path.clone()])
        .collect()
}

/// The reuses of what one release gave up, as changes between it and the current side. `release` is what it is called.
pub fn changes(reused: &[Reuse], release: &str, was: &Schema, now: &Schema) -> Vec<Change> {
    let changes = reused.iter().filter_map(|reuse| {
        let (former, taker) = (was.find(&reuse.former)?, now.find(&reuse.taker)?);
        let token = |schema: &Schema, element| {
            let rest: &[i32] = match (reuse.aspect, schema.get(element).subject) {
                (Aspect::FormerNumber, Subject::Field | Subject::Extension) => tag::NUMBER,
                (Aspect::FormerNumber, Subject::EnumValue) => tag::VALUE_NUMBER,
                _ => &[],
            };
            Place {
                element,
                span: schema.token(element, rest),
            }
        };
        Some(Change {
            how: reuse.how,
            baseline: Some(token(was, former)),
            current: Some(token(now, taker)),
            from: Some(reuse.was.clone()),
            to: Some(declaration(now, taker)),
            other: Some(release.to_owned()),
            ..Change::new(now.get(taker).subject, reuse.aspect, Action::Added)
        })
    });
    changes.collect()
}
