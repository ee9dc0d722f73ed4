//! Another second opinion: Soufflé, of the program as `entail emit` writes it.

use crate::engines::Meaning;
use crate::installed_souffle::{InstalledSouffle, Unanswered, line};
use entail::data::Value;
use entail::session::Session;
use std::collections::{BTreeMap, BTreeSet};

/// Whether Soufflé finds the rows that a program means; nothing where the program cannot be said in Soufflé.
pub(crate) fn agrees(souffle: &InstalledSouffle, text: &str, meaning: &Meaning) -> Option<bool> {
    let Meaning::Rows { relations, .. } = meaning else { return None };
    let mut session = Session::new();
    session.tell("program", text).ok()?;
    let written = session.emit_souffle().ok().filter(|written| souffle.has_room_for(written, &session))?;
    let is_written = |name: &String| written.contains(&format!(".decl {name}("));
    // A text may go over several lines, or be an empty one.
    let lines = |rows: &BTreeSet<Vec<Value>>| -> BTreeSet<String> {
        let rows = rows.iter().map(|row| row.iter().map(Value::to_string).collect::<Vec<_>>());
        let written: String = rows.map(|row| line(&row) + "\n").collect();
        written.lines().map(str::to_owned).collect()
    };
    let wanted: BTreeMap<String, BTreeSet<String>> =
        relations.iter().filter(|(name, _)| is_written(name)).map(|(name, rows)| (name.clone(), lines(rows))).collect();
    match souffle.rows(&written, wanted.keys()) {
        Ok(found) => Some(found == wanted),
        Err(unanswered) => (unanswered == Unanswered::Refused).then_some(false),
    }
}
