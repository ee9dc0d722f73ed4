//! How long work on rows is ended early.

/// Asked now and then by whoever sorts many rows. Once it is on, it stays on, and what was sorted is worth nothing.
pub struct Brake<'a>(&'a (dyn Fn() -> bool + Sync));

impl<'a> Brake<'a> {
    /// Never on.
    pub const NONE: Brake<'static> = Brake(&|| false);

    /// On as soon as this says so, and from then on.
    pub fn new(is_on: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self(is_on)
    }

    /// Whether to stop.
    pub fn is_on(&self) -> bool {
        (self.0)()
    }
}
