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
    /// A program that breaks it; empty where it takes a file or a limit to break it.
    pub wrong: &'static str,
    /// The program mended; empty where none is broken.
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
        explanation: "Something stands where the grammar has no place for it. The message names what was expected and what was found; reading goes on behind the next `.`, so that one mistake does not hide the others.",
        wrong: "p(a,).",
        right: "p(a).",
    }
    Unterminated = "E0102" {
        title: "A text, comment or bracket is never closed",
        explanation: "A quote, a `/*` or a bracket is opened and never closed. The place shown is where it opens, because that is where the end is missing.",
        wrong: "p(\"a).",
        right: "p(\"a\").",
    }
    BadLiteral = "E0103" {
        title: "A number is malformed or does not fit",
        explanation: "Numbers are integers of 64 bits (`42`, `-7`, `1_000`, `0x1f`, `0b101`) or finite floats (`1.5`, `2e-3`). A literal that does not fit is an error, never another number.",
        wrong: "p(9223372036854775808).",
        right: "p(9223372036854775807).",
    }
    BadDate = "E0104" {
        title: "The calendar has no such day",
        explanation: "Four digits, two and two with hyphens between them are always a date, and this one is not in the calendar. To subtract numbers, put spaces around the minus signs.",
        wrong: "p(2025-02-30).",
        right: "p(2025-02-28).",
    }
    ForbiddenCharacter = "E0105" {
        title: "A character that may not stand here",
        explanation: "Controls, characters that reverse the reading direction and characters of no width may stand in quoted texts only: elsewhere they make a program look like another one. Files are UTF-8.",
        wrong: "p(a\u{200b}).",
        right: "p(\"a\u{200b}\").",
    }
    NestingTooDeep = "E0106" {
        title: "Nesting deeper than 128",
        explanation: "Terms and conditions nest at most 128 deep. Give a part a name of its own: a relation, or a variable bound by `=`.",
        wrong: "",
        right: "",
    }
    UnknownDirective = "E0108" {
        title: "No directive has this name",
        explanation: "Programs hold the directives .decl .type .functor .input .output .printsize .limitsize and .include. Prompt commands such as `.help` are typed at the prompt; a file that was loaded may not run them.",
        wrong: ".outptu p",
        right: ".decl p(x: symbol)\n.output p",
    }
    BadEscape = "E0109" {
        title: "No such escape in a quoted text",
        explanation: "Quoted texts know the escapes \\n \\t \\r \\\\ \\\" \\' and \\u{...}.",
        wrong: "p(\"a\\qb\").",
        right: "p(\"a\\\\qb\").",
    }
    RetractionInFile = "E0110" {
        title: "A retraction in a file",
        explanation: "`~` takes a fact back for the rest of a session. A file states what is so; to leave a fact out, do not write it.",
        wrong: "p(a).\np(a)~",
        right: "p(a).",
    }
    FactWithVariable = "E0111" {
        title: "A fact with a variable in it",
        explanation: "A fact holds for the values it names, and a variable names none. A question begins with `?-`; a rule says in its body where the values come from.",
        wrong: "p(X).",
        right: "p(a).\n?- p(X).",
    }
    UnknownRelation = "E0201" {
        title: "No relation has this name",
        explanation: "A relation is known if a `.decl`, a fact, a rule head, an `.input` or a data file names it. The nearest known name is shown; if the relation may be empty, declare it.",
        wrong: "edge(a, b).\npath(X, Y) :- egde(X, Y).",
        right: "edge(a, b).\npath(X, Y) :- edge(X, Y).\n?- path(X, Y).",
    }
    WrongArity = "E0202" {
        title: "A relation with too many or too few arguments",
        explanation: "A relation has the same number of columns everywhere. The second place shows where that number was first said.",
        wrong: "edge(a, b).\npath(X) :- edge(X).",
        right: "edge(a, b).\npath(X) :- edge(X, _).\n?- path(X).",
    }
    ConflictingDeclaration = "E0203" {
        title: "A relation or type is declared in two ways",
        explanation: "A relation or type may be declared twice only in the same words, and in Soufflé's dialect not at all: there a name is given once, and no two of a type, a relation, a component and an instance share one. Declarations of all files are gathered before any is used, so the other one may stand in another file.",
        wrong: ".decl p(x: symbol)\n.decl p(x: number)",
        right: ".decl p(x: symbol)\n.decl p(x: symbol)",
    }
    UnknownType = "E0204" {
        title: "No type has this name",
        explanation: "Types are symbol, number, float and date, and those that `.type` declares.",
        wrong: ".decl p(x: string)",
        right: ".decl p(x: symbol)",
    }
    UnknownFunction = "E0205" {
        title: "No builtin has this name",
        explanation: "Functions and predicates come from the table of builtins, listed in docs/language.md. A relation cannot stand inside a term: ask it in a condition of its own.",
        wrong: "p(1).\nq(sqrt(X)) :- p(X).",
        right: "p(1).\nq(X ^ 2) :- p(X).\n?- q(X).",
    }
    ReservedName = "E0206" {
        title: "The name of a builtin is taken",
        explanation: "A builtin predicate has this name, and conditions with it would mean the builtin. Choose another name for the relation.",
        wrong: "contains(a, b).",
        right: "holds(a, b).",
    }
    DuplicateColumn = "E0207" {
        title: "Two columns of a relation share a name",
        explanation: "Columns are found by their names, in headers and in sentences, so no two of a relation share one.",
        wrong: ".decl p(x: symbol, x: number)",
        right: ".decl p(x: symbol, n: number)",
    }
    BadParameter = "E0208" {
        title: "A directive's parameter is unknown or malformed",
        explanation: "Parameters of directives are `key=value`: those of .input and .output say where rows lie and how they are written, such as IO, filename, delimiter and headers; .limitsize has n, a number of rows. A `.plan` of Soufflé's gives a version of a recursive rule the numbers of its atoms, each once.",
        wrong: "",
        right: "",
    }
    NotAFact = "E0209" {
        title: "What is asserted or retracted is not a fact",
        explanation: "Only facts can be asserted, and only facts or patterns of facts retracted.",
        wrong: "",
        right: "",
    }
    UnknownComponent = "E0210" {
        title: "No component has this name, or it never ends",
        explanation: "A component is known where it is declared by `.comp`, in what it is declared in, and in the components that are based on that. It is not based on itself.",
        wrong: "",
        right: "",
    }
    BadOverride = "E0211" {
        title: "A relation that cannot be overridden",
        explanation: "`.override p` in a component drops the clauses for `p` of the components that it is based on. One of them declares `p`, and says that it is `overridable`.",
        wrong: "",
        right: "",
    }
    BadUpkeep = "E0212" {
        title: "Rows that cannot be kept like this",
        explanation: "A subsumption `p(…) <= p(…) :- …` says which rows of a relation give way to which others of it: so both sides name the same relation. `choice-domain` names columns of the relation that it is said of. Of one relation only one of the two is said, and neither of an equivalence.",
        wrong: "p(1). q(2).\np(X) <= q(Y) :- X < Y.",
        right: "p(1). p(2).\np(X) <= p(Y) :- X < Y.\n?- p(X).",
    }
    BadInline = "E0213" {
        title: "A relation that cannot be inline",
        explanation: "`inline` puts the rules of a relation in the place of its atoms. So it has no rows of its own to read, write or count; its rules may not lead back to it; and it may be negated only where each of its rules says all of it in its columns.",
        wrong: "",
        right: "",
    }
    BadFunctor = "E0214" {
        title: "A function of a library that cannot be called",
        explanation: "`.functor f(number, symbol): number` declares a function of a shared library, which is called as `@f(1, \"a\")`. It takes and gives numbers, floats and symbols, not days and records, and it is not `stateful`. The library is named by whoever runs the program, never by the program: `-l functors` opens `libfunctors.so`. Builds with `--features functors` can open libraries.",
        wrong: ".functor f(x: date): number",
        right: ".functor f(x: number): number",
    }
    BadLattice = "E0215" {
        title: "Values that cannot be joined like this",
        explanation: "`.lattice T<> { Lub -> f(_, _), … }` says how values of a type are joined; a column `x: T<>` then has for each key, the columns before it, what all rows of the key have in it, joined. Such columns are the last of a relation, which keeps its rows in no other way beside. `Lub` and `Glb` are functions of two `_`.",
        wrong: ".lattice number<> { Lub -> max(_, _) }\n.decl p(n: number<>, x: symbol)\np(1, a).\n?- p(N, X).",
        right: ".lattice number<> { Lub -> max(_, _) }\n.decl p(x: symbol, n: number<>)\np(a, 1).\n?- p(X, N).",
    }
    Unbound = "E0301" {
        title: "A variable has no value",
        explanation: "Every variable of a head, a negated atom, a comparison or a computation must get its values from somewhere: a positive atom, `=` with a term whose variables have values, or an aggregate. Negation and comparison test values, they do not make any. On a `;`, every side must bind what is used outside.",
        wrong: "q(a).\np(X) :- not q(X).",
        right: "q(a). r(a). r(b).\np(X) :- r(X), not q(X).\n?- p(X).",
    }
    GroupUnbound = "E0302" {
        title: "A variable that groups an aggregate has no value outside it",
        explanation: "A variable that stands inside an aggregate and outside of it tells groups apart: the aggregate is computed for each of its values. So it needs a value outside. Add a positive atom that binds it.",
        wrong: "sale(eu, 3).\ntotal(R, N) :- N = sum X : { sale(R, X) }.",
        right: "sale(eu, 3). region(eu).\ntotal(R, N) :- region(R), N = sum X : { sale(R, X) }.\n?- total(R, N).",
    }
    AggregatedOutside = "E0303" {
        title: "An aggregated variable is used outside its aggregate",
        explanation: "The variable behind the aggregate's name runs over the values that are aggregated; outside it has no one value. Use the result, or give the outer variable another name.",
        wrong: "n(1).\np(X, N) :- n(X), N = count X : { n(X) }.",
        right: "n(1).\np(X, N) :- n(X), N = count Y : { n(Y) }.\n?- p(X, N).",
    }
    Interlocked = "E0304" {
        title: "Two aggregates of a rule need each other's variables",
        explanation: "In Soufflé's dialect, an aggregate may use a variable that another condition with an aggregate gives its values, but not both each other's. Derive one of the two in a rule of its own, and ask for that.",
        wrong: "",
        right: "",
    }
    TypeMismatch = "E0401" {
        title: "Two types meet that are not the same",
        explanation: "Values of different types are never equal and are not compared. Nothing converts by itself, but for an integer literal where a float is needed. Use to_number, to_float or to_symbol, or mend the column.",
        wrong: "p(1). q(one).\nr(X) :- p(X), q(X).",
        right: "p(1). q(1).\nr(X) :- p(X), q(X).\n?- r(X).",
    }
    NoSignature = "E0402" {
        title: "A builtin does not take these types",
        explanation: "A builtin is defined for certain types of arguments, which the help lists.",
        wrong: "p(a).\nq(X * 2) :- p(X).",
        right: "p(1).\nq(X * 2) :- p(X).\n?- q(X).",
    }
    SubtypeMismatch = "E0403" {
        title: "A value of one subtype is used as another",
        explanation: "A value read from a column of one subtype cannot go into a column of another, unless that is the same type or one that it is part of. Constants fit every subtype of their type.",
        wrong: ".type State <: symbol\n.type City <: symbol\n.decl state(x: State)\n.decl city(x: City)\nstate(france).\ncity(X) :- state(X).",
        right: ".type State <: symbol\n.decl state(x: State)\n.decl place(x: symbol)\nstate(france).\nplace(X) :- state(X).\n?- place(X).",
    }
    CyclicType = "E0404" {
        title: "A type is part of itself",
        explanation: "The chain of a `.type` ends in a built-in type, or in a record.",
        wrong: ".type A <: B\n.type B <: A",
        right: ".type A <: symbol\n.type B <: A",
    }
    UnknownRecord = "E0405" {
        title: "Nothing says which type a record is of",
        explanation: "What stands in `[X, Y]` depends on the type of the record: the column that it stands in is declared with one, or an equation leads to such a column. `as([X, Y], Pair)` says it where nothing else does. The name of a branch, as in `$Circle(R)`, always does.",
        wrong: ".type Pair = [x: number, y: number]\np([1, 2]).\nq(X) :- p([X, _]).",
        right: ".type Pair = [x: number, y: number]\n.decl p(x: Pair)\np([1, 2]).\nq(X) :- p([X, _]).\n?- q(X).",
    }
    NoEquivalence = "E0406" {
        title: "An equivalence without two columns of one type",
        explanation: "An equivalence says which values belong together, so it has two columns, and both have the same type.",
        wrong: ".decl same(x: symbol, n: number) equivalence\nsame(a, 1).\n?- same(X, _).",
        right: ".decl same(x: symbol, y: symbol) equivalence\nsame(a, b).\n?- same(X, _).",
    }
    Unstratified = "E0501" {
        title: "A relation depends on its own absence or aggregate",
        explanation: "A relation may not depend on its own absence, or on an aggregate over itself: there would be no one answer. The cycle is shown with the rules in it. Break it: let the negated or aggregated relation be derived without this one.",
        wrong: "n(1).\na(X) :- n(X), not b(X).\nb(X) :- n(X), not a(X).",
        right: "n(1). b(2).\na(X) :- n(X), not b(X).\n?- a(X).",
    }
    CannotRead = "E0601" {
        title: "A file cannot be read",
        explanation: "A file that was asked for cannot be opened, or is no regular file. The reason is the system's.",
        wrong: "",
        right: "",
    }
    WrongFieldCount = "E0602" {
        title: "A row has too many or too few fields",
        explanation: "Every row of a file has one field for each column of its relation. Nothing of the file is kept.",
        wrong: "",
        right: "",
    }
    BadField = "E0603" {
        title: "A field does not fit its column",
        explanation: "A field does not spell a value of its column's type: numbers have no spaces, plus signs or points, dates look like 2025-02-18. Declare the column as symbol if it holds any text. Nothing of the file is kept.",
        wrong: "",
        right: "",
    }
    BadHeader = "E0604" {
        title: "A header does not match the columns",
        explanation: "With a .decl, the first row is a header if it names exactly the columns, in any order; a partial match is a mistake. Without one, .csv and .tsv need a header.",
        wrong: "",
        right: "",
    }
    AmbiguousInput = "E0605" {
        title: "Several files could fill a relation",
        explanation: "`.input r` finds r.facts, r.csv, r.tsv or r.jsonl; when two are there, say which with filename=.",
        wrong: "",
        right: "",
    }
    InputNotFound = "E0606" {
        title: "No file fills a relation",
        explanation: "`.input r` looks for r.facts, r.csv, r.tsv and r.jsonl in the program's folder, or in the one given with -F.",
        wrong: "",
        right: "",
    }
    PathOutside = "E0607" {
        title: "A path leaves the folder of the program",
        explanation: "A program's paths stay below its folder (or -F, -D, -I), links followed, so that a program from elsewhere cannot read or write what is not its own. `--allow-path DIR` allows another folder.",
        wrong: "",
        right: "",
    }
    IncludeCycle = "E0608" {
        title: "A file includes itself",
        explanation: "Files include each other in a circle. Each file is read once, so what both need can stand in a third.",
        wrong: "",
        right: "",
    }
    WouldOverwrite = "E0609" {
        title: "An output would overwrite a file that was read",
        explanation: "An .output never replaces a file that the run read, a link or a folder. Write to another folder with -D.",
        wrong: "",
        right: "",
    }
    CannotWrite = "E0610" {
        title: "A file cannot be written",
        explanation: "A file could not be written; the reason is the system's. Files appear whole or not at all, so nothing half-written is left.",
        wrong: "",
        right: "",
    }
    UnknownFormat = "E0611" {
        title: "No format has this name or file ending",
        explanation: "Programs end in .dl, rows in .csv, .tsv, .jsonl or .facts. Databases, `IO=sqlite`, are read and written by builds with `--features sqlite`.",
        wrong: "",
        right: "",
    }
    MalformedRow = "E0612" {
        title: "A row is not well formed",
        explanation: "A line is not well formed: a quote that never closes, no JSON, no UTF-8. Nothing of the file is kept.",
        wrong: "",
        right: "",
    }
    Arithmetic = "E0701" {
        title: "Arithmetic without a result",
        explanation: "Arithmetic whose result does not fit, a division by zero or a float that is not finite stops the run; nothing wraps silently. It counts only for a binding that satisfies the conditions that do not need the value, so a guard such as `Y != 0` helps wherever it stands in the body.",
        wrong: "n(0).\nq(10 / X) :- n(X).\n?- q(X).",
        right: "n(0).\nq(10 / X) :- n(X), X != 0.\n?- q(X).",
    }
    LimitReached = "E0702" {
        title: "A limit stopped the run",
        explanation: "A limit ended the run: --timeout, --memory-limit, --max-tuples, --max-rounds or .limitsize. The facts are as they were. An unbounded rule such as `n(X + 1) :- n(X).` runs into every limit; a condition like `X < 1000` bounds it.",
        wrong: "",
        right: "",
    }
    ConstraintBroken = "E0703" {
        title: "A constraint is broken",
        explanation: "Every answer of a constraint is a violation of what its doc comment promises. The offending rows are shown.",
        wrong: "p(a).\n/// There is no a.\n:- p(a).",
        right: "p(b).\n/// There is no a.\n:- p(a).",
    }
    NothingToRetract = "E0704" {
        title: "No stored fact matches",
        explanation: "A retraction takes stored facts away. A fact that follows from rules goes when what it rests on goes.",
        wrong: "",
        right: "",
    }
    Interrupted = "E0705" {
        title: "The run was interrupted",
        explanation: "Ctrl-C ended the run. The facts are as they were.",
        wrong: "",
        right: "",
    }
    CommandUsage = "E0706" {
        title: "A command cannot do what was asked",
        explanation: "A line that starts with a dot is a command to the prompt. This one was given arguments that it does not take, or has nothing to work on; `.help` and the name tell how it is used.",
        wrong: "",
        right: "",
    }
    UnknownCommand = "E0707" {
        title: "No command has this name",
        explanation: "A line that starts with a dot is a command to the prompt. `.help` lists them; the start of a name is enough at the keyboard if no other begins like it.",
        wrong: "",
        right: "",
    }
    UnknownClaims = "E0708" {
        title: "No claims are called so",
        explanation: "Claims are left out by what they have in common: a column of `claim` or of `source`, and what stands in it, such as `source moscow_times` or `modality speculated`. The message names the columns or the values that there are.",
        wrong: "",
        right: "",
    }
    NotInSouffle = "E0709" {
        title: "Soufflé cannot say this",
        explanation: "`entail emit` writes a program for another engine only if it derives the same rows there. What Soufflé has no words for, or computes in another way, is refused at its place: days that are added to, powers of numbers, letters that change, texts that may spell no number. The message says what Soufflé lacks. Compute such a thing here and give Soufflé the rows, or say it in another way.",
        wrong: "",
        right: "",
    }
    Internal = "E0901" {
        title: "An error of Entail itself",
        explanation: "Entail made a mistake of its own. Please report it with the program that shows it.",
        wrong: "",
        right: "",
    }
    UnusedVariable = "W0801" {
        title: "A variable is used once",
        explanation: "A variable that is used once says nothing, and is often a slip of the pen. Write `_`, or begin its name with `_`.",
        wrong: "e(a, b).\np(X) :- e(X, Y).\n?- p(X).",
        right: "e(a, b).\np(X) :- e(X, _).\n?- p(X).",
    }
    NeverDerived = "W0802" {
        title: "A relation is used but nothing can put a row into it",
        explanation: "A relation is asked, but no fact, rule, `.input` or file can put a row into it, so the answer is always the same.",
        wrong: ".decl e(x: symbol)\np(X) :- e(X).\n?- p(X).",
        right: ".decl e(x: symbol)\ne(a).\np(X) :- e(X).\n?- p(X).",
    }
    CitationNeverMatches = "W0803" {
        title: "A citation can never match",
        explanation: "`@` gives the citations of stored facts, and this relation has only rules: nothing is stored in it. Cite the relations that its rules start from.",
        wrong: "q(a) @ c1.\np(X) :- q(X).\nr(C) :- p(_) @ C.\n?- r(C).",
        right: "q(a) @ c1.\np(X) :- q(X).\nr(C) :- p(X), q(X) @ C.\n?- r(C).",
    }
    NoPattern = "W0804" {
        title: "A pattern that is no regular expression",
        explanation: "`match` asks whether a regular expression describes a text. Where it is none, the condition neither holds nor fails, so that neither `match` nor its negation finds anything.",
        wrong: "p(\"a\").\n?- p(X), match(\"a{x}(\", X).",
        right: "p(\"a\").\n?- p(X), match(\"a.*\", X).",
    }
}

impl Code {
    /// The row of the table.
    #[expect(clippy::as_conversions, reason = "the number of a variant of an enum is an index")]
    #[expect(clippy::indexing_slicing, reason = "the table and the enum are made of the same list")]
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
