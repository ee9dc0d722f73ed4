//! The languages that programs are written in.

/// A language that programs are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dialect {
    /// Entail's own.
    #[default]
    Entail,
    /// Soufflé's.
    Souffle(Width),
}

/// How many bits Soufflé's numbers have; what does not fit wraps around.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Width {
    /// As Soufflé is built where nobody asks for more.
    #[default]
    Bits32,
    /// As in its builds for 64 bits.
    Bits64,
}

impl Width {
    /// The number of bits.
    pub fn bits(self) -> u32 {
        match self {
            Width::Bits32 => 32,
            Width::Bits64 => 64,
        }
    }
}

impl Dialect {
    /// The dialects that a command line can name: each takes its narrow numbers.
    pub const ALL: [Dialect; 2] = [Dialect::Entail, Dialect::Souffle(Width::Bits32)];

    /// As a command line names it.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Entail => "entail",
            Dialect::Souffle(_) => "souffle",
        }
    }

    /// What stands behind the columns of a relation that is an equivalence.
    pub const fn equivalence(self) -> &'static str {
        match self {
            Dialect::Entail => "equivalence",
            Dialect::Souffle(_) => "eqrel",
        }
    }

    /// The same language with numbers of 64 bits.
    pub fn wide(self) -> Dialect {
        match self {
            Dialect::Entail => self,
            Dialect::Souffle(_) => Dialect::Souffle(Width::Bits64),
        }
    }
}
