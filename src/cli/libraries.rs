//! Libraries that the flags name: `-l functors` is `libfunctors.so` in the working folder, or where `-L` says.

use super::flags::LoadArgs;
use crate::data::Libraries;
use crate::report::{Code, Diagnostic};
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};

/// Opens them, in their order.
#[allow(unsafe_code, reason = "libraries run as soon as they are opened")]
pub(super) fn open(args: &LoadArgs) -> Result<Libraries, Diagnostic> {
    let mut libraries = Libraries::default();
    for name in &args.libraries {
        if !Libraries::AVAILABLE {
            let message = format!("`{}` cannot be opened: this build calls no functions of libraries", name.display());
            let diagnostic = Diagnostic::bare(Code::BadFunctor, message);
            return Err(diagnostic.help("build `entail` with `--features functors`"));
        }
        let path = find(name, &args.library_dirs)?;
        // SAFETY: The library is named by whoever runs the command, as no program can, and the manual tells them that
        // they vouch for it and for the programs.
        unsafe { libraries.open(&path) }.map_err(|reason| {
            let message = format!("the library `{}` cannot be opened: {reason}", path.display());
            Diagnostic::bare(Code::CannotRead, message)
        })?;
    }
    Ok(libraries)
}

/// Where a library lies. A path is taken as it is.
fn find(name: &Path, folders: &[PathBuf]) -> Result<PathBuf, Diagnostic> {
    let text = name.to_string_lossy();
    if name.components().count() > 1 || text.ends_with(DLL_SUFFIX) {
        return Ok(name.to_owned());
    }
    let file = format!("{DLL_PREFIX}{text}{DLL_SUFFIX}");
    let here = [PathBuf::from(".")];
    let folders = if folders.is_empty() { &here[..] } else { folders };
    folders.iter().map(|folder| folder.join(&file)).find(|path| path.exists()).ok_or_else(|| {
        let looked: Vec<String> = folders.iter().map(|folder| format!("`{}`", folder.display())).collect();
        let message = format!("there is no library `{file}` in {}", looked.join(", "));
        Diagnostic::bare(Code::CannotRead, message)
            .help("name the folder with `-L DIR`, or the file itself: `-l ./lib.so`")
    })
}
