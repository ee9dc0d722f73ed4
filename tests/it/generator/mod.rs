//! Random programs.
//!
//! In: a seed, or [`Dice`] that were told what to throw. Out: the text of a program, the same for the same throws on every
//! machine. Promise: it parses, every
//! variable is bound, types fit and strata exist by construction; relations stay small, and recursion that computes new
//! values is fenced in (`N < 9, N > -9`), so that the slow twin ends soon. What is random: facts with and without
//! citations, recursion of several shapes, negation, aggregates, choices, comparisons, every builtin of the table,
//! equivalences, and now and then arithmetic that faults.

mod body;
mod dice;
mod recursion;
mod upkeep;

use body::Body;
pub(crate) use dice::Dice;
use entail::data::Type;
pub(crate) use recursion::{recursion, thrown_recursion};
pub(crate) use upkeep::upkeep;

/// The program of a seed.
pub(crate) fn program(seed: u64) -> String {
    thrown_program(Dice::new(seed), Dice::new(!seed))
}

/// The program of these throws; `classes` are those for what is an equivalence.
pub(crate) fn thrown_program(dice: Dice, classes: Dice) -> String {
    let mut writer = Writer::new(dice, classes);
    writer.stored_relations();
    let target = writer.rules + writer.dice.between(2, 12);
    while writer.rules < target {
        writer.layer();
    }
    writer.questions();
    writer.lines.join("\n") + "\n"
}

#[derive(Clone)]
struct Relation {
    name: String,
    columns: Vec<Type>,
    stored: bool,
}

#[derive(Clone, PartialEq)]
struct Variable {
    name: String,
    ty: Type,
}

/// What a `.decl` calls a type.
fn type_name(ty: Type) -> &'static str {
    if ty == Type::Record { "Tree" } else { ty.name() }
}

/// Writes a program from its bottom stratum up.
struct Writer {
    dice: Dice,
    /// Throws for what is an equivalence, apart from all others.
    classes: Dice,
    lines: Vec<String>,
    rules: usize,
    /// The relations of finished strata.
    relations: Vec<Relation>,
    /// Whether this program may meet overflow and division by zero.
    risky: bool,
}

impl Writer {
    fn new(mut dice: Dice, classes: Dice) -> Self {
        let risky = dice.percent(30);
        let tree = ".type Tree = Leaf { n: number } | Node { s: symbol, t: Tree } | Nothing {}";
        Self { dice, classes, lines: vec![tree.to_owned()], rules: 0, relations: Vec::new(), risky }
    }

    fn stored_relations(&mut self) {
        for index in 0..self.dice.between(2, 4) {
            let most = if index == 0 { 2 } else { 3 };
            let mut columns = self.columns(most);
            if index == 0 {
                columns = vec![self.dice.pick(&[Type::Symbol, Type::Number]); 2];
            }
            let relation = Relation { name: format!("e{index}"), columns, stored: true };
            let empty = index > 0 && self.dice.percent(5);
            let declared = empty || self.dice.percent(70);
            self.declare(&relation, declared);
            self.facts(&relation, if empty { 0 } else { 7 });
            self.relations.push(relation);
        }
    }

    fn columns(&mut self, most: usize) -> Vec<Type> {
        let count = if self.dice.percent(7) { 0 } else { self.dice.between(1, most) };
        let known: Vec<Type> = self.relations.iter().flat_map(|relation| relation.columns.clone()).collect();
        let known_or_any = |writer: &mut Self| {
            if writer.rules == 0 || writer.dice.percent(20) { writer.ty() } else { writer.dice.pick(&known) }
        };
        (0..count).map(|_| known_or_any(self)).collect()
    }

    fn ty(&mut self) -> Type {
        match self.dice.below(100) {
            0..38 => Type::Symbol,
            38..76 => Type::Number,
            76..82 => Type::Float,
            82..87 => Type::Unsigned,
            87..93 => Type::Record,
            _ => Type::Date,
        }
    }

    fn declare(&mut self, relation: &Relation, declared: bool) {
        if declared {
            let columns =
                relation.columns.iter().enumerate().map(|(index, ty)| format!("x{index}: {}", type_name(*ty)));
            let can_be = relation.columns.len() == 2 && relation.columns[0] == relation.columns[1];
            let equivalence = if can_be && self.classes.percent(25) { " equivalence" } else { "" };
            let columns = columns.collect::<Vec<_>>().join(", ");
            self.lines.push(format!(".decl {}({columns}){equivalence}", relation.name));
        }
    }

    fn facts(&mut self, relation: &Relation, most: usize) {
        let count = if most == 0 { 0 } else { self.dice.between(1, most) };
        for _ in 0..count {
            let args: Vec<String> = relation.columns.iter().map(|&ty| self.constant(ty)).collect();
            let cited = ["", "", "", " @ c1", " @ c2", " @ c1, c3"];
            let line = format!("{}{}.", atom(&relation.name, &args), self.dice.pick(&cited));
            self.lines.push(line);
        }
    }

