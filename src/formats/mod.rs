//! Facts to and from bytes: one file a format.
