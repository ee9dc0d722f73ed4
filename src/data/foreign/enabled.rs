//! Libraries, opened and called.
//!
//! Numbers are `int32_t`, numbers without a sign `uint32_t`, floats `float`, each of 64 bits where the dialect's are so
//! wide; symbols are `const char *`, which the function neither keeps nor changes. A text that it gives is copied before
//! anything else is called by the same thread. Several threads may be within a function at once.

use super::Signature;
use crate::data::{Dialect, Fault, Float, Type, Value, Width};
use libffi::middle::{Arg, Cif, CodePtr, Type as CType, arg};
use std::ffi::{CStr, CString, c_char, c_void};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The longest text that is taken from a function.
const MAX_BYTES: usize = 16 << 20;

/// A library that is open.
#[derive(Debug)]
pub(super) struct Library {
    opened: libloading::Library,
    /// Where it lies, without links.
    path: PathBuf,
}

impl Library {
    /// # Safety
    /// As for [`Libraries::open`](super::Libraries::open).
    pub(super) unsafe fn open(path: &Path) -> Result<Self, String> {
        let path = path.canonicalize().map_err(|error| error.to_string())?;
        // SAFETY: The caller vouches for what the library does when it is opened.
        let opened = unsafe { libloading::Library::new(&path) }.map_err(|error| error.to_string())?;
        Ok(Self { opened, path })
    }

    /// Where the code of a function begins. It must be this library's own: those that it is linked with hold functions such
    /// as `system`, which nobody asked for.
    fn entry(&self, name: &str) -> Option<*mut c_void> {
        // SAFETY: The symbol is only looked at as an address.
        let symbol = unsafe { self.opened.get::<unsafe extern "C" fn()>(name) }.ok()?;
        let entry = *symbol as *mut c_void;
        self.holds(entry).then_some(entry)
    }

    #[cfg(unix)]
    fn holds(&self, entry: *const c_void) -> bool {
        let mut found = std::mem::MaybeUninit::<libc::Dl_info>::uninit();
        // SAFETY: `dladdr` takes any address, and fills the place where it returns something else than 0.
        let found = unsafe {
            if libc::dladdr(entry, found.as_mut_ptr()) == 0 {
                return false;
            }
            found.assume_init()
        };
        if found.dli_fname.is_null() {
            return false;
        }
        // SAFETY: The name of an open library is a text that ends with a zero byte, and stays while the library is open.
        let name = unsafe { CStr::from_ptr(found.dli_fname) };
        let name = name.to_str().ok().and_then(|name| Path::new(name).canonicalize().ok());
        name.is_some_and(|name| name == self.path)
    }

    /// Elsewhere only a library's own functions are found by their names.
    #[cfg(not(unix))]
    fn holds(&self, _entry: *const c_void) -> bool {
        true
    }
}

/// A function of a library.
pub(super) struct Code {
    entry: CodePtr,
    interface: Cif,
    width: Width,
    /// Keeps the code where it is.
    _library: Arc<Library>,
}

// SAFETY: The description of a call is read, and never written, once it is made; the code stays as long as the library is
// open, and who vouched for that said that several threads may be in it.
unsafe impl Send for Code {}
// SAFETY: As above.
unsafe impl Sync for Code {}

impl Code {
    /// The function of this name.
    pub(super) fn find(library: &Arc<Library>, name: &str, signature: &Signature, dialect: Dialect) -> Option<Self> {
        let width = match dialect {
            Dialect::Entail => Width::Bits64,
            Dialect::Souffle(width) => width,
        };
        let params = signature.params.iter().map(|ty| in_c(*ty, width));
        let interface = Cif::new(params, in_c(signature.result, width));
        let entry = CodePtr::from_ptr(library.entry(name)?);
        Some(Self { entry, interface, width, _library: library.clone() })
    }

