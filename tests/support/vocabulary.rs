//! Every situation that the vocabulary knows, for tests that hold the pages to it.

use std::collections::BTreeSet;

use protopact::change::{Action, Aspect, Subject, VOCABULARY};
use protopact::rule::Catalogue;
use protopact::rule::matcher::Pattern;

/// One thing that can happen, as far as pages can tell things apart.
pub(crate) struct Possible {
    pub(crate) triple: (Subject, Aspect, Action),
    pub(crate) how: &'static str,
    pub(crate) facet: Option<String>,
    pub(crate) conditions: Vec<&'static str>,
}

/// Every triple, in every way, with each facet that a page names and one that none names, and under each combination of
/// the conditions that the pages naming the triple use.
pub(crate) fn possible(catalogue: &Catalogue) -> Vec<Possible> {
    let mut all = Vec::new();
    for triple in triples() {
        let ways = match protopact::change::ways(triple.0, triple.1, triple.2) {
            Some([]) | None => &[""],
            Some(ways) => ways,
        };
        let named: Vec<&Pattern> = patterns(catalogue)
            .filter(|pattern| pattern.triples.contains(&triple))
            .collect();
        let facets = if triple.1 == Aspect::Option {
            let facets: BTreeSet<&String> = named.iter().flat_map(|known| &known.facets).collect();
            let mut facets: Vec<Option<String>> = facets
                .into_iter()
                .map(|facet| Some(facet.clone()))
                .collect();
            facets.push(Some("(a.facet.that.no.page.names)".to_owned()));
            facets
        } else {
            vec![None]
        };
        let used: BTreeSet<&str> = named
            .iter()
            .flat_map(|known| known.required.iter().chain(&known.excluded))
            .map(String::as_str)
            .collect();
        let used: Vec<&'static str> = protopact::change::CONDITIONS
            .iter()
            .map(|condition| condition.name)
            .filter(|name| used.contains(name))
            .collect();
        for how in ways {
            for facet in &facets {
                for conditions in subsets(&used) {
                    all.push(Possible {
                        triple,
                        how,
                        facet: facet.clone(),
                        conditions,
                    });
                }
            }
        }
    }
    all
}

/// Every triple of the vocabulary.
fn triples() -> impl Iterator<Item = (Subject, Aspect, Action)> {
    VOCABULARY.iter().flat_map(|entry| {
        entry.subjects.iter().flat_map(move |subject| {
            entry
                .actions
                .iter()
                .map(move |(action, _)| (*subject, entry.aspect, *action))
        })
    })
}

/// Every pattern of the pages.
fn patterns(catalogue: &Catalogue) -> impl Iterator<Item = &Pattern> {
    let forbidden = catalogue.rules().iter().flat_map(|rule| &rule.patterns);
    forbidden.chain(catalogue.allowances().iter().map(|entry| &entry.pattern))
}

fn subsets(words: &[&'static str]) -> Vec<Vec<&'static str>> {
    let mut all = vec![Vec::new()];
    for word in words {
        let with: Vec<Vec<_>> = all
            .iter()
            .map(|subset| [subset.as_slice(), &[*word]].concat())
            .collect();
        all.extend(with);
    }
    all
}
