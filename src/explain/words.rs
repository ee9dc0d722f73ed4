//! Facts and conditions in words.
//!
//! In: a program, parts of a proof. Out: a line each. A relation whose doc comment has places for its columns, such as
//! `{actor} signed {agreement}.`, is read aloud; others are shown as atoms.

use super::proof::{Aggregate, Node, Premise, Row, Side};
use crate::check::{self, Atom, Literal, Program, RelationId, Role, Rule, Term, VarId, written};
use crate::data::{Dialect, Value, spelled_in};
use crate::syntax::{self, Spell};

/// Words for the parts of one program's proofs.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    program: &'a Program,
}

impl<'a> Words<'a> {
    /// Words for a program.
    pub fn new(program: &'a Program) -> Self {
        Self { program }
    }

    /// A fact, read aloud: `russia is diversifying away from western_europe.`
    pub fn fact(&self, node: &Node) -> String {
        let args: Vec<Option<&Value>> = node.row.iter().map(Some).collect();
        self.sentence(node.relation, &args).unwrap_or_else(|| self.atom(node))
    }

    /// A fact as it could be written: `diversifying_away(russia, western_europe)`.
    pub fn atom(&self, node: &Node) -> String {
        self.pattern(node.relation, &node.row.iter().map(Some).collect::<Vec<_>>())
    }

    /// A row with `_` where nothing is given: `q(a, _)`.
    pub fn pattern(&self, relation: RelationId, args: &[Option<&Value>]) -> String {
        let dialect = self.program.dialect;
        let args = args.iter().map(|arg| arg.map_or_else(written::any, |value| written::constant(value.clone())));
        let atom = |of, args| written::atom(self.program, of, args).within(dialect).to_string();
        match self.program.relations[relation].role {
            Role::Query => {
                let columns = self.program.relations[relation].columns.iter();
                let bindings =
                    columns.zip(args).map(|(column, arg)| format!("{} = {}", column.name, arg.within(dialect)));
                let bindings: Vec<String> = bindings.collect();
                if bindings.is_empty() { "yes".into() } else { bindings.join(", ") }
            }
            Role::Constraint => "a constraint is broken".into(),
            Role::CameUp(_) => format!("{} came up", atom(relation, args.collect())),
            Role::GivingWay(of) => {
                let args: Vec<syntax::Term> = args.collect();
                let (one, other) = args.split_at(args.len() / 2);
                let [one, other] = [one, other].map(|row| atom(of, row.to_vec()));
                format!("{one} gives way to {other}")
            }
            Role::Named | Role::Citations(_) | Role::Auxiliary => atom(relation, args.collect()),
        }
    }

    /// A row that is not there, as it was asked for: of a question of several conditions, the question.
    pub fn missing(&self, relation: RelationId, args: &[Option<&Value>]) -> String {
        let described = &self.program.relations[relation];
        match (described.role, &described.rules[..]) {
            (Role::Query, [rule]) => body_text(self.program, &self.program.rules[*rule]),
            (
                Role::Query
                | Role::Named
                | Role::Constraint
                | Role::Citations(_)
                | Role::Auxiliary
                | Role::CameUp(_)
                | Role::GivingWay(_),
                _,
            ) => self.pattern(relation, args),
        }
    }

    /// What is said of a row; nothing where the relation has no sentence. What the sentence does not mention stands
    /// behind it.
    pub fn sentence(&self, relation: RelationId, args: &[Option<&Value>]) -> Option<String> {
        let described = &self.program.relations[relation];
        if let Role::Citations(of) = described.role {
            let (claim, args) = args.split_last()?;
            let sentence = self.sentence(of, args)?;
            return Some(format!("{sentence} @ {}", spoken(*claim)));
        }
        let doc = described.doc.as_deref()?;
        let paragraph: Vec<&str> = doc.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
        let mut rest = paragraph.join(" ");
        let columns = described.columns.iter().zip(args);
        let mentions = |text: &str, name: &str| text.contains(&format!("{{{name}}}"));
        let (told, untold): (Vec<_>, Vec<_>) = columns.partition(|(column, _)| mentions(&rest, &column.name));
        if told.is_empty() {
            return None;
        }
        let mut sentence = String::new();
        // Values may hold braces themselves, so the text is read once, from left to right.
        while let Some(start) = rest.find('{') {
            sentence.push_str(&rest[..start]);
            let place = told.iter().find(|(column, _)| rest[start + 1..].starts_with(&format!("{}}}", column.name)));
            let taken = match place {
                Some((column, value)) => {
                    sentence.push_str(&spoken(**value));
                    column.name.len() + 2
                }
                None => {
                    sentence.push('{');
                    1
                }
            };
            rest.drain(..start + taken);
        }
        sentence.push_str(&rest);
        if !untold.is_empty() {
            let untold = untold.iter().map(|(column, value)| format!("{}: {}", column.name, spoken(**value)));
            sentence.push_str(&format!(" ({})", untold.collect::<Vec<_>>().join(", ")));
        }
        Some(sentence)
    }

