//! Programs with mistakes: `tests/errors/<stage>/<code>-<slug>.dl`, drawn, against one snapshot a stage.
//!
//! A file's name says which code must be among what is said of it.

use crate::programs::{files, folders};
use entail::report::{Diagnostic, Sources, Style, draw};
use entail::session::{Failure, Input, LoadOptions, Session};
use std::path::Path;

#[test]
fn mistakes_are_drawn_where_they_are() {
    for stage in folders(Path::new("tests/errors")) {
        let name = stage.file_name().expect("a stage has a name").to_string_lossy().into_owned();
        let drawn: Vec<String> = files(&stage, "dl").iter().map(|path| show(path)).collect();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("errors-{name}"), drawn.join("\n"));
        });
    }
}

fn show(path: &Path) -> String {
    let name = path.file_stem().expect("a program has a name").to_string_lossy().into_owned();
    let (sources, said) = complaints(path);
    let code = name.split('-').next().expect("a name begins with a code");
    assert!(said.iter().any(|diagnostic| diagnostic.code.id() == code), "{name}: {said:#?}");
    format!("── {name} ──\n{}", draw(&sources, &said, Style::default()))
}

fn complaints(path: &Path) -> (Sources, Vec<Diagnostic>) {
    let mut session = Session::new();
    let said = match session.load(&[Input::Path(path.to_path_buf())], &LoadOptions::default()) {
        Ok(changed) => changed.warnings,
        Err(Failure::Diagnostics(diagnostics)) => diagnostics,
        Err(Failure::Stopped(stopped)) => vec![session.describe(&stopped)],
    };
    (session.sources().clone(), said)
}
