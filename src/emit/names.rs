//! What relations, types, branches, columns and variables are called in Soufflé.
//!
//! In: names of a program. Out: names made of letters of ASCII, digits and `_`, none of them a word of Soufflé's.
//! Promise: a name that fits is kept; others change by one rule, in the order in which they are met.

use rustc_hash::FxHashSet;

/// The words that name nothing in Soufflé.
static WORDS: &[&str] = &[
    "as",
    "autoinc",
    "band",
    "bnot",
    "bor",
    "brie",
    "bshl",
    "bshr",
    "bshru",
    "btree",
    "btree_delete",
    "bxor",
    "cat",
    "contains",
    "count",
    "debug_delta",
    "eqrel",
    "false",
    "float",
    "inline",
    "input",
    "land",
    "lnot",
    "lor",
    "lxor",
    "magic",
    "match",
    "max",
    "mean",
    "min",
    "nil",
    "no_inline",
    "no_magic",
    "number",
    "ord",
    "output",
    "overridable",
    "printsize",
    "range",
    "recursive_iteration_cnt",
    "stateful",
    "strlen",
    "substr",
    "sum",
    "symbol",
    "to_float",
    "to_number",
    "to_string",
    "to_unsigned",
    "true",
    "unsigned",
    "__FILE__",
    "__INCL__",
    "__LINE__",
    "_",
];

/// Names of one kind, each of which means one thing.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: FxHashSet<String>,
}

impl Names {
    /// Keeps what fits of these for whoever has such a name already.
    pub(super) fn keeping<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        Self { taken: names.filter(|name| fits(name)).map(str::to_owned).collect() }
    }

    /// The name of something that is called so in the program: one that fits was kept for it.
    pub(super) fn known(&mut self, name: &str) -> String {
        if fits(name) { name.to_owned() } else { self.fresh(name) }
    }

    /// A name like this that nothing else has.
    pub(super) fn fresh(&mut self, like: &str) -> String {
        let plain: String = like.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let stem = if fits(&plain) { plain } else { format!("x{plain}") };
        let numbered = (2..).map(|number| format!("{stem}_{number}"));
        let mut names = [stem.clone()].into_iter().chain(numbered);
        let name = names.find(|name| !self.taken.contains(name)).expect("numbers do not end");
        self.taken.insert(name.clone());
        name
    }
}

/// Whether Soufflé takes a name as it is.
fn fits(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !WORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_fit_are_kept_and_others_are_made_to_fit() {
        let mut names = Names::keeping(["edge", "x_count", "é", "count"].into_iter());
        assert_eq!(
            ["edge", "count", "é", "g.edge", "a.b"].map(|name| names.known(name)),
            ["edge", "xcount", "x_", "g_edge", "a_b"]
        );
        assert_eq!([names.fresh("edge"), names.fresh("a.b")], ["edge_2", "a_b_2"]);
    }
}
