//! Random bodies of rules, and what a head can take from them.
//!
//! In: the relations that may be used, and those of the rule's own stratum. Out: conditions in which every variable
//! is bound by an atom, an equality, an aggregate or each branch of a choice that stands before its use.

use super::{Dice, Relation, Variable, Writer, atom};
use entail::data::{BUILTINS, Builtin, Notation, Type};

/// A body in the making.
pub(super) struct Body<'a> {
    pub(super) writer: &'a mut Writer,
    members: &'a [Relation],
    bound: Vec<Variable>,
    literals: Vec<String>,
    pub(super) fresh: usize,
}

impl<'a> Body<'a> {
    pub(super) fn new(writer: &'a mut Writer, members: &'a [Relation]) -> Self {
        Self { writer, members, bound: Vec::new(), literals: Vec::new(), fresh: 0 }
    }

    pub(super) fn text(&self) -> String {
        self.literals.join(", ")
    }

    /// Some conditions that bind, if it can be, variables of the types that the head wants.
    pub(super) fn conditions(&mut self, wanted: &[Type]) {
        let recursive_atoms = if self.members.is_empty() { 0 } else { self.dice().between(1, 2) };
        for _ in 0..recursive_atoms {
            let relation = self.writer.dice.pick(self.members);
            self.atom_of(&relation, 70);
        }
        for _ in 0..self.dice().between(usize::from(recursive_atoms == 0), 2) {
            self.atom();
        }
        for &ty in wanted {
            if self.bound_of(ty).is_none() && self.dice().percent(70) {
                self.atom_with(ty);
            }
        }
        for _ in 0..self.dice().pick(&[0, 0, 1, 1, 2, 3]) {
            self.condition();
        }
        if self.dice().percent(20) {
            let mut literals = std::mem::take(&mut self.literals);
            self.dice().shuffle(&mut literals);
            self.literals = literals;
        }
    }

    /// One more condition, of any kind.
    pub(super) fn condition(&mut self) {
        match self.dice().below(100) {
            0..22 => self.comparison(),
            22..38 => self.absent(),
            38..54 => self.assignment(),
            54..62 => self.test(),
            62..82 => self.aggregate(),
            82..92 => self.choice(),
            _ => self.cited(),
        }
    }

    fn dice(&mut self) -> &mut Dice {
        &mut self.writer.dice
    }

    fn lower(&mut self) -> Relation {
        self.writer.dice.pick(&self.writer.relations)
    }

    fn new_variable(&mut self, ty: Type) -> Variable {
        let letter = char::from(b'A' + u8::try_from(self.fresh % 26).expect("below 26"));
        let name = if self.fresh < 26 { letter.to_string() } else { format!("{letter}{}", self.fresh / 26) };
        self.fresh += 1;
        Variable { name, ty }
    }

    fn bound_of(&mut self, ty: Type) -> Option<String> {
        let fitting: Vec<String> =
            self.bound.iter().filter(|variable| variable.ty == ty).map(|variable| variable.name.clone()).collect();
        if fitting.is_empty() { None } else { Some(self.dice().pick(&fitting)) }
    }

    /// A bound variable or a constant.
    fn operand(&mut self, ty: Type) -> String {
        let variable = self.bound_of(ty).filter(|_| self.writer.dice.percent(75));
        variable.unwrap_or_else(|| self.writer.constant(ty))
    }

    pub(super) fn atom(&mut self) {
        let relation = self.lower();
        self.atom_of(&relation, 60);
    }

    /// An atom of a relation with a column of a type, if there is one.
    fn atom_with(&mut self, ty: Type) {
        let fitting = self.lower_with(ty);
        if !fitting.is_empty() {
            let relation = self.dice().pick(&fitting);
            self.atom_of(&relation, 40);
        }
    }

    fn lower_with(&self, ty: Type) -> Vec<Relation> {
        self.writer.relations.iter().filter(|relation| relation.columns.contains(&ty)).cloned().collect()
    }

