//! A program that shows long output a screen at a time.

use super::signals::leave_to_child;
use std::io::{self, Write};
use std::process::{Command, Stdio};

/// Shows a text with `$ENTAIL_PAGER`, `$PAGER` or `less -FRX`. A pager that is left early is no failure.
pub(crate) fn page(text: &[u8]) -> io::Result<()> {
    let told = ["ENTAIL_PAGER", "PAGER"].into_iter().find_map(|name| std::env::var(name).ok());
    let pager = told.filter(|pager| !pager.trim().is_empty()).unwrap_or_else(|| "less -FRX".into());
    leave_to_child(|| {
        let mut child = Command::new("sh").args(["-c", &pager]).stdin(Stdio::piped()).spawn()?;
        let mut stdin = child.stdin.take().expect("the pipe was asked for");
        let written = stdin.write_all(text);
        drop(stdin);
        let status = child.wait()?;
        match written {
            // 127: the shell found no such program.
            _ if status.code() == Some(127) => Err(io::Error::other(format!("`{pager}` was not found"))),
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    })
}
