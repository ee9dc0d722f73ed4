//! Which relations does a part of a tree ask for?

use crate::syntax::{Literal, Term, TermKind};

/// Adds the names of the relations that a body asks for, in its aggregates too.
pub(in crate::check) fn relations_of<'a>(body: &'a [Literal], into: &mut Vec<&'a str>) {
    into.extend(body.iter().flat_map(Literal::atoms).map(|atom| atom.name.text.as_str()));
    body.iter().flat_map(Literal::terms).for_each(|term| relations_of_term(term, into));
}

/// The same of a term.
pub(in crate::check) fn relations_of_term<'a>(term: &'a Term, into: &mut Vec<&'a str>) {
    if let TermKind::Aggregate(aggregate) = &term.kind {
        aggregate.target.iter().for_each(|term| relations_of_term(term, into));
        relations_of(&aggregate.body, into);
    }
    term.parts().for_each(|part| relations_of_term(part, into));
}