    /// A positive atom. Its arguments are bound variables so many times in a hundred, if there are any.
    fn atom_of(&mut self, relation: &Relation, share: usize) {
        let args = self.positive_args(relation, share);
        self.literals.push(atom(&relation.name, &args));
    }

    fn positive_args(&mut self, relation: &Relation, share: usize) -> Vec<String> {
        let mut args = Vec::new();
        let mut met = Vec::new();
        for &ty in &relation.columns {
            let arg = match self.bound_of(ty).filter(|_| self.writer.dice.percent(share)) {
                Some(bound) if ty == Type::Number && self.dice().percent(6) => format!("{bound} + 1"),
                Some(bound) => bound,
                None => match self.dice().below(100) {
                    0..8 => "_".to_owned(),
                    8..14 => self.writer.constant(ty),
                    14..60 if ty == Type::Record => self.pattern(&mut met),
                    _ => {
                        let repeat: Vec<Variable> =
                            met.iter().filter(|met: &&Variable| met.ty == ty).cloned().collect();
                        let variable = if !repeat.is_empty() && self.dice().percent(12) {
                            self.dice().pick(&repeat)
                        } else {
                            self.new_variable(ty)
                        };
                        met.push(variable.clone());
                        variable.name
                    }
                },
            };
            args.push(arg);
        }
        for variable in met {
            if !self.bound.contains(&variable) {
                self.bound.push(variable);
            }
        }
        args
    }

    /// `$Node(S, T)`: what a record is made of, some of it given.
    fn pattern(&mut self, met: &mut Vec<Variable>) -> String {
        let (branch, types): (_, &[Type]) =
            self.dice().pick(&[("$Leaf", &[Type::Number][..]), ("$Node", &[Type::Symbol, Type::Record])]);
        let fields = types.iter().map(|&ty| match self.dice().below(10) {
            0 | 1 => "_".to_owned(),
            2 | 3 => self.operand(ty),
            _ => {
                let variable = self.new_variable(ty);
                met.push(variable.clone());
                variable.name
            }
        });
        let fields: Vec<String> = fields.collect();
        format!("{branch}({})", fields.join(", "))
    }

    /// `not p(X, _, a)`, also with `!`.
    fn absent(&mut self) {
        let relation = self.lower();
        let args: Vec<String> = relation
            .columns
            .iter()
            .map(|&ty| if self.dice().percent(25) { "_".to_owned() } else { self.operand(ty) })
            .collect();
        let sign = self.dice().pick(&["not ", "not ", "!"]);
        self.literals.push(format!("{sign}{}", atom(&relation.name, &args)));
    }

    /// `p(X) @ C`
    fn cited(&mut self) {
        let stored: Vec<Relation> = self.writer.relations.iter().filter(|relation| relation.stored).cloned().collect();
        let relation = self.dice().pick(&stored);
        if self.dice().percent(30) {
            self.absent_citation(&relation);
            return;
        }
        let args = self.positive_args(&relation, 60);
        let claim = match self.dice().below(4) {
            0 => "c1".to_owned(),
            1 => "_".to_owned(),
            _ => {
                let claim = self.new_variable(Type::Symbol);
                self.bound.push(claim.clone());
                claim.name
            }
        };
        self.literals.push(format!("{} @ {claim}", atom(&relation.name, &args)));
    }

    fn absent_citation(&mut self, relation: &Relation) {
        let args: Vec<String> = relation.columns.iter().map(|&ty| self.operand(ty)).collect();
        let claim = self.dice().pick(&["_", "c1"]);
        self.literals.push(format!("not {} @ {claim}", atom(&relation.name, &args)));
    }

    fn comparison(&mut self) {
        let Some(left) = self.any_bound() else { return self.atom() };
        let right = Some(self.operand(left.ty)).filter(|right| *right != left.name);
        let right = right.unwrap_or_else(|| self.writer.constant(left.ty));
        let sign = self.dice().pick(&["!=", "!=", "<", "<=", ">", ">=", "="]);
        self.literals.push(format!("{} {sign} {right}", left.name));
    }

