//! What is wrong with a part of a proof, if something is.

/// What is wrong, the node aside.
pub(super) type Verdict<T> = Result<T, &'static str>;

pub(super) fn ensure(holds: bool, what: &'static str) -> Verdict<()> {
    if holds { Ok(()) } else { Err(what) }
}
