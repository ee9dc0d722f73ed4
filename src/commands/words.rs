//! The words of a line, as a shell takes it apart.

/// The words of a line; quotes hold words together.
pub(super) fn words(args: &str) -> Vec<String> {
    shlex::split(args).unwrap_or_else(|| args.split_whitespace().map(str::to_owned).collect())
}

/// Words as a line of which a shell makes the same words.
pub(crate) fn command_line(words: impl Iterator<Item = String>) -> String {
    let quoted = |word: String| shlex::try_quote(&word).map(|quoted| quoted.into_owned()).unwrap_or(word);
    words.map(quoted).collect::<Vec<_>>().join(" ")
}