    fn any_bound(&mut self) -> Option<Variable> {
        if self.bound.is_empty() { None } else { Some(self.writer.dice.pick(&self.bound)) }
    }

    /// `N = X + 1`; in a recursive rule with a fence around `N`.
    fn assignment(&mut self) {
        let recursive = !self.members.is_empty();
        let ty = if recursive { self.dice().pick(&[Type::Number, Type::Number, Type::Date]) } else { self.writer.ty() };
        let value = self.call(ty, 0);
        let reused = self.bound_of(ty).filter(|_| self.writer.dice.percent(12));
        let name = reused.unwrap_or_else(|| {
            let variable = self.new_variable(ty);
            self.bound.push(variable.clone());
            variable.name
        });
        let equality = if self.dice().percent(80) { format!("{name} = {value}") } else { format!("{value} = {name}") };
        self.literals.push(equality);
        if recursive {
            self.fence(&name, ty);
        }
    }

    fn fence(&mut self, name: &str, ty: Type) {
        let (low, high) = match ty {
            Type::Number => ("-9", "9"),
            Type::Date => ("2024-12-20", "2025-01-20"),
            Type::Symbol | Type::Unsigned | Type::Float | Type::Record => return,
        };
        self.literals.push(format!("{name} < {high}"));
        self.literals.push(format!("{name} > {low}"));
    }

    /// A term of a type that computes: common arithmetic, or any builtin of the table.
    fn call(&mut self, ty: Type, depth: usize) -> String {
        if ty == Type::Number && self.dice().percent(60) {
            return self.arithmetic();
        }
        if ty == Type::Record {
            let leaf = self.dice().percent(50);
            let fields = if leaf { vec![Type::Number] } else { vec![Type::Symbol, Type::Record] };
            let fields: Vec<String> = fields.into_iter().map(|ty| self.operand(ty)).collect();
            return format!("{}({})", if leaf { "$Leaf" } else { "$Node" }, fields.join(", "));
        }
        let rows: Vec<&Builtin> = BUILTINS.iter().filter(|row| row.result == Some(ty)).collect();
        if rows.is_empty() {
            return self.operand(ty);
        }
        let row = self.dice().pick(&rows);
        let faults = matches!(row.name, "/" | "mod" | "^" | "to_unsigned") || (row.name == "-" && ty == Type::Unsigned);
        if !self.writer.risky && faults {
            return self.operand(ty);
        }
        let args: Vec<String> =
            row.params
                .iter()
                .map(|&param| {
                    if depth < 1 && self.dice().percent(15) { self.call(param, depth + 1) } else { self.operand(param) }
                })
                .collect();
        written(row, &args)
    }

    fn arithmetic(&mut self) -> String {
        let left = self.operand(Type::Number);
        let kinds = if self.writer.risky { 6 } else { 5 };
        match self.dice().below(kinds) {
            0 | 1 => format!("{left} + {}", self.operand(Type::Number)),
            2 => format!("{left} - {}", self.operand(Type::Number)),
            3 => format!("{left} * {}", self.operand(Type::Number)),
            4 => format!("{left} {} {}", self.dice().pick(&["/", "mod"]), self.dice().pick(&["2", "3", "-2"])),
            _ => format!("{left} {} {}", self.dice().pick(&["/", "mod"]), self.operand(Type::Number)),
        }
    }

    /// A builtin predicate, or a builtin term in a comparison.
    fn test(&mut self) {
        if self.dice().percent(15) {
            return self.range();
        }
        let is_test = |row: &&Builtin| row.result.is_none() && row.notation == Notation::Call;
        let rows: Vec<&Builtin> = BUILTINS.iter().filter(is_test).collect();
        if rows.is_empty() || self.dice().percent(30) {
            let ty = self.writer.ty();
            let literal = format!("{} <= {}", self.call(ty, 0), self.operand(ty));
            return self.literals.push(literal);
        }
        let row = self.dice().pick(&rows);
        let args: Vec<String> = row.params.iter().map(|&ty| self.operand(ty)).collect();
        let not = self.dice().pick(&["", "", "not "]);
        self.literals.push(format!("{not}{}", written(row, &args)));
    }

