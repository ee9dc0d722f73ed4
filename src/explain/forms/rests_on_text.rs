//! What a fact rests on, as text: what would overturn it, and the claims that it may come from.

use super::text::{footnote_text, listed, rests_on};
use crate::explain::critical::Critical;
use crate::explain::evidence::Evidence;
use crate::formats::escape;
use crate::report::count;

/// The smallest sets of things of one kind that overturn a fact, the smallest first.
pub fn critical_text<T>(noun: &str, critical: &Critical<T>, name: impl Fn(&T) -> String) -> String {
    let mut text = String::new();
    let mut sets = critical.sets.iter().peekable();
    for size in 1..=critical.complete_to.max(1) {
        let of_size: Vec<String> = std::iter::from_fn(|| sets.next_if(|set| set.len() == size))
            .map(|set| {
                let names: Vec<String> = set.iter().map(&name).collect();
                listed(&names, "and")
            })
            .collect();
        let things = count(size, noun);
        match (of_size.is_empty(), size) {
            (true, 1) if critical.complete_to >= 1 => text.push_str(&format!("No single {noun} overturns it.\n")),
            (true, 1) => text.push_str(&format!("No single {noun} that was tried overturns it.\n")),
            (true, _) => {}
            (false, 1) => text.push_str(&format!("The loss of any one {noun} of these overturns it:\n")),
            (false, _) => text.push_str(&format!("The loss of {things} together overturns it:\n")),
        }
        of_size.iter().for_each(|set| text.push_str(&format!("  • {}\n", escape(set))));
    }
    for set in sets {
        let names: Vec<String> = set.iter().map(&name).collect();
        text.push_str(&format!("  • {}\n", escape(&listed(&names, "and"))));
    }
    if critical.is_stopped {
        let known = critical.complete_to;
        text.push_str(&format!("The search was stopped; sets of more than {} may be missing.\n", count(known, noun)));
    }
    text
}

/// The claims that a fact may come from, and whether one source carries it.
pub fn origins_text(evidence: &Evidence, critical: &[String]) -> String {
    let mut text = String::new();
    for footnote in &evidence.footnotes {
        text.push_str(&format!("{}\n", escape(&footnote_text(footnote))));
    }
    text.push_str(&format!("{}\n", escape(&rests_on(evidence))));
    let line = match critical {
        [] if evidence.sources().len() > 1 => {
            "No single source carries it: it stands without any one of them.".to_owned()
        }
        [] => return text,
        [source] => format!("It falls without {source}."),
        sources => format!("It falls without any one of {}.", listed(sources, "and")),
    };
    text.push_str(&format!("{}\n", escape(&line)));
    text
}
