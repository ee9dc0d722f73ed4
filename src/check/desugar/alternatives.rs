//! A body with `;`, as several without: of `a, (b ; c)` either `a, b` or `a, c` has to hold.

use crate::syntax::{Body, Literal, LiteralKind};

/// The bodies of which one has to hold; nothing if there are more than `most`, since their number doubles with each `;`.
pub(super) fn alternatives(body: &[Literal], most: usize) -> Option<Vec<Body>> {
    let mut bodies = vec![Body::new()];
    for literal in body {
        let LiteralKind::Or(branches) = &literal.kind else {
            bodies.iter_mut().for_each(|body| body.push(literal.clone()));
            continue;
        };
        let mut choices = Vec::new();
        for branch in branches {
            choices.extend(alternatives(branch, most)?);
        }
        if bodies.len() * choices.len() > most {
            return None;
        }
        bodies = bodies.iter().flat_map(|body| choices.iter().map(|choice| [&body[..], choice].concat())).collect();
    }
    Some(bodies)
}