    /// `X = range(-1, 4)`, where `X` may have a value already; few values in any case.
    fn range(&mut self) {
        let ends = ["-3", "-1", "0", "2", "4", "7"];
        let (from, mut to) = (self.dice().pick(&ends).to_owned(), self.dice().pick(&ends).to_owned());
        if let Some(bound) = self.bound_of(Type::Number).filter(|_| self.writer.dice.percent(50)) {
            to = format!("{bound} mod 5");
        }
        let step = self.dice().pick(&["", "", ", 1", ", 3", ", -2", ", 0"]);
        let value = match self.bound_of(Type::Number).filter(|_| self.writer.dice.percent(50)) {
            Some(bound) => bound,
            None => {
                let variable = self.new_variable(Type::Number);
                self.bound.push(variable.clone());
                variable.name
            }
        };
        self.literals.push(format!("{value} = range({from}, {to}{step})"));
    }

    /// `N = sum X : { p(K, X), X < 3 }`, in all its forms.
    fn aggregate(&mut self) {
        let ty = if self.members.is_empty() { self.writer.ty() } else { Type::Number };
        let outside = self.bound.clone();
        let literals = std::mem::take(&mut self.literals);
        let target = self.aggregate_body(ty);
        let inside = std::mem::replace(&mut self.literals, literals);
        self.bound = outside;
        let (op, result) = self.operation(target.is_some(), ty);
        let target = target.filter(|_| op != "count" || self.writer.dice.percent(60));
        let target = target.map_or(String::new(), |target| format!(" {target}"));
        let braces = inside.len() > 1 || inside[0].starts_with('(') || self.dice().percent(75);
        let inside = if braces { format!("{{ {} }}", inside.join(", ")) } else { inside.join(", ") };
        let value = format!("{op}{target} : {inside}");
        self.use_aggregate(&value, result);
    }

    /// Fills `literals` with the body of an aggregate; a local variable or a term over local variables to range over.
    fn aggregate_body(&mut self, ty: Type) -> Option<String> {
        let outside = self.bound.clone();
        for _ in 0..self.dice().pick(&[1, 1, 1, 2]) {
            let relation = self.lower();
            self.atom_of(&relation, 45);
        }
        match self.dice().below(12) {
            0 => self.comparison(),
            1 => self.absent(),
            2 => self.choice(),
            3..6 => self.order(&outside),
            _ => {}
        }
        let local: Vec<String> = self
            .bound
            .iter()
            .filter(|variable| variable.ty == ty && !outside.contains(variable))
            .map(|variable| variable.name.clone())
            .collect();
        if local.is_empty() {
            return None;
        }
        let target = self.dice().pick(&local);
        let scaled = ty == Type::Number && self.dice().percent(15);
        Some(if scaled { format!("{target} * {}", self.dice().pick(&["2", "-1", "3"])) } else { target })
    }

    /// `Y < X`, where only `X` is known outside; or of two such pairs `(A < X ; A = X, B < Y)`.
    fn order(&mut self, outside: &[Variable]) {
        let local: Vec<Variable> = self.bound.iter().filter(|variable| !outside.contains(variable)).cloned().collect();
        let mut pairs = Vec::new();
        for one in local {
            let known: Vec<&Variable> = outside.iter().filter(|other| other.ty == one.ty).collect();
            if !known.is_empty() {
                pairs.push((one.name, self.dice().pick(&known).name.clone()));
            }
        }
        let sign = self.dice().pick(&["<", "<=", ">", ">="]);
        let literal = match &pairs[..] {
            [] => return self.comparison(),
            [(a, x), (b, y), ..] if self.dice().percent(40) => {
                format!("({a} {} {x} ; {a} = {x}, {b} {sign} {y})", &sign[..1])
            }
            [(a, x), ..] if self.dice().percent(50) => format!("{x} {sign} {a}"),
            [(a, x), ..] => format!("{a} {sign} {x}"),
        };
        self.literals.push(literal);
    }

