//! A model as text: what protobuf would refuse is printed as the nearest thing that it accepts.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use crate::model::{Body, Custom, Extension, Field, Home, Label, Model, Ty, Type};

/// Path of the file that declares the custom options.
pub(crate) const OPTIONS: &str = "acme/options.proto";
const OPTIONS_TEXT: &str = r#"syntax = "proto3";
package acme.options;
import "google/protobuf/descriptor.proto";
message Limits {
  map<string, int32> of = 1;
}
extend google.protobuf.FieldOptions {
  string field_owner = 50001;
  Limits field_limits = 50002;
}
extend google.protobuf.MessageOptions {
  string message_owner = 50001;
  Limits message_limits = 50002;
}
extend google.protobuf.EnumOptions {
  string enum_owner = 50001;
  Limits enum_limits = 50002;
}
"#;

/// The highest number of a field.
const MAX_FIELD: i32 = 536_870_911;

/// The files of a model, by path.
pub(crate) fn print(model: &Model) -> BTreeMap<String, String> {
    let names = Names::new(model);
    let mut files = BTreeMap::new();
    files.insert(OPTIONS.to_owned(), OPTIONS_TEXT.to_owned());
    for file in 0..model.files.len() {
        if model.files[file].gone {
            continue;
        }
        let mut printer = Printer {
            model,
            names: &names,
            file,
            body: String::new(),
            depth: 0,
            imports: BTreeSet::new(),
        };
        printer.declarations();
        let text = printer.finish();
        files.insert(names.paths[file].clone(), text);
    }
    files
}

/// The names that things have in the text: their own, with a number behind where another thing has it already.
struct Names {
    paths: Vec<String>,
    types: Vec<String>,
    full: Vec<String>,
    services: Vec<String>,
    extensions: Vec<(String, i32)>,
    /// Names of fields, oneofs and values by the type that declares them.
    members: Vec<Vec<String>>,
    oneofs: Vec<Vec<String>>,
    /// The message an extension extends; `None` for the options of fields.
    extendees: Vec<Option<usize>>,
}

impl Names {
    fn new(model: &Model) -> Self {
        let mut taken = BTreeSet::new();
        let mut paths = BTreeSet::from([OPTIONS.to_owned()]);
        let mut names = Self {
            paths: Vec::new(),
            types: vec![String::new(); model.types.len()],
            full: vec![String::new(); model.types.len()],
            services: vec![String::new(); model.services.len()],
            extensions: vec![(String::new(), 0); model.extensions.len()],
            members: vec![Vec::new(); model.types.len()],
            oneofs: vec![Vec::new(); model.types.len()],
            extendees: vec![None; model.extensions.len()],
        };
        for file in &model.files {
            let stem = file.path.trim_end_matches(".proto");
            let mut path = file.path.clone();
            let mut count = 1;
            while !file.gone && !paths.insert(path.clone()) {
                count += 1;
                path = format!("{stem}{count}.proto");
            }
            names.paths.push(path);
        }
        for (index, file) in model.files.iter().enumerate() {
            if !file.gone {
                names.scope(model, Home::File(index), &file.package, &mut taken);
            }
        }
        let mut numbers = BTreeSet::new();
        for (index, extension) in model.extensions.iter().enumerate() {
            let ranges = ranges_of(model, extension.extendee);
            // Small ranges would be full after a few extensions.
            let wide = ranges.iter().find(|(start, end)| end - start >= 50);
            let extendee = wide.map(|_| extension.extendee);
            let visible = extendee.filter(|&extendee| {
                sees(
                    model,
                    model.file_of(extension.home),
                    model.types[extendee].home,
                )
            });
            names.extendees[index] = visible;
            let start = match (visible, wide) {
                (Some(_), Some(&(start, _))) => start,
                _ => 50_100,
            };
            let mut number = start + extension.number;
            while !numbers.insert((visible, number)) {
                number += 1;
            }
            names.extensions[index].1 = number;
        }
        names
    }

