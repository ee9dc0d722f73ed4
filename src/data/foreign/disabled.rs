//! No libraries: what stands in their place in builds without `functors`.

use super::Signature;
use crate::data::{Dialect, Fault, Type, Value};
use std::path::Path;
use std::sync::Arc;

/// A library; there is none.
#[derive(Debug)]
pub(super) enum Library {}

impl Library {
    /// # Safety
    /// Nothing is opened.
    #[allow(unsafe_code, reason = "as where libraries are opened")]
    pub(super) unsafe fn open(_path: &Path) -> Result<Self, String> {
        Err("this build calls no functions of libraries".to_owned())
    }
}

/// A function of a library; there is none.
pub(super) enum Code {}

impl Code {
    pub(super) fn find(library: &Arc<Library>, _: &str, _: &Signature, _: Dialect) -> Option<Self> {
        match **library {}
    }

    pub(super) fn call(&self, _: &[Value], _: Type) -> Result<Value, Fault> {
        match *self {}
    }
}
