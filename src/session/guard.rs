//! Paths that a program names stay below its folder, unless the user allowed more.

use crate::report::{Code, Diagnostic, Span};
use std::path::{Component, Path, PathBuf};

/// The folders that a program's paths may lead into.
#[derive(Debug, Clone, Default)]
pub(super) struct Guard {
    /// Folders that the user allowed, `-F`, `-D` and `-I` among them.
    pub allowed: Vec<PathBuf>,
}

impl Guard {
    /// The path that `written` means from `base`, if it stays below `base` or an allowed folder. Links are followed
    /// before the answer, so that a link does not lead out.
    pub(super) fn resolve(&self, base: &Path, written: &str, span: Span) -> Result<PathBuf, Diagnostic> {
        let refuse = |what: &str| {
            Diagnostic::new(Code::PathOutside, span, format!("this path {what}"))
                .label("named by the program")
                .help("name a file below the program's folder, or allow its folder with `--allow-path DIR`")
        };
        if written.is_empty() || written.contains('\0') {
            return Err(refuse("names no file"));
        }
        let path = base.join(written);
        let real = real_path(&path).ok_or_else(|| refuse("names no file"))?;
        let below = |folder: &Path| real_path(folder).is_some_and(|folder| real.starts_with(folder));
        if below(base) || self.allowed.iter().any(|folder| below(folder)) {
            return Ok(path);
        }
        Err(refuse("leads out of the program's folder"))
    }
}

/// The path without links and dots; of a file that is not there yet, that of its nearest folder that is, and the rest.
fn real_path(path: &Path) -> Option<PathBuf> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    if let Ok(real) = path.canonicalize() {
        return Some(real);
    }
    match path.components().next_back()? {
        Component::Normal(name) => Some(real_path(path.parent()?)?.join(name)),
        Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(guard: &Guard, base: &Path, written: &str) -> bool {
        guard.resolve(base, written, Span::default()).is_err_and(|diagnostic| diagnostic.code == Code::PathOutside)
    }

    #[test]
    fn a_path_stays_below_its_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let base = folder.path().join("program");
        std::fs::create_dir(&base).expect("a folder");
        std::os::unix::fs::symlink(folder.path(), base.join("link")).expect("a link");
        let guard = Guard::default();
        for written in ["../secret", "/etc/passwd", "link/secret", "a/../../secret", "", "a\0b", "missing/../../x"] {
            assert!(is_refused(&guard, &base, written), "{written}");
        }
        for written in ["p.csv", "new/p.csv", "./p.csv"] {
            assert!(!is_refused(&guard, &base, written), "{written}");
        }
        let guard = Guard { allowed: vec![folder.path().to_path_buf()] };
        assert!(!is_refused(&guard, &base, "../secret"));
        assert!(is_refused(&guard, &base, "../../secret"));
    }
}
