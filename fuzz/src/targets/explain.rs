//! What holds has a proof that the checker accepts, and what does not hold has none.

use super::evaluation::thrown;
use crate::generator::Dice;
use entail::check::{RelationId, Role};
use entail::data::Value;
use entail::explain::{Cut, Form};
use entail::session::Session;

/// So many rows of each relation are asked for.
const ROWS: usize = 12;

pub(super) fn run(bytes: &[u8]) {
    let text = thrown(bytes);
    let mut session = Session::new();
    session.tell("program", &text).unwrap_or_else(|failure| panic!("{text}\n{failure:?}"));
    if session.evaluate_all().is_err() {
        return;
    }
    let relations: Vec<RelationId> = session.program().relations.ids().collect();
    for relation in relations {
        let described = &session.program().relations[relation];
        if matches!(described.role, Role::CameUp(_)) {
            continue;
        }
        let name = described.name.clone();
        let rows: Vec<Vec<Value>> = session.relation_rows(relation).rows(session.symbols()).collect();
        for row in rows.iter().take(ROWS) {
            let explained = session.why_row(relation, row).unwrap_or_else(|failure| panic!("{text}\n{failure:?}"));
            let explained = explained.unwrap_or_else(|| panic!("{text}\n{name}{row:?} holds, and has no proof"));
            let verdict = session.check_proof(&explained);
            assert_eq!(verdict, Ok(()), "{text}\n{name}{row:?}\n{:?}", explained.proof);
            assert!(!explained.show(Form::Text, &session, Cut::default(), ".why").is_empty());
        }
        for row in strangers(&rows, &mut Dice::told(bytes)) {
            let explained = session.why_row(relation, &row).unwrap_or_else(|failure| panic!("{text}\n{failure:?}"));
            assert!(explained.is_none(), "{text}\n{name}{row:?} does not hold, and has the proof {explained:?}");
        }
    }
}

/// Rows put together from values of others, that are not among them.
fn strangers(rows: &[Vec<Value>], dice: &mut Dice) -> Vec<Vec<Value>> {
    let Some(width) = rows.first().map(Vec::len) else { return Vec::new() };
    let made = (0..ROWS).map(|_| (0..width).map(|column| dice.pick(rows)[column].clone()).collect::<Vec<Value>>());
    made.filter(|row| !rows.contains(row)).collect()
}
