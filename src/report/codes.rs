//! The table of diagnostic codes: what `entail help E0203` prints, and what tests walk.
//!
//! `E01` is about the text, `E02` names, `E03` safety, `E04` types, `E05` strata, `E06` files, `E07` runs, `E09`
//! ourselves; `W08` are warnings.

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is evaluated, or nothing more.
    Error,
    /// Worth a look.
    Warning,
}

/// What the table says about a code.
#[derive(Debug)]
pub struct CodeRow {
    /// The code that the row is about.
    pub code: Code,
    /// As printed: `E0203`.
    pub id: &'static str,
    /// The rule that was broken, in one line.
    pub title: &'static str,
    /// Why the rule is there and what to do.
    pub explanation: &'static str,
    /// A program that breaks it.
    pub wrong: &'static str,
    /// The program mended.
    pub right: &'static str,
}

/// Declares [`Code`] and its table from one list.
macro_rules! codes {
    ($($name:ident = $id:literal {
        title: $title:literal, explanation: $explanation:literal, wrong: $wrong:literal, right: $right:literal,
    })*) => {
        /// A rule that a program, a file or a run may break.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        /// Every code, in order.
        pub static CODES: &[CodeRow] = &[
            $(CodeRow { code: Code::$name, id: $id, title: $title, explanation: $explanation, wrong: $wrong, right: $right },)*
        ];
    };
}

