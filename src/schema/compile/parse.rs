//! Texts and descriptors to files that are ready to be linked; what they import it does not look at.

use std::collections::HashMap;
use std::sync::Arc;

use miette::{LabeledSpan, NamedSource};
use prost_types::FileDescriptorProto;
use protox::file::File;

use super::{Input, Parsed, Stage};
use crate::schema::{editions, image, json_name, token};

impl Stage<'_> {
    /// Reads a text, or takes a descriptor; what is wrong with it is reported.
    pub(super) fn parse(&mut self, input: Input) {
        if input.required {
            self.required.insert(input.path.clone());
        }
        if input.is_descriptor {
            self.decode(input);
            return;
        }
        let path = input.path;
        let text = match String::from_utf8(input.bytes) {
            // protoc skips a byte order mark too; columns are counted behind it.
            Ok(text) => match text.strip_prefix('\u{feff}') {
                Some(rest) => rest.to_owned(),
                None => text,
            },
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let before = error.as_bytes().iter().take(valid);
                let line = before.filter(|byte| **byte == b'\n').count() + 1;
                let message = format!(
                    "`{}` is not valid UTF-8: line {line} (byte {valid}) cannot be read",
                    input.shown
                );
                self.report(&path, message, None, Vec::new(), None);
                return;
            }
        };
        let lowered = editions::lower(&text);
        if let Some(lowered) = &lowered
            && !lowered.edition.is_empty()
            && !editions::KNOWN.contains(&lowered.edition.as_str())
        {
            let source = Arc::new(NamedSource::new(input.shown, text));
            self.report_edition(&path, &lowered.edition, source);
            return;
        }
        let parsed = lowered.as_ref().map_or(&text, |lowered| &lowered.text);
        match File::from_source(&path, parsed) {
            Ok(file) => {
                let mut descriptor = FileDescriptorProto::from(file);
                let restored = lowered.map(|lowered| lowered.restore(&text, &mut descriptor));
                let edition = restored.filter(|edition| !edition.name.is_empty());
                let legacy = edition.is_none() && descriptor.syntax() != "proto3";
                let json_names = json_name::set_aside(&mut descriptor, legacy);
                let imports = descriptor.dependency.clone();
                for import in &mut descriptor.dependency {
                    if let Some(path) = input.imports.get(import) {
                        import.clone_from(path);
                    }
                }
                let source = Arc::new(NamedSource::new(input.shown, text.clone()));
                let import_path = input.import_path;
                let file = Parsed {
                    descriptor,
                    imports,
                    import_path,
                    text,
                    source: Some(source),
                    encoded: None,
                    edition,
                    defaults: HashMap::new(),
                    json_names,
                };
                self.files.insert(path, file);
            }
            Err(error) => {
                let source = Arc::new(NamedSource::new(input.shown, text));
                self.report_all(&error, &path, Some(&source));
                if let Some(lowered) = &lowered {
                    self.move_labels(&path, lowered);
                }
                self.place_at_end(&path);
            }
        }
    }

    /// Takes a file of an image.
    fn decode(&mut self, input: Input) {
        match image::lower(&input.bytes, Some(&input.path), &input.imports) {
            Ok(lowered) => {
                let file = Parsed {
                    descriptor: lowered.descriptor,
                    imports: lowered.imports,
                    import_path: input.import_path,
                    text: String::new(),
                    source: None,
                    encoded: Some(lowered.encoded),
                    edition: lowered.edition,
                    defaults: HashMap::new(),
                    json_names: lowered.json_names,
                };
                self.files.insert(input.path, file);
            }
            Err(error) => {
                let message = format!("`{}`: {error}", input.shown);
                self.report(&input.path, message, None, Vec::new(), None);
            }
        }
    }

    fn report_edition(&mut self, path: &str, edition: &str, source: Arc<NamedSource<String>>) {
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
