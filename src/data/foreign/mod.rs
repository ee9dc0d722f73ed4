//! Functions of shared libraries, which programs declare with `.functor` and call as `@f(X)`.
//!
//! In: libraries that a person vouched for, and a name with types. Out: a function of values. Where the build has no
//! `functors`, no library opens, so that there are no such functions.

#[cfg(not(feature = "functors"))]
mod disabled;
#[cfg(feature = "functors")]
#[allow(unsafe_code, reason = "C is called here, and only here")]
mod enabled;

#[cfg(not(feature = "functors"))]
use disabled as native;
#[cfg(feature = "functors")]
use enabled as native;

use super::{Dialect, Fault, Type, Value};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Libraries whose functions programs may call; the first that has a function gives it.
#[derive(Debug, Clone, Default)]
pub struct Libraries(Vec<Arc<native::Library>>);

impl Libraries {
    /// Whether this build can open any.
    pub const AVAILABLE: bool = cfg!(feature = "functors");

    /// Opens one more library, which runs what it does at its start; or says why not.
    ///
    /// # Safety
    /// Opening a library runs code of it, and so does every program that declares a function of its: the types of the
    /// declaration are believed. Who calls this vouches for the library, and for the programs that are run with it.
    #[allow(unsafe_code, reason = "the caller answers for it")]
    pub unsafe fn open(&mut self, path: &Path) -> Result<(), String> {
        // SAFETY: The caller vouches for the library.
        let library = unsafe { native::Library::open(path) }?;
        self.0.push(Arc::new(library));
        Ok(())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A function of a library, with numbers as wide as the dialect's.
    pub(crate) fn function(&self, name: &str, signature: &Signature, dialect: Dialect) -> Option<Foreign> {
        let code = self.0.iter().find_map(|library| native::Code::find(library, name, signature, dialect))?;
        Some(Foreign { name: name.to_owned(), signature: signature.clone(), code })
    }
}

/// What a function takes and gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The types of the arguments.
    pub params: Vec<Type>,
    /// The type of the value.
    pub result: Type,
}

/// A function of a library.
pub struct Foreign {
    /// What it is called.
    pub name: String,
    /// What it takes and gives.
    pub signature: Signature,
    code: native::Code,
}

impl Foreign {
    /// Whether values of a type can go to a library and come back.
    pub fn takes(ty: Type) -> bool {
        match ty {
            Type::Number | Type::Unsigned | Type::Float | Type::Symbol => true,
            Type::Date | Type::Record => false,
        }
    }

    /// The value for these arguments.
    pub(super) fn value(&self, args: &[Value]) -> Result<Value, Fault> {
        self.code.call(args, self.signature.result)
    }
}

/// All libraries of a process are vouched for together, so a name and its types tell a function.
impl PartialEq for Foreign {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.signature == other.signature
    }
}

impl Eq for Foreign {}

impl fmt::Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Foreign").field("name", &self.name).field("signature", &self.signature).finish()
    }
}