    /// What is not there: the sentence of `winding_down(agr_india)` or else the atom, with `not` before it.
    pub fn absent(&self, relation: RelationId, args: &[Option<Value>]) -> String {
        let given: Vec<Option<&Value>> = args.iter().map(Option::as_ref).collect();
        match self.sentence(relation, &given) {
            Some(sentence) => format!("It is not so that {}", self.inside(relation, sentence)),
            None => self.absent_atom(relation, args),
        }
    }

    /// What is not there, as it could be written: `not q(a, _)`.
    pub fn absent_atom(&self, relation: RelationId, args: &[Option<Value>]) -> String {
        let args: Vec<Option<&Value>> = args.iter().map(Option::as_ref).collect();
        match self.program.relations[relation].role {
            Role::GivingWay(of) => format!("{} gives way to no row", self.pattern(of, &args[..args.len() / 2])),
            _ => self.not(&self.pattern(relation, &args)),
        }
    }

    /// What is there and should not be, with the marks of its claims: `not q(a, _), but q(a, b) holds [1]`.
    pub fn blocked(&self, relation: RelationId, args: &[Option<Value>], by: &[Value], marks: &str) -> String {
        let by = self.pattern(relation, &by.iter().map(Some).collect::<Vec<_>>());
        if let Role::GivingWay(_) = self.program.relations[relation].role {
            return by;
        }
        format!("{}, but {by} holds{marks}", self.absent_atom(relation, args))
    }

    /// A sentence behind other words: its first letter is small, unless it is that of a value.
    fn inside(&self, relation: RelationId, sentence: String) -> String {
        let doc = self.program.relations[relation].doc.as_deref().unwrap_or_default();
        let mut letters = sentence.chars();
        match letters.next() {
            Some(first) if !doc.trim_start().starts_with('{') => first.to_lowercase().chain(letters).collect(),
            _ => sentence,
        }
    }

    /// A premise that is no fact, in a line; rows of aggregates aside.
    pub fn premise(&self, premise: &Premise) -> Option<String> {
        Some(match premise {
            Premise::Fact(_) => return None,
            Premise::Absent { relation, args, .. } => self.absent(*relation, args),
            Premise::Compare { op, left, right } => {
                format!("{} {} {}", self.shown(left), op.sign(), self.shown_last(right))
            }
            Premise::Compute(side) => self.equation(side),
            Premise::Test { builtin, args, negated } => {
                let terms = args.iter().map(|arg| written_term(&arg.term)).collect();
                let mut line = written::test(*builtin, terms, *negated).within(self.program.dialect).to_string();
                let computed = args.iter().filter(|arg| arg.is_computed()).map(|arg| self.equation(arg));
                computed.for_each(|equation| line.push_str(&format!(", {equation}")));
                line
            }
            Premise::Aggregate(aggregate) => self.aggregate(aggregate),
        })
    }

    /// `3 = count X : { r(a, X) }`
    pub fn aggregate(&self, aggregate: &Aggregate) -> String {
        format!("{} = {}", self.value(&aggregate.value), aggregate.text)
    }

    /// What one row of an aggregate is made of: `X = belgium`.
    pub fn row(&self, row: &Row) -> String {
        let mut parts: Vec<String> =
            row.values.iter().map(|(name, value)| format!("{name} = {}", self.value(value))).collect();
        parts.extend(row.target.iter().filter(|target| target.is_computed()).map(|target| self.equation(target)));
        if parts.is_empty() { "it holds".into() } else { parts.join(", ") }
    }

    /// A value as the program spells it.
    pub fn value(&self, value: &Value) -> String {
        spelled_in(self.program.dialect, value)
    }

    /// A condition that does not hold.
    pub fn not(&self, condition: &str) -> String {
        match self.program.dialect {
            Dialect::Entail => format!("not {condition}"),
            Dialect::Souffle(_) => format!("!{condition}"),
        }
    }

