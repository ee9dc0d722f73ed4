//! What keeps the house tidy, where a machine can hold it.

use crate::programs::files;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in the order in which data flows; a room uses only those above it.
const ROOMS: [&str; 15] = [
    "data", "report", "formats", "syntax", "check", "emit", "plan", "store", "eval", "explain", "session", "console",
    "commands", "cli", "repl",
];

#[test]
fn rooms_use_only_the_rooms_above_them() {
    for (at, room) in ROOMS.iter().enumerate() {
        for path in sources(&Path::new("src").join(room)) {
            let text = fs::read_to_string(&path).expect("a source");
            let used = text.match_indices("crate::").map(|(start, _)| &text[start + "crate::".len()..]);
            for name in
                used.map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or(""))
            {
                let Some(used) = ROOMS.iter().position(|other| *other == name) else { continue };
                assert!(used <= at, "{} uses `{name}`, which lies below `{room}`", path.display());
            }
        }
    }
}

#[test]
fn every_room_is_listed_in_the_map() {
    let map = fs::read_to_string("src/lib.rs").expect("the map");
    let listed: Vec<&str> = map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert_eq!(listed, ROOMS);
}

#[test]
fn libraries_are_named_in_one_room_each() {
    for (library, room) in [
        ("nom", "syntax"),
        ("annotate_snippets", "report"),
        ("strsim", "report"),
        ("csv::", "formats"),
        ("serde_json", "formats"),
        ("comfy_table", "formats"),
        ("flate2", "formats"),
        ("petgraph", "check"),
        ("jiff", "data"),
        ("regex", "data"),
        ("libffi", "data"),
        ("libloading", "data"),
        ("clap", "cli"),
        ("ctrlc", "console"),
        ("shlex", "commands"),
        ("rustyline", "repl"),
        ("rusqlite", "formats"),
    ] {
        for path in sources(Path::new("src")) {
            let text = fs::read_to_string(&path).expect("a source");
            let names = text.lines().any(|line| line.trim_start().starts_with(&format!("use {library}")));
            let is_json = library == "serde_json" && path.starts_with("src/report");
            assert!(
                !names || path.starts_with(Path::new("src").join(room)) || is_json,
                "{} names {library}",
                path.display()
            );
        }
    }
}

#[test]
fn every_file_says_what_it_is_and_leaves_nothing_behind() {
    for path in ["src", "tests", "benches"].iter().flat_map(|folder| sources(Path::new(folder))) {
        let text = fs::read_to_string(&path).expect("a source");
        assert!(text.starts_with("//!"), "{} does not say what it is", path.display());
        for left in [
            "TO".to_owned() + "DO",
            "FIX".to_owned() + "ME",
            "todo".to_owned() + "!(",
            "unimpl".to_owned() + "emented!(",
        ] {
            assert!(!text.contains(&left), "{} holds a {left}", path.display());
        }
        let name = path.file_stem().expect("a name").to_string_lossy();
        assert!(!["utils", "common", "helpers", "misc"].contains(&&*name), "{} has no one idea", path.display());
    }
}

#[test]
fn links_in_documents_lead_somewhere() {
    for path in [PathBuf::from("README.md")].into_iter().chain(files(Path::new("docs"), "md")) {
        let text = fs::read_to_string(&path).expect("a document");
        let folder = path.parent().expect("a folder");
        for (start, _) in text.match_indices("](") {
            let link = text[start + 2..].split([')', '#']).next().unwrap_or_default();
            let outside = link.is_empty() || link.contains("://");
            assert!(outside || folder.join(link).exists(), "{} links to {link}", path.display());
        }
    }
}

/// Where arithmetic wraps or is left unchecked, each place meaning it.
const WRAPPING: [(&str, &str); 12] = [
    ("src/data/column.rs", "a word below a frame is far above it"),
    ("src/data/dictionary.rs", "a hash"),
    ("src/data/kernels/arithmetic.rs", "the remainder of the least number and -1, which is 0"),
    ("src/data/kernels/souffle.rs", "Soufflé's numbers wrap; a hash"),
    ("src/data/numbers.rs", "a hash"),
    ("src/data/symbols.rs", "what lies before the first text is none"),
    ("src/formats/fields.rs", "eight bytes are compared at once"),
    ("src/formats/number.rs", "eight digits are read at once"),
    ("src/store/bits.rs", "a place before the first is none"),
    ("src/store/domain.rs", "numbers move from one base to another, either of which may be less"),
    ("src/store/sort.rs", "a range before the first is none"),
    ("src/syntax/souffle/literals.rs", "a minus before an unsigned number wraps it around"),
];

#[test]
fn overflow_is_looked_for_in_every_build() {
    let manifest = fs::read_to_string("Cargo.toml").expect("the manifest");
    let profiles: Vec<&str> = manifest.split("\n[").filter(|table| table.starts_with("profile.")).collect();
    let release = profiles.iter().find(|table| table.starts_with("profile.release]")).expect("a release profile");
    assert!(release.contains("overflow-checks = true"), "{release}");
    assert!(profiles.iter().all(|table| !table.contains("overflow-checks = false")), "{profiles:?}");
    // Options from elsewhere count too: this test is built as the library is.
    let one_more = std::panic::catch_unwind(|| std::hint::black_box(i64::MAX) + std::hint::black_box(1));
    assert!(one_more.is_err(), "an overflow went by");
}

#[test]
fn arithmetic_wraps_only_where_it_is_meant_to() {
    let mut wrapping = Vec::new();
    for path in sources(Path::new("src")) {
        if path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests")) {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source");
        let built = text.split("#[cfg(test)]").next().unwrap_or_default();
        if ["wrapping_", "overflowing_", "unchecked_", "Wrapping("].iter().any(|word| built.contains(word)) {
            wrapping.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
    wrapping.sort();
    assert_eq!(wrapping, WRAPPING.map(|(path, _)| path));
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = files(folder, "rs");
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders.iter().for_each(|folder| found.extend(sources(folder)));
    found
}
