//! A failing program made small.
//!
//! In: the text of a program and what is wrong with it, as a predicate. Out: a text for which the predicate still
//! holds, and from which no statement, condition or branch can be taken without losing that.

use entail::report::SourceId;
use entail::syntax::{Ast, Body, ItemKind, LiteralKind, TermKind, parse, print};

/// The smallest text that leaving things out leads to.
pub(crate) fn shrink(text: &str, fails: impl Fn(&str) -> bool) -> String {
    let (mut ast, _) = parse(SourceId::default(), text);
    if !fails(&print(&ast)) {
        return text.to_owned();
    }
    let mut at = 0;
    // From the front again after each success: what was needed may not be any more.
    while let Some(smaller) = without(&ast, at) {
        if fails(&print(&smaller)) {
            ast = smaller;
            at = 0;
        } else {
            at += 1;
        }
    }
    print(&ast)
}

/// The tree without its `at`th part: whole statements from the last to the first, then conditions.
fn without(ast: &Ast, at: usize) -> Option<Ast> {
    let mut smaller = ast.clone();
    if at < ast.items.len() {
        smaller.items.remove(ast.items.len() - 1 - at);
        return Some(smaller);
    }
    let mut left = at - ast.items.len();
    let removed = smaller.items.iter_mut().any(|item| match &mut item.kind {
        ItemKind::Rule(rule) => remove(&mut rule.body, &mut left),
        ItemKind::Constraint(body) | ItemKind::Query(body) => remove(body, &mut left),
        ItemKind::Subsumption(subsumption) => remove(&mut subsumption.body, &mut left),
        _ => false,
    });
    removed.then_some(smaller)
}

/// Takes away the part that `left` counts down to, if the body has so many. A body keeps at least one condition.
fn remove(body: &mut Body, left: &mut usize) -> bool {
    if body.len() > 1 {
        if *left < body.len() {
            body.remove(*left);
            return true;
        }
        *left -= body.len();
    }
    for index in 0..body.len() {
        match &mut body[index].kind {
            LiteralKind::Or(branches) => {
                if *left < branches.len() {
                    let branch = branches.swap_remove(*left);
                    body.splice(index..=index, branch);
                    return true;
                }
                *left -= branches.len();
                if branches.iter_mut().any(|branch| remove(branch, left)) {
                    return true;
                }
            }
            LiteralKind::Compare { left: one, right: other, .. } => {
                for side in [one, other] {
                    if let TermKind::Aggregate(aggregate) = &mut side.kind
                        && remove(&mut aggregate.body, left)
                    {
                        return true;
                    }
                }
            }
            LiteralKind::Atom(_) | LiteralKind::Not(_) => {}
        }
    }
    false
}

#[test]
fn what_does_not_matter_is_left_out() {
    let text = "p(1). p(2). q(X) :- p(X), X > 1, not r(X), (s(X) ; p(X), X < 9). r(3). s(X) :- r(X).";
    let small = shrink(text, |text| text.contains("not r(X)") && text.contains("X < 9"));
    assert_eq!(small.trim(), "q(X) :- not r(X), X < 9.");
}
