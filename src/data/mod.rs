//! What facts are made of: values and types, their 64-bit words, interned symbols, typed ids, and the table of
//! builtins.

mod builtins;
mod column;
mod date;
mod dialect;
mod dictionary;
mod edtf;
mod fit;
mod foreign;
mod function;
mod hidden;
mod ids;
mod kernels;
mod numbers;
mod order;
mod path;
mod record;
mod record_types;
mod records;
mod spelling;
mod symbols;
mod value;
mod word;

pub use builtins::{BUILTINS, Builtin, BuiltinId, Fault, Kernel, Notation, Steps};
pub use column::{Column, Words, range_of};
pub use date::Date;
pub use dialect::{Dialect, Width};
pub use dictionary::Dictionary;
pub use foreign::{Foreign, Libraries, Signature};
pub use function::{Function, RecordField};
pub use hidden::is_hidden;
pub(crate) use ids::id;
pub use ids::{Id, IdVec};
pub use order::{Order, Part};
pub use path::Path;
pub use record::{Record, Tag};
pub use record_types::{Form, FormField, FormId, RecordType, RecordTypeId, RecordTypes};
pub use records::{Records, Shape, ShapeId};
pub use spelling::{is_name, quoted, spelled, spelled_in};
pub use symbols::{LookedUp, Names, SymbolId, SymbolTable, Symbols};
pub use value::{Float, Type, Value};
pub use word::Word;
