//! What was parsed to files that are ready to be linked, each with the imports that it has on this side; what is wrong with a
//! text is reported here.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use miette::{LabeledSpan, NamedSource};

use super::text::Outcome;
use super::{Input, Parsed, Source, Stage};
use crate::schema::{editions, image, token};

impl Stage<'_> {
    /// Takes a text or a descriptor; what is wrong with it is reported.
    pub(super) fn take(&mut self, input: Input) {
        if input.required {
            self.required.insert(input.path.clone());
        }
        let (path, shown) = (input.path, input.shown);
        let text = match &input.source {
            Source::Text(text) => text,
            Source::Descriptor(bytes) => {
                return self.decode(&path, &shown, input.import_path, bytes, &input.imports);
            }
        };
        let named = || Arc::new(NamedSource::new(shown.clone(), Arc::clone(&text.text)));
        match &text.outcome {
            Outcome::Parsed(parsed) => {
                let mut descriptor = parsed.descriptor.clone();
                let imports = descriptor.dependency.clone();
                for import in &mut descriptor.dependency {
                    if let Some(path) = input.imports.get(import) {
                        import.clone_from(path);
                    }
                }
                let file = Parsed {
                    descriptor,
                    places: Arc::clone(&parsed.places),
                    is_placed: false,
                    imports,
                    import_path: input.import_path,
                    text: Arc::clone(&text.text),
                    shown,
                    encoded: None,
                    edition: parsed.edition.clone(),
                    defaults: HashMap::new(),
                    json_names: parsed.json_names.clone(),
                };
                self.files.insert(path, file);
            }
            Outcome::Wrong(error, lowered) => {
                self.report_all(error, &path, Some(&named()));
                if let Some(lowered) = lowered {
                    self.move_labels(&path, lowered);
                }
                self.place_at_end(&path);
            }
            Outcome::UnknownEdition(edition) => self.report_edition(&path, edition, named()),
            Outcome::NotUtf8 { byte, line } => {
                let message = format!(
                    "`{shown}` is not valid UTF-8: line {line} (byte {byte}) cannot be read"
                );
                self.report(&path, message, None, Vec::new(), None);
            }
        }
    }

    /// Takes a file of an image.
    fn decode(
        &mut self,
        path: &str,
        shown: &str,
        import_path: String,
        bytes: &[u8],
        imports: &BTreeMap<String, String>,
    ) {
        match image::lower(bytes, Some(path), imports) {
            Ok(lowered) => {
                let file = Parsed {
                    descriptor: lowered.descriptor,
                    places: Arc::default(),
                    is_placed: true,
                    imports: lowered.imports,
                    import_path,
                    text: Arc::default(),
                    shown: shown.to_owned(),
                    encoded: Some(lowered.encoded),
                    edition: lowered.edition,
                    defaults: HashMap::new(),
                    json_names: lowered.json_names,
                };
                self.files.insert(path.to_owned(), file);
            }
            Err(error) => {
                let message = format!("`{shown}`: {error}");
                self.report(path, message, None, Vec::new(), None);
            }
        }
    }

    fn report_edition(&mut self, path: &str, edition: &str, source: Arc<NamedSource<Arc<str>>>) {
        let value = token::tokens(source.inner()).nth(2);
        let value = value.map(|value| value.range());
        let label = |value| LabeledSpan::new_with_span(Some("not known".to_owned()), value);
        let labels = value.map(label).into_iter().collect();
        let message = format!("unknown edition `{edition}`");
        let help = format!("known: `{}`", editions::KNOWN.join("`, `"));
        self.report(path, message, Some(help), labels, Some(source));
    }

    /// Errors of a lowered text point into it; people see the original.
    fn move_labels(&mut self, name: &str, lowered: &editions::Lowered) {
        for label in self
            .problems
            .get_mut(name)
            .into_iter()
            .flatten()
            .flat_map(|problem| &mut problem.labels)
        {
            let (start, end) = (label.offset(), label.offset() + label.len());
            let (start, end) = (lowered.original(start), lowered.original(end));
            let text = label.label().map(str::to_owned);
            *label = LabeledSpan::new_with_span(text, (start, end.saturating_sub(start)));
        }
    }

    /// What the parser gives no place is missing at the end.
    fn place_at_end(&mut self, name: &str) {
        for problem in self.problems.get_mut(name).into_iter().flatten() {
            if let (true, Some(source)) = (problem.labels.is_empty(), &problem.source) {
                let end = source.inner().trim_end().len();
                problem
                    .labels
                    .push(LabeledSpan::new_with_span(None, (end, 0)));
            }
        }
    }
}
