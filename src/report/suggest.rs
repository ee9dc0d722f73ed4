//! Did you mean?
//!
//! In: a word that nothing is called by, and the words that something is called by. Out: the nearest one, if it is
//! near enough to be a slip. Promise: ties go to the word that comes first.

/// The candidate that `word` is most likely a slip of.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let most = if length <= 2 { 1 } else { (length / 3).max(1) };
    let mut best: Option<Near<'a>> = None;
    for candidate in candidates {
        let other = candidate.chars().count();
        if other.abs_diff(length) > most || candidate == word {
            continue;
        }
        let slips = strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
        let said_more = slips < other.max(length);
        if slips <= most && said_more && best.as_ref().is_none_or(|best| slips < best.slips) {
            best = Some(Near { candidate, slips });
        }
    }
    best.map(|best| best.candidate)
}

struct Near<'a> {
    candidate: &'a str,
    slips: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        assert_eq!(nearest("diversifing_away", ["reach", "diversifying_away"]), Some("diversifying_away"));
        assert_eq!(nearest("recah", ["reach", "diversifying_away"]), Some("reach"));
        assert_eq!(nearest("Reach", ["reach"]), Some("reach"));
        assert_eq!(nearest("edge", ["node", "path"]), None);
        assert_eq!(nearest("p", ["q"]), None);
        assert_eq!(nearest("", ["q"]), None);
    }

    #[test]
    fn ties_go_to_the_first() {
        assert_eq!(nearest("cat", ["bat", "hat"]), Some("bat"));
    }
}
