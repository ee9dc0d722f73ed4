//! The greatest and the least of several values of one type; texts by code points, which is by their bytes.

use crate::data::{Fault, Value};

pub(crate) fn greatest(args: &[Value]) -> Result<Option<Value>, Fault> {
    Ok(args.iter().max().cloned())
}

pub(crate) fn least(args: &[Value]) -> Result<Option<Value>, Fault> {
    Ok(args.iter().min().cloned())
}