codes! {
    UnexpectedToken = "E0101" {
        title: "The text does not read as a program here",
        explanation: "",
        wrong: "",
        right: "",
    }
    Unterminated = "E0102" {
        title: "A text, comment or bracket is never closed",
        explanation: "",
        wrong: "",
        right: "",
    }
    BadLiteral = "E0103" {
        title: "A number is malformed or does not fit",
        explanation: "",
        wrong: "",
        right: "",
    }
    BadDate = "E0104" {
        title: "The calendar has no such day",
        explanation: "",
        wrong: "",
        right: "",
    }
    ForbiddenCharacter = "E0105" {
        title: "A character that may not stand here",
        explanation: "",
        wrong: "",
        right: "",
    }
    NestingTooDeep = "E0106" {
        title: "Nesting deeper than 128",
        explanation: "",
        wrong: "",
        right: "",
    }
    UnknownDirective = "E0108" {
        title: "No directive has this name",
        explanation: "",
        wrong: "",
        right: "",
    }
    BadEscape = "E0109" {
        title: "No such escape in a quoted text",
        explanation: "",
        wrong: "",
        right: "",
    }
    RetractionInFile = "E0110" {
        title: "A retraction in a file",
        explanation: "",
        wrong: "",
        right: "",
    }
    FactWithVariable = "E0111" {
        title: "A fact with a variable in it",
        explanation: "",
        wrong: "",
        right: "",
    }
    UnknownRelation = "E0201" {
        title: "No relation has this name",
        explanation: "",
        wrong: "",
        right: "",
    }
    WrongArity = "E0202" {
        title: "A relation with too many or too few arguments",
        explanation: "",
        wrong: "",
        right: "",
    }
    ConflictingDeclaration = "E0203" {
        title: "A relation or type is declared in two ways",
        explanation: "",
        wrong: "",
        right: "",
    }
    UnknownType = "E0204" {
        title: "No type has this name",
        explanation: "",
        wrong: "",
        right: "",
    }
    UnknownFunction = "E0205" {
        title: "No builtin has this name",
        explanation: "",
        wrong: "",
        right: "",
    }
    ReservedName = "E0206" {
        title: "The name of a builtin is taken",
        explanation: "",
        wrong: "",
        right: "",
    }
    DuplicateColumn = "E0207" {
        title: "Two columns of a relation share a name",
        explanation: "",
        wrong: "",
        right: "",
    }
    BadParameter = "E0208" {
        title: "A directive's parameter is unknown or malformed",
        explanation: "",
        wrong: "",
        right: "",
    }
    NotAFact = "E0209" {
        title: "What is asserted or retracted is not a fact",
        explanation: "",
        wrong: "",
        right: "",
    }
    Unbound = "E0301" {
        title: "A variable has no value",
        explanation: "",
        wrong: "",
        right: "",
    }
    GroupUnbound = "E0302" {
        title: "A variable that groups an aggregate has no value outside it",
        explanation: "",
        wrong: "",
        right: "",
    }
    AggregatedOutside = "E0303" {
        title: "An aggregated variable is used outside its aggregate",
        explanation: "",
        wrong: "",
        right: "",
    }
    TypeMismatch = "E0401" {
        title: "Two types meet that are not the same",
        explanation: "",
        wrong: "",
        right: "",
    }
    NoSignature = "E0402" {
        title: "A builtin does not take these types",
        explanation: "",
        wrong: "",
        right: "",
    }
    SubtypeMismatch = "E0403" {
        title: "A value of one subtype is used as another",
        explanation: "",
        wrong: "",
        right: "",
    }
    CyclicType = "E0404" {
        title: "A type is part of itself",
        explanation: "",
        wrong: "",
        right: "",
    }
    Unstratified = "E0501" {
        title: "A relation depends on its own absence or aggregate",
        explanation: "",
        wrong: "",
        right: "",
    }
    CannotRead = "E0601" {
        title: "A file cannot be read",
        explanation: "",
        wrong: "",
        right: "",
    }
    WrongFieldCount = "E0602" {
        title: "A row has too many or too few fields",
        explanation: "",
        wrong: "",
        right: "",
    }
    BadField = "E0603" {
        title: "A field does not fit its column",
        explanation: "",
        wrong: "",
        right: "",
    }
    BadHeader = "E0604" {
        title: "A header does not match the columns",
        explanation: "",
        wrong: "",
        right: "",
    }
    AmbiguousInput = "E0605" {
        title: "Several files could fill a relation",
        explanation: "",
        wrong: "",
        right: "",
    }
    InputNotFound = "E0606" {
        title: "No file fills a relation",
        explanation: "",
        wrong: "",
        right: "",
    }
    PathOutside = "E0607" {
        title: "A path leaves the folder of the program",
        explanation: "",
        wrong: "",
        right: "",
    }
    IncludeCycle = "E0608" {
        title: "A file includes itself",
        explanation: "",
        wrong: "",
        right: "",
    }
    WouldOverwrite = "E0609" {
        title: "An output would overwrite a file that was read",
        explanation: "",
        wrong: "",
        right: "",
    }
    CannotWrite = "E0610" {
        title: "A file cannot be written",
        explanation: "",
        wrong: "",
        right: "",
    }
    UnknownFormat = "E0611" {
        title: "No format has this name or file ending",
        explanation: "",
        wrong: "",
        right: "",
    }
    MalformedRow = "E0612" {
        title: "A row is not well formed",
        explanation: "",
        wrong: "",
        right: "",
    }
    Arithmetic = "E0701" {
        title: "Arithmetic without a result",
        explanation: "",
        wrong: "",
        right: "",
    }
    LimitReached = "E0702" {
        title: "A limit stopped the run",
        explanation: "",
        wrong: "",
        right: "",
    }
    ConstraintBroken = "E0703" {
        title: "A constraint is broken",
        explanation: "",
        wrong: "",
        right: "",
    }
    NothingToRetract = "E0704" {
        title: "No stored fact matches",
        explanation: "",
        wrong: "",
        right: "",
    }
    Interrupted = "E0705" {
        title: "The run was interrupted",
        explanation: "",
        wrong: "",
        right: "",
    }
    Internal = "E0901" {
        title: "An error of Entail itself",
        explanation: "",
        wrong: "",
        right: "",
    }
    UnusedVariable = "W0801" {
        title: "A variable is used once",
        explanation: "",
        wrong: "",
        right: "",
    }
    NeverDerived = "W0802" {
        title: "A relation is used but nothing can put a row into it",
        explanation: "",
        wrong: "",
        right: "",
    }
    CitationNeverMatches = "W0803" {
        title: "A citation can never match",
        explanation: "",
        wrong: "",
        right: "",
    }
}

impl Code {
    /// The row of the table.
    pub fn row(self) -> &'static CodeRow {
        &CODES[self as usize]
    }

    /// As printed: `E0203`.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// How bad it is.
    pub fn severity(self) -> Severity {
        if self.id().starts_with('W') { Severity::Warning } else { Severity::Error }
    }

    /// The code printed like this, in either case.
    pub fn from_id(id: &str) -> Option<Code> {
        CODES.iter().find(|row| row.id.eq_ignore_ascii_case(id)).map(|row| row.code)
    }
}
