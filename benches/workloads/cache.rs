//! Where what is made once is kept: inputs, programs in other languages, programs that other engines compiled.
//!
//! In: a word for the kind. Out: a folder below the target folder, which is there.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The folder for a kind of things.
pub(crate) fn folder(kind: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("workloads").join(kind);
    fs::create_dir_all(&folder).expect("a folder below the target folder");
    folder
}

/// A word that changes when one of the texts does.
pub(crate) fn hash(texts: &[&str]) -> String {
    let mut hasher = DefaultHasher::new();
    texts.hash(&mut hasher);
    format!("{:08x}", hasher.finish() as u32)
}