    /// The value for these arguments, which have the types that it was found with.
    pub(super) fn call(&self, args: &[Value], result: Type) -> Result<Value, Fault> {
        let passed = args.iter().map(|arg| Passed::new(arg, self.width)).collect::<Result<Vec<Passed>, Fault>>()?;
        let pointers: Vec<*const c_char> = passed.iter().map(Passed::text).collect();
        let args: Vec<Arg<'_>> = passed.iter().zip(&pointers).map(|(passed, text)| passed.arg(text)).collect();
        match (result, self.width) {
            (Type::Number, Width::Bits32) => Ok(Value::Number(self.run::<i32>(&args).into())),
            (Type::Number, Width::Bits64) => Ok(Value::Number(self.run(&args))),
            (Type::Unsigned, Width::Bits32) => Ok(Value::Unsigned(self.run::<u32>(&args).into())),
            (Type::Unsigned, Width::Bits64) => Ok(Value::Unsigned(self.run(&args))),
            (Type::Float, Width::Bits32) => float(self.run::<f32>(&args).into()),
            (Type::Float, Width::Bits64) => float(self.run(&args)),
            (Type::Symbol | Type::Date | Type::Record, _) => text(self.run(&args)),
        }
    }

    /// Calls it. `R` is the type that its interface gives.
    fn run<R>(&self, args: &[Arg<'_>]) -> R {
        // SAFETY: The arguments are of the types of the interface, and outlive the call. That the function has this
        // interface is what the declaration says, and who opened the library vouched for that.
        unsafe { self.interface.call(self.entry, args) }
    }
}

/// What C calls a type.
fn in_c(ty: Type, width: Width) -> CType {
    match (ty, width) {
        (Type::Number, Width::Bits32) => CType::i32(),
        (Type::Number, Width::Bits64) => CType::i64(),
        (Type::Unsigned, Width::Bits32) => CType::u32(),
        (Type::Unsigned, Width::Bits64) => CType::u64(),
        (Type::Float, Width::Bits32) => CType::f32(),
        (Type::Float, Width::Bits64) => CType::f64(),
        (Type::Symbol | Type::Date | Type::Record, _) => CType::pointer(),
    }
}

/// An argument as C has it.
enum Passed {
    Int(i32),
    Long(i64),
    Unsigned(u32),
    UnsignedLong(u64),
    Float(f32),
    Double(f64),
    Text(CString),
}

impl Passed {
    fn new(value: &Value, width: Width) -> Result<Self, Fault> {
        Ok(match (value, width) {
            (Value::Number(number), Width::Bits32) => Passed::Int(*number as i32),
            (Value::Number(number), Width::Bits64) => Passed::Long(*number),
            (Value::Unsigned(number), Width::Bits32) => Passed::Unsigned(*number as u32),
            (Value::Unsigned(number), Width::Bits64) => Passed::UnsignedLong(*number),
            (Value::Float(number), Width::Bits32) => Passed::Float(number.get() as f32),
            (Value::Float(number), Width::Bits64) => Passed::Double(number.get()),
            (Value::Symbol(text), _) => Passed::Text(CString::new(text.as_bytes()).map_err(|_| Fault::ZeroByte)?),
            (Value::Date(_) | Value::Record(_), _) => panic!("{value} cannot go to a library"),
        })
    }

    /// Where its text lies, if it is one.
    fn text(&self) -> *const c_char {
        match self {
            Passed::Text(text) => text.as_ptr(),
            Passed::Int(_) | Passed::Long(_) | Passed::Unsigned(_) => std::ptr::null(),
            Passed::UnsignedLong(_) | Passed::Float(_) | Passed::Double(_) => std::ptr::null(),
        }
    }

    fn arg<'a>(&'a self, text: &'a *const c_char) -> Arg<'a> {
        match self {
            Passed::Int(number) => arg(number),
            Passed::Long(number) => arg(number),
            Passed::Unsigned(number) => arg(number),
            Passed::UnsignedLong(number) => arg(number),
            Passed::Float(number) => arg(number),
            Passed::Double(number) => arg(number),
            Passed::Text(_) => arg(text),
        }
    }
}

fn float(number: f64) -> Result<Value, Fault> {
    Float::new(number).map(Value::Float).ok_or(Fault::NotFinite)
}

/// A text that a function gave.
fn text(given: *const c_char) -> Result<Value, Fault> {
    if given.is_null() {
        return Err(Fault::NoText);
    }
    // SAFETY: A function that is declared to give a symbol gives a text that ends with a zero byte.
    let text = unsafe { CStr::from_ptr(given) }.to_str().map_err(|_| Fault::NoText)?;
    if text.len() > MAX_BYTES { Err(Fault::TooLong) } else { Ok(Value::symbol(text)) }
}