    /// A constant of a type, from a small domain so that joins meet.
    fn constant(&mut self, ty: Type) -> String {
        let far = self.dice.percent(if self.risky && ty == Type::Number { 12 } else { 5 });
        let choices: &[&str] = match ty {
            Type::Symbol if far => {
                &["\"\"", "\"x y\"", "\"12\"", "\"-0.5\"", "\"2025-02\"", "\"199X\"", "\"Éa\"", "\"a\\\"b\""]
            }
            Type::Symbol => &["a", "b", "c", "d", "\"Ab\""],
            Type::Number if far && self.risky => {
                &["9223372036854775807", "-9223372036854775808", "4611686018427387904"]
            }
            Type::Number if far => &["-3", "10", "0x1f", "2025", "1_000"],
            Type::Number => &["0", "1", "2", "3", "4"],
            Type::Unsigned if far && self.risky => &["18446744073709551615u", "9223372036854775808u"],
            Type::Unsigned if far => &["10u", "0x1fu", "1_000u"],
            Type::Unsigned => &["0u", "1u", "2u", "3u", "4u"],
            Type::Float if far => &["-2.25", "1e300", "0.1", "1e-7"],
            Type::Float => &["0.0", "0.5", "1.5", "2.0"],
            Type::Date if far => &["2024-02-29", "0000-01-01", "9999-12-31", "1999-12-31"],
            Type::Record if far => &["$Node(b, $Node(a, $Leaf(-3)))", "$Node(\"x y\", $Nothing)"],
            Type::Record => &["$Nothing", "$Leaf(1)", "$Leaf(2)", "$Node(a, $Leaf(1))", "$Node(a, $Nothing)"],
            Type::Date => &["2025-01-01", "2025-01-02", "2025-01-31", "2025-02-01"],
        };
        self.dice.pick(choices).to_owned()
    }

    /// One or two new relations that may depend on each other and on what lies below.
    fn layer(&mut self) {
        let first = self.lines.len();
        let members: Vec<Relation> = (0..if self.dice.percent(25) { 2 } else { 1 })
            .map(|member| {
                let name = format!("r{}_{member}", self.relations.len());
                Relation { name, columns: self.columns(2), stored: self.dice.percent(12) }
            })
            .collect();
        if members.len() == 1 && self.dice.percent(25) && self.closure(&members[0].name) {
            return;
        }
        for relation in &members {
            self.rule(relation, &[]);
            if self.dice.percent(25) {
                self.rule(relation, &[]);
            }
            if members.len() == 2 || self.dice.percent(40) {
                self.rule(relation, &members);
            }
        }
        for relation in &members {
            let declared = self.dice.percent(50);
            if relation.stored {
                self.facts(relation, 2);
            }
            if declared {
                self.declare(relation, true);
                let line = self.lines.pop().expect("a declaration was written");
                self.lines.insert(first, line);
            }
        }
        self.relations.extend(members);
    }

    /// The transitive closure of a relation with two columns of a type, left-, right- or non-linear.
    fn closure(&mut self, name: &str) -> bool {
        let edges: Vec<Relation> = self
            .relations
            .iter()
            .filter(|relation| relation.columns.len() == 2 && relation.columns[0] == relation.columns[1])
            .cloned()
            .collect();
        if edges.is_empty() {
            return false;
        }
        let edge = self.dice.pick(&edges);
        let e = &edge.name;
        let step = match self.dice.below(4) {
            0 => format!("{name}(X, Y), {e}(Y, Z)"),
            1 => format!("{e}(X, Y), {name}(Y, Z)"),
            2 => format!("{name}(X, Y), {name}(Y, Z)"),
            _ => format!("{name}(Y, X), {e}(_, Y), {name}(Y, Z), X != Z"),
        };
        self.lines.push(format!("{name}(X, Y) :- {e}(X, Y)."));
        self.lines.push(format!("{name}(X, Z) :- {step}."));
        self.rules += 2;
        self.relations.push(Relation { name: name.to_owned(), columns: edge.columns, stored: false });
        true
    }

    /// A rule for a relation. `members` are the relations of its own stratum that its body may use.
    fn rule(&mut self, head: &Relation, members: &[Relation]) {
        let mut fresh = 0;
        let bodies: Vec<(String, Vec<String>)> = (0..if self.dice.percent(8) { 2 } else { 1 })
            .map(|_| {
                let mut body = Body::new(self, members);
                body.fresh = fresh;
                body.conditions(&head.columns);
                let args = body.head(&head.columns);
                fresh = body.fresh;
                (body.text(), args)
            })
            .collect();
        let line = match bodies.as_slice() {
            [(body, args)] => format!("{} :- {body}.", atom(&head.name, args)),
            several => {
                let names: Vec<String> = (0..head.columns.len()).map(|index| format!("H{index}")).collect();
                let equal = |args: &[String]| -> String {
                    names.iter().zip(args).map(|(name, arg)| format!(", {name} = {arg}")).collect()
                };
                let branches: Vec<String> = several.iter().map(|(body, args)| body.clone() + &equal(args)).collect();
                format!("{} :- {}.", atom(&head.name, &names), branches.join(" ; "))
            }
        };
        self.lines.push(line);
        self.rules += 1;
    }

    /// Queries and constraints.
    fn questions(&mut self) {
        for _ in 0..self.dice.between(0, 2) {
            let mut body = Body::new(self, &[]);
            body.atom();
            if body.writer.dice.percent(40) {
                body.condition();
            }
            let body = body.text();
            // A named variable of a question is one of its columns, so no side of a `;` may leave it out.
            if body.contains(" ; ") {
                continue;
            }
            let line = match self.dice.below(3) {
                0 => format!("{body}?"),
                1 => format!("?- {body}."),
                _ => format!(":- {body}."),
            };
            self.lines.push(line);
        }
    }
}

/// `p(X, Y)`, or `p` without arguments.
pub(crate) fn atom(name: &str, args: &[String]) -> String {
    if args.is_empty() { name.to_owned() } else { format!("{name}({})", args.join(", ")) }
}