    fn scope(&mut self, model: &Model, home: Home, scope: &str, taken: &mut BTreeSet<String>) {
        for (index, declared) in model.types.iter().enumerate() {
            if declared.home != home || declared.gone {
                continue;
            }
            let name = claim(taken, scope, &declared.name);
            let full = join(scope, &name);
            match &declared.body {
                Body::Message { fields, oneofs, .. } => {
                    let own = fields.iter().map(|field| claim(taken, &full, &field.name));
                    self.members[index] = own.collect();
                    let own = oneofs.iter().map(|oneof| claim(taken, &full, oneof));
                    self.oneofs[index] = own.collect();
                }
                // The values of an enum are named in the scope that holds the enum.
                Body::Enum { values } => {
                    let own = values.iter().map(|value| claim(taken, scope, &value.name));
                    self.members[index] = own.collect();
                }
            }
            (self.types[index], self.full[index]) = (name, full.clone());
            self.scope(model, Home::Message(index), &full, taken);
        }
        if let Home::File(file) = home {
            for (index, service) in model.services.iter().enumerate() {
                if service.file == file && !service.gone {
                    self.services[index] = claim(taken, scope, &service.name);
                }
            }
        }
        for (index, extension) in model.extensions.iter().enumerate() {
            if extension.home == home && !extension.gone {
                self.extensions[index].0 = claim(taken, scope, &extension.name);
            }
        }
    }
}

fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() {
        name.to_owned()
    } else {
        format!("{scope}.{name}")
    }
}

fn claim(taken: &mut BTreeSet<String>, scope: &str, name: &str) -> String {
    let mut chosen = name.to_owned();
    let mut count = 1;
    while !taken.insert(join(scope, &chosen)) {
        count += 1;
        chosen = format!("{name}{count}");
    }
    chosen
}

/// Whether a file can name what stands in a home: files import only files before them, so that no cycle comes about.
fn sees(model: &Model, from: usize, home: Home) -> bool {
    model.is_there(home) && model.file_of(home) <= from
}

/// The extension ranges of a message as they are printed.
fn ranges_of(model: &Model, message: usize) -> Vec<(i32, i32)> {
    let Some(declared) = model.types.get(message) else {
        return Vec::new();
    };
    let Body::Message {
        fields, extensions, ..
    } = &declared.body
    else {
        return Vec::new();
    };
    if declared.gone {
        return Vec::new();
    }
    let numbers = field_numbers(fields);
    disjoint(extensions, &numbers, &[])
}

/// The numbers of fields as they are printed: each once.
fn field_numbers(fields: &[Field]) -> Vec<i32> {
    let mut taken = BTreeSet::new();
    let unique = |field: &Field| {
        let mut number = field.number.clamp(1, MAX_FIELD);
        while !taken.insert(number) {
            number = number % 1000 + 1;
        }
        number
    };
    fields.iter().map(unique).collect()
}

/// The ranges that hold none of the numbers, and overlap neither each other nor `others`.
fn disjoint(ranges: &[(i32, i32)], numbers: &[i32], others: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut kept: Vec<(i32, i32)> = Vec::new();
    for &(start, end) in ranges {
        let overlaps = |&(from, to): &(i32, i32)| start <= to && from <= end;
        let used = numbers.iter().any(|number| (start..=end).contains(number));
        if start <= end && !used && !kept.iter().chain(others).any(overlaps) {
            kept.push((start, end));
        }
    }
    kept
}