    /// An aggregate that ranges over a type, and the type of its value.
    fn operation(&mut self, has_target: bool, ty: Type) -> (&'static str, Type) {
        let adds = matches!(ty, Type::Number | Type::Unsigned | Type::Float);
        match self.dice().below(if has_target { 6 } else { 1 }) {
            0 | 1 => ("count", Type::Number),
            2 => ("min", ty),
            3 => ("max", ty),
            4 if adds && self.members.is_empty() => ("mean", Type::Float),
            _ if adds => ("sum", ty),
            _ => ("count", Type::Number),
        }
    }

    fn use_aggregate(&mut self, value: &str, result: Type) {
        let known = self.bound_of(result).filter(|_| self.writer.dice.percent(12));
        let name = match known {
            Some(name) => name,
            None if self.dice().percent(12) => {
                let constant = self.writer.constant(result);
                return self.literals.push(format!("{constant} <= {value}"));
            }
            None => {
                let variable = self.new_variable(result);
                self.bound.push(variable.clone());
                variable.name
            }
        };
        self.literals.push(format!("{name} = {value}"));
        if !self.members.is_empty() {
            self.fence(&name, result);
        }
    }

    /// `(p(X), X < 2 ; X = 3)`: each branch binds one new variable, and perhaps others that stay inside.
    fn choice(&mut self) {
        let ty = self.writer.ty();
        let shared = self.new_variable(ty);
        let outside = self.bound.clone();
        let literals = std::mem::take(&mut self.literals);
        let mut branches = Vec::new();
        for _ in 0..self.dice().pick(&[2, 2, 3]) {
            self.branch(&shared, &outside);
            branches.push(std::mem::take(&mut self.literals).join(", "));
            self.bound.clone_from(&outside);
        }
        self.literals = literals;
        self.bound.push(shared);
        self.literals.push(format!("({})", branches.join(" ; ")));
    }

    fn branch(&mut self, shared: &Variable, outside: &Vec<Variable>) {
        let fitting = self.lower_with(shared.ty);
        if fitting.is_empty() || self.dice().percent(30) {
            let value = self.operand(shared.ty);
            self.literals.push(format!("{} = {value}", shared.name));
        } else {
            let relation = self.dice().pick(&fitting);
            let mut args = self.positive_args(&relation, 40);
            let column = relation.columns.iter().position(|&ty| ty == shared.ty).expect("it has such a column");
            args[column].clone_from(&shared.name);
            self.literals.push(atom(&relation.name, &args));
        }
        self.bound.clone_from(outside);
        self.bound.push(shared.clone());
        match self.dice().below(8) {
            0 => self.comparison(),
            1 => self.absent(),
            _ => {}
        }
    }

    /// What the head puts into its columns; in a recursive rule nothing new.
    pub(super) fn head(&mut self, columns: &[Type]) -> Vec<String> {
        let computes = self.members.is_empty();
        columns
            .iter()
            .map(|&ty| match self.bound_of(ty) {
                Some(_) if computes && self.dice().percent(10) => self.call(ty, 0),
                Some(bound) if self.dice().percent(96) => bound,
                None if computes && self.dice().percent(50) => self.call(ty, 0),
                Some(_) | None => self.writer.constant(ty),
            })
            .collect()
    }
}

/// A builtin as it is written.
fn written(row: &Builtin, args: &[String]) -> String {
    match (row.notation, args) {
        (Notation::Infix, [left, right]) => format!("({left}) {} ({right})", row.name),
        (Notation::Prefix, [operand]) => format!("{}({operand})", row.name),
        (Notation::Infix | Notation::Prefix | Notation::Call | Notation::OneOf, args) => {
            format!("{}({})", row.name, args.join(", "))
        }
    }
}