    /// `27 = 3 * 100 / 11`
    pub fn equation(&self, side: &Side) -> String {
        format!("{} = {}", self.value(&side.value), self.term(&side.term))
    }

    /// A side in front of a sign: `3 * 100 / 11 = 27`, `27`.
    fn shown(&self, side: &Side) -> String {
        let value = self.value(&side.value);
        if side.is_computed() { format!("{} = {value}", self.term(&side.term)) } else { value }
    }

    /// A side behind a sign: `27 = 3 * 100 / 11`, `27`.
    fn shown_last(&self, side: &Side) -> String {
        if side.is_computed() { self.equation(side) } else { self.shown(side) }
    }

    fn term(&self, term: &Term) -> String {
        written_term(term).within(self.program.dialect).to_string()
    }
}

/// A value within a sentence.
fn spoken(value: Option<&Value>) -> String {
    value.map_or_else(|| "_".into(), Value::to_string)
}

fn written_term(term: &Term) -> syntax::Term {
    written::term(term, &mut |_| panic!("a side has values for its variables"))
}

/// `count X : { r(a, X) }`: an aggregate, with values for the variables of its group.
pub(in crate::explain) fn aggregate_text(
    program: &Program,
    rule: &Rule,
    aggregate: &check::Aggregate,
    known: &dyn Fn(VarId) -> Option<Value>,
) -> String {
    let known = |var: VarId| aggregate.outer.contains(&var).then(|| known(var)).flatten();
    let spelling = Spelling { program, rule, known: &known };
    written::aggregate(program, aggregate, &mut |var| spelling.variable(var)).within(program.dialect).to_string()
}

/// A condition as it could be written, with values for the variables that have one.
pub(in crate::explain) fn literal_text(
    program: &Program,
    rule: &Rule,
    literal: &Literal,
    known: &dyn Fn(VarId) -> Option<Value>,
) -> String {
    let spelling = Spelling { program, rule, known };
    let written = |literal: &Literal| {
        written::literal(program, literal, &mut |var| spelling.variable(var)).within(program.dialect).to_string()
    };
    // Rows of relations that nobody wrote are told of as such, see `kept_up`.
    let row = |of: RelationId, atom: &Atom| {
        let args = atom.args[..program.relations[of].columns.len()].to_vec();
        written(&Literal::Atom(Atom { relation: of, args, span: atom.span }))
    };
    match literal {
        Literal::Atom(atom) => match program.relations[atom.relation].role {
            Role::CameUp(of) => format!("{} came up", row(of, atom)),
            _ => written(literal),
        },
        Literal::Absent(atom) => match program.relations[atom.relation].role {
            Role::GivingWay(of) => format!("{} gives way to no row", row(of, atom)),
            _ => written(literal),
        },
        _ => written(literal),
    }
}

/// The body of a rule as it could be written: `p(X), not q(X)`.
fn body_text(program: &Program, rule: &Rule) -> String {
    let spelling = Spelling { program, rule, known: &|_| None };
    let body = written::body(program, &rule.body, &mut |var| spelling.variable(var));
    body.iter().map(|literal| literal.within(program.dialect).to_string()).collect::<Vec<_>>().join(", ")
}

/// How the variables of a rule are spelt.
struct Spelling<'s> {
    program: &'s Program,
    rule: &'s Rule,
    known: &'s dyn Fn(VarId) -> Option<Value>,
}

impl Spelling<'_> {
    /// The value, the name, or the aggregate that has no name for its result.
    fn variable(&self, var: VarId) -> syntax::Term {
        let variable = &self.rule.variables[var];
        match ((self.known)(var), variable.named) {
            (Some(value), _) => written::constant(value),
            (None, true) => written::variable(variable.name.clone()),
            (None, false) => match aggregate_of(&self.rule.body, var) {
                Some(aggregate) => written::aggregate(self.program, aggregate, &mut |var| self.variable(var)),
                None => written::any(),
            },
        }
    }
}

/// The aggregate that has this variable as its result.
fn aggregate_of(body: &[Literal], result: VarId) -> Option<&check::Aggregate> {
    body.iter().find_map(|literal| match literal {
        Literal::Aggregate(aggregate) if aggregate.result == result => Some(aggregate),
        Literal::Aggregate(aggregate) => aggregate_of(&aggregate.body, result),
        Literal::Or(branches) => branches.iter().find_map(|branch| aggregate_of(branch, result)),
        Literal::Atom(_) | Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) => None,
    })
}
