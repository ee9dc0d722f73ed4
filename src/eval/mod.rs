//! New facts from old.