struct Printer<'a> {
    model: &'a Model,
    names: &'a Names,
    file: usize,
    body: String,
    depth: usize,
    imports: BTreeSet<String>,
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        let indent = if self.model.style.tabs { "\t" } else { "  " };
        self.body.push_str(&indent.repeat(self.depth));
        self.body.push_str(text);
        self.body.push('\n');
    }

    fn comment(&mut self, text: &str) {
        for line in text.lines() {
            self.line(&format!("// {line}"));
        }
    }

    fn member(&mut self, comment: &str, text: &str) {
        self.comment(comment);
        let wide = if self.model.style.wide {
            "/* é→ü */ "
        } else {
            ""
        };
        self.line(&format!("{wide}{text}"));
    }

    fn finish(self) -> String {
        let file = &self.model.files[self.file];
        let mut head = String::new();
        let _ = writeln!(
            head,
            "syntax = \"{}\";",
            if file.proto3 { "proto3" } else { "proto2" }
        );
        for line in file.comment.lines() {
            let _ = writeln!(head, "// {line}");
        }
        if !file.package.is_empty() {
            let _ = writeln!(head, "package {};", file.package);
        }
        let mut imports: BTreeMap<String, bool> =
            self.imports.into_iter().map(|path| (path, false)).collect();
        if let Some((other, public)) = file.import
            && other < self.file
            && !self.model.files[other].gone
        {
            imports.insert(self.names.paths[other].clone(), public);
        }
        for (path, public) in imports {
            let modifier = if public { "public " } else { "" };
            let _ = writeln!(head, "import {modifier}\"{path}\";");
        }
        let options: BTreeMap<_, _> = file.options.iter().copied().collect();
        for (name, value) in options {
            let _ = writeln!(head, "option {name} = {value};");
        }
        let text = head + &self.body;
        if self.model.style.crlf {
            text.replace('\n', "\r\n")
        } else {
            text
        }
    }

    fn declarations(&mut self) {
        self.types(Home::File(self.file));
        for (index, service) in self.model.services.iter().enumerate() {
            if service.file != self.file || service.gone {
                continue;
            }
            self.comment(&service.comment);
            self.line(&format!("service {} {{", self.names.services[index]));
            self.depth += 1;
            let mut taken = BTreeSet::new();
            for method in &service.methods {
                let name = claim(&mut taken, "", &method.name);
                let stream = |streams: bool| if streams { "stream " } else { "" };
                let text = format!(
                    "rpc {name}({}{}) returns ({}{}){}",
                    stream(method.streams.0),
                    self.message_name(method.request),
                    stream(method.streams.1),
                    self.message_name(method.response),
                    if method.deprecated {
                        " { option deprecated = true; }"
                    } else {
                        ";"
                    }
                );
                self.member(&method.comment, &text);
            }
            self.depth -= 1;
            self.line("}");
        }
    }

    fn types(&mut self, home: Home) {
        for (index, declared) in self.model.types.iter().enumerate() {
            if declared.home == home && !declared.gone {
                self.declared(index, declared);
            }
        }
        for (index, extension) in self.model.extensions.iter().enumerate() {
            if extension.home == home && !extension.gone {
                self.extension(index, extension);
            }
        }
    }

    fn declared(&mut self, index: usize, declared: &Type) {
        let (keyword, kind) = match declared.body {
            Body::Message { .. } => ("message", "message"),
            Body::Enum { .. } => ("enum", "enum"),
        };
        self.comment(&declared.comment);
        self.line(&format!("{keyword} {} {{", self.names.types[index]));
        self.depth += 1;
        if declared.deprecated {
            self.line("option deprecated = true;");
        }
        if let Some(custom) = declared.custom {
            let option = self.custom(kind, custom);
            self.line(&format!("option {option};"));
        }
        match &declared.body {
            Body::Message { .. } => self.message(index, declared),
            Body::Enum { .. } => self.enumeration(index, declared),
        }
        self.depth -= 1;
        self.line("}");
    }

    fn message(&mut self, index: usize, declared: &Type) {
        let Body::Message { fields, oneofs, .. } = &declared.body else {
            return;
        };
        let numbers = field_numbers(fields);
        let extensions = ranges_of(self.model, index);
        let reserved = declared.reserved.iter().copied();
        let reserved: Vec<(i32, i32)> = reserved
            .filter(|(start, end)| (1..=MAX_FIELD).contains(start) && *end <= MAX_FIELD)
            .collect();
        let reserved = disjoint(&reserved, &numbers, &extensions);
        self.ranges("extensions", &extensions, MAX_FIELD);
        self.ranges("reserved", &reserved, MAX_FIELD);
        self.reserved_names(declared, &self.names.members[index].clone());
        let mut opened = BTreeSet::new();
        let mut json: HashMap<String, usize> = HashMap::new();
        for (position, name) in self.names.members[index].iter().enumerate() {
            json.insert(camel(name), position);
        }
        for (position, field) in fields.iter().enumerate() {
            let printed = |position: usize| &self.names.members[index][position];
            let free = |name: &&String| json.get(*name).is_none_or(|&known| known == position);
            let own = field.json_name.as_ref().filter(free);
            if let Some(name) = own {
                json.insert(name.clone(), position);
            }
            match field.oneof.filter(|&oneof| oneof < oneofs.len()) {
                None => {
                    let text = self.field(field, printed(position), numbers[position], own, false);
                    self.member(&field.comment, &text);
                }
                Some(oneof) => {
                    if !opened.insert(oneof) {
                        continue;
                    }
                    self.line(&format!("oneof {} {{", self.names.oneofs[index][oneof]));
                    self.depth += 1;
                    for (position, member) in fields.iter().enumerate() {
                        if member.oneof == Some(oneof) {
                            let name = &self.names.members[index][position];
                            let text = self.field(member, name, numbers[position], None, true);
                            self.member(&member.comment, &text);
                        }
                    }
                    self.depth -= 1;
                    self.line("}");
                }
            }
        }
        self.types(Home::Message(index));
    }

    fn enumeration(&mut self, index: usize, declared: &Type) {
        let Body::Enum { values } = &declared.body else {
            return;
        };
        let proto3 = self.model.files[self.file].proto3;
        let mut numbers: Vec<i32> = values.iter().map(|value| value.number).collect();
        if let (true, Some(first)) = (proto3, numbers.first_mut()) {
            *first = 0;
        }
        let different: BTreeSet<i32> = numbers.iter().copied().collect();
        if different.len() < numbers.len() {
            self.line("option allow_alias = true;");
        }
        let reserved = disjoint(&declared.reserved, &numbers, &[]);
        self.ranges("reserved", &reserved, i32::MAX);
        self.reserved_names(declared, &self.names.members[index].clone());
        for (position, value) in values.iter().enumerate() {
            let options = if value.deprecated {
                " [deprecated = true]"
            } else {
                ""
            };
            let name = &self.names.members[index][position];
            let text = format!("{name} = {}{options};", numbers[position]);
            self.member(&value.comment, &text);
        }
    }

    fn ranges(&mut self, keyword: &str, ranges: &[(i32, i32)], max: i32) {
        let spelled: Vec<String> = ranges
            .iter()
            .map(|&(start, end)| match end {
                end if end == start => start.to_string(),
                end if end == max => format!("{start} to max"),
                end => format!("{start} to {end}"),
            })
            .collect();
        if !spelled.is_empty() {
            self.line(&format!("{keyword} {};", spelled.join(", ")));
        }
    }

    fn reserved_names(&mut self, declared: &Type, members: &[String]) {
        let names: BTreeSet<String> = declared
            .reserved_names
            .iter()
            .filter(|name| !members.contains(name))
            .map(|name| format!("\"{name}\""))
            .collect();
        if !names.is_empty() {
            let names: Vec<String> = names.into_iter().collect();
            self.line(&format!("reserved {};", names.join(", ")));
        }
    }

    fn field(
        &mut self,
        field: &Field,
        name: &str,
        number: i32,
        json_name: Option<&String>,
        in_oneof: bool,
    ) -> String {
        let proto3 = self.model.files[self.file].proto3;
        let (ty, default) = self.ty(field.ty, in_oneof);
        let is_map = ty.starts_with("map<");
        let label = match field.label {
            _ if in_oneof || is_map => "",
            Label::Repeated => "repeated ",
            Label::Required if !proto3 => "required ",
            Label::None | Label::Required if proto3 => "",
            Label::None | Label::Required | Label::Optional => "optional ",
        };
        if field.ty == Ty::Group && !proto3 && !in_oneof {
            return format!("{label}group {}Group = {number} {{ }}", capital(name));
        }
        let mut options = Vec::new();
        if let Some(name) = json_name {
            options.push(format!("json_name = \"{name}\""));
        }
        let packable = default.is_some() && !matches!(ty.as_str(), "string" | "bytes");
        if let (Some(packed), true) = (field.packed, packable && label == "repeated ") {
            options.push(format!("packed = {packed}"));
        }
        let singular = !is_map && label != "repeated ";
        if let (true, Some(default)) = (field.default && !proto3 && singular, default) {
            options.push(format!("default = {default}"));
        }
        if field.deprecated {
            options.push("deprecated = true".to_owned());
        }
        if let Some(custom) = field.custom {
            options.push(self.custom("field", custom));
        }
        let options = if options.is_empty() {
            String::new()
        } else {
            format!(" [{}]", options.join(", "))
        };
        format!("{label}{ty} {name} = {number}{options};")
    }

    fn extension(&mut self, index: usize, extension: &Extension) {
        let (name, number) = self.names.extensions[index].clone();
        let extendee = if let Some(message) = self.names.extendees[index] {
            self.import(message);
            format!(".{}", self.names.full[message])
        } else {
            self.imports
                .insert("google/protobuf/descriptor.proto".to_owned());
            "google.protobuf.FieldOptions".to_owned()
        };
        let proto3 = self.model.files[self.file].proto3;
        // A proto3 file may extend options only.
        let (extendee, number) = if proto3 && self.names.extendees[index].is_some() {
            self.imports
                .insert("google/protobuf/descriptor.proto".to_owned());
            let position = i32::try_from(index).unwrap_or_default();
            ("google.protobuf.FieldOptions".to_owned(), 51_000 + position)
        } else {
            (extendee, number)
        };
        let (ty, _) = self.ty(extension.ty, true);
        let label = match extension.label {
            Label::Repeated => "repeated ",
            Label::None if proto3 => "",
            _ => "optional ",
        };
        self.line(&format!("extend {extendee} {{"));
        self.depth += 1;
        self.member("", &format!("{label}{ty} {name} = {number};"));
        self.depth -= 1;
        self.line("}");
    }

    /// The type as text, and a default value where it can have one.
    fn ty(&mut self, ty: Ty, in_oneof: bool) -> (String, Option<String>) {
        match ty {
            Ty::Scalar(name) => (name.to_owned(), Some(some_value(name).to_owned())),
            Ty::Map(_, value) if in_oneof => self.ty(Ty::Scalar(value), true),
            Ty::Map(key, value) => (format!("map<{key}, {value}>"), None),
            Ty::MapNamed(_, value) if in_oneof => self.ty(Ty::Named(value), true),
            Ty::MapNamed(key, value) => {
                let (value, _) = self.ty(Ty::Named(value), true);
                (format!("map<{key}, {value}>"), None)
            }
            Ty::Group => ("bytes".to_owned(), Some("\"b\"".to_owned())),
            Ty::Named(index) => {
                if !self.can_name(index) {
                    return self.ty(Ty::Scalar("string"), in_oneof);
                }
                self.import(index);
                let default = match &self.model.types[index].body {
                    Body::Enum { .. } => self.names.members[index].first().cloned(),
                    Body::Message { .. } => None,
                };
                (format!(".{}", self.names.full[index]), default)
            }
        }
    }

    fn can_name(&self, index: usize) -> bool {
        let Some(declared) = self.model.types.get(index) else {
            return false;
        };
        // A proto3 message cannot hold a closed enum.
        let closed = matches!(declared.body, Body::Enum { .. })
            && self.model.files[self.file].proto3
            && !self.model.files[self.model.file_of(declared.home)].proto3;
        !declared.gone && !closed && sees(self.model, self.file, declared.home)
    }

    fn message_name(&mut self, index: usize) -> String {
        let is_message =
            |declared: &Type| matches!(declared.body, Body::Message { .. }) && !declared.gone;
        if self.model.types.get(index).is_some_and(is_message) && self.can_name(index) {
            self.import(index);
            format!(".{}", self.names.full[index])
        } else {
            self.imports
                .insert("google/protobuf/empty.proto".to_owned());
            "google.protobuf.Empty".to_owned()
        }
    }

    fn import(&mut self, declared: usize) {
        let other = self.model.file_of(self.model.types[declared].home);
        if other != self.file {
            self.imports.insert(self.names.paths[other].clone());
        }
    }

    fn custom(&mut self, kind: &str, custom: Custom) -> String {
        self.imports.insert(OPTIONS.to_owned());
        match custom {
            Custom::Owner(owner) => format!("(acme.options.{kind}_owner) = \"{owner}\""),
            Custom::Limits(limits) => {
                let entries: Vec<String> = limits
                    .iter()
                    .map(|(name, number)| format!("of {{ key: \"{name}\" value: {number} }}"))
                    .collect();
                let entries = entries.join(" ");
                format!("(acme.options.{kind}_limits) = {{ {entries} }}")
            }
        }
    }
}

fn some_value(scalar: &str) -> &'static str {
    match scalar {
        "string" | "bytes" => "\"b\"",
        "bool" => "true",
        "float" | "double" => "1.5",
        _ => "7",
    }
}

fn camel(name: &str) -> String {
    name.split('_')
        .enumerate()
        .map(|(index, word)| {
            if index == 0 {
                word.to_owned()
            } else {
                capital(word)
            }
        })
        .collect()
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
