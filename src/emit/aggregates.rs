//! Aggregates in Soufflé.
//!
//! Soufflé counts rows and not values, orders only numbers in an aggregate, and takes no `;` into one. What an aggregate
//! ranges over is then derived beside the rule, as a relation of the group and of what is aggregated.

use super::clauses::{Clause, Conditions, Place, Writer, atom, clause_of, compare, condition};
use super::values::{each_of_body, each_within, type_name};
use crate::check::{Aggregate, AggregateOp, CompareOp, Literal, Rule, Term, VarId, written as tree};
use crate::data::{Function, Type, Value};
use crate::report::Span;
use crate::syntax::{self, ItemKind, LiteralKind, TermKind};
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Clause<'_, 'a> {
    /// Adds the condition that a variable is an aggregate.
    pub(super) fn aggregate(&mut self, aggregate: &'a Aggregate, into: &mut Conditions) {
        let ty = self.rule.variables[aggregate.result].ty;
        let is_ordered = matches!(aggregate.op, AggregateOp::Min | AggregateOp::Max);
        let target = aggregate.target.as_ref();
        match target {
            Some(_) if is_ordered && ty == Type::Record => {
                self.writer.refuse(
                    aggregate.span,
                    "records are not ordered in Soufflé",
                    "the least or greatest record",
                );
            }
            Some(target) if is_ordered && matches!(ty, Type::Symbol | Type::Date) => {
                self.extreme(aggregate, target, ty, into);
            }
            Some(target) if aggregate.op == AggregateOp::Count => {
                let Some(values) = self.values(aggregate, target) else { return };
                let mut inner = Conditions::new(Place::Aggregate);
                let mut args = self.group(aggregate);
                args.push(self.fresh("_V"));
                inner.literals.push(condition(LiteralKind::Atom(atom(&values, args))));
                self.equate(aggregate.result, AggregateOp::Count, None, inner, into);
            }
            _ => {
                let Some((inner, target)) = self.ranged_over(aggregate) else { return };
                self.reckon(aggregate, inner, target, into);
            }
        }
    }

    /// `R = sum E : { … }`
    fn reckon(
        &mut self,
        aggregate: &'a Aggregate,
        inner: Conditions,
        target: Option<syntax::Term>,
        into: &mut Conditions,
    ) {
        let of_floats = aggregate.target.as_ref().is_some_and(|target| self.is_float(target));
        let adds = matches!(aggregate.op, AggregateOp::Sum | AggregateOp::Mean);
        self.writer.known.wide |= adds;
        self.writer.adds_floats |= adds && of_floats;
        if aggregate.op != AggregateOp::Mean || of_floats {
            self.equate(aggregate.result, aggregate.op, target, inner, into);
            return;
        }
        // The mean of numbers is their exact sum by their number.
        let body = inner.settled();
        let mut reckoned = |op, target: Option<syntax::Term>| {
            let value = self.fresh("V");
            let body = body.clone();
            let aggregate = syntax::Aggregate { op, target, body };
            into.literals.push(compare(CompareOp::Eq, value.clone(), of(aggregate)));
            value
        };
        let sum = reckoned(AggregateOp::Sum, target);
        let count = reckoned(AggregateOp::Count, None);
        into.literals.push(compare(CompareOp::Gt, count.clone(), tree::constant(Value::Number(0))));
        let [sum, count] = [sum, count].map(|term| named_call("to_float", term));
        let mean = TermKind::Binary { op: "/", left: Box::new(sum), right: Box::new(count) };
        let result = tree::variable(self.variable(aggregate.result));
        into.literals.push(compare(CompareOp::Eq, result, syntax::Term { kind: mean, span: Span::default() }));
    }

    fn equate(
        &mut self,
        result: VarId,
        op: AggregateOp,
        target: Option<syntax::Term>,
        inner: Conditions,
        into: &mut Conditions,
    ) {
        let result = tree::variable(self.variable(result));
        let aggregate = syntax::Aggregate { op, target, body: inner.settled() };
        into.literals.push(compare(CompareOp::Eq, result, of(aggregate)));
    }

    fn is_float(&self, term: &Term) -> bool {
        match term {
            Term::Variable(var) => self.rule.variables[*var].ty == Type::Float,
            Term::Constant(value) => value.ty() == Type::Float,
            Term::Call { function, .. } => function.result() == Type::Float,
            Term::Wildcard => false,
        }
    }

    /// The least or greatest text: a value that no other goes before.
    fn extreme(&mut self, aggregate: &'a Aggregate, target: &'a Term, ty: Type, into: &mut Conditions) {
        let Some(values) = self.values(aggregate, target) else { return };
        let group = self.group(aggregate);
        let op = if aggregate.op == AggregateOp::Min { CompareOp::Lt } else { CompareOp::Gt };
        let [value, other] = [self.fresh("V"), self.fresh("V")];
        let with =
            |name: &str, value: &syntax::Term| atom(name, group.iter().cloned().chain([value.clone()]).collect());
        let beaten = self.writer.names.fresh(&format!("{values}_beaten"));
        let types = aggregate.outer.iter().map(|var| self.column_type(*var)).chain([Some(type_name(ty).to_owned())]);
        let types = types.collect();
        self.writer.declare(&beaten, types, aggregate.span);
        let body = vec![
            condition(LiteralKind::Atom(with(&values, &value))),
            condition(LiteralKind::Atom(with(&values, &other))),
            compare(op, other.clone(), value.clone()),
        ];
        self.writer.beside.push(clause_of(with(&beaten, &value), body));
        let result = tree::variable(self.variable(aggregate.result));
        into.literals.push(condition(LiteralKind::Atom(with(&values, &result))));
        into.literals.push(condition(LiteralKind::Not(with(&beaten, &result))));
    }

    /// Whether Soufflé would derive by itself what an aggregate ranges over, and err: it takes an atom that gives a variable
    /// of the group its values, counts too early where the same stratum still adds rows to that, and gives up where only
    /// something else than an atom gives them.
    fn is_drawn_out_wrongly(&self, aggregate: &Aggregate) -> bool {
        let atoms = aggregate.body.iter().filter(|literal| matches!(literal, Literal::Atom(_))).count();
        let mut computes = aggregate.body.iter().any(|it| matches!(it, Literal::Aggregate(_) | Literal::Test(_)));
        let mut look = |term: &Term| {
            // A day is computed in steps, by ranges of one number.
            computes |= matches!(term, Term::Call { function, .. } if function.result() == Type::Date);
        };
        each_of_body(&aggregate.body, &mut look);
        aggregate.target.iter().for_each(|target| each_within(target, &mut look));
        let is_open = |var: &&VarId| !aggregate.body.iter().any(|literal| binds_alone(literal, **var));
        let open: Vec<VarId> = aggregate.outer.iter().filter(is_open).copied().collect();
        let around = || self.around.iter().flat_map(|body| body.iter()).filter(|it| matches!(it, Literal::Atom(_)));
        let grows = || around().any(|atom| !self.may_bind(atom, aggregate));
        let is_elsewhere = |var: &VarId| !around().any(|atom| binds(atom, *var));
        (atoms > 1 || computes) && (!open.is_empty() && grows() || open.iter().any(is_elsewhere))
    }

    /// The variables that an aggregate shares with the outside.
    fn group(&mut self, aggregate: &Aggregate) -> Vec<syntax::Term> {
        aggregate.outer.iter().map(|var| tree::variable(self.variable(*var))).collect()
    }

    /// What an aggregate ranges over, and what it takes of that: its body, or a relation where there is a `;` or a
    /// record in it.
    fn ranged_over(&mut self, aggregate: &'a Aggregate) -> Option<(Conditions, Option<syntax::Term>)> {
        let target = aggregate.target.as_ref();
        if !stands_beside(aggregate) && !self.is_drawn_out_wrongly(aggregate) {
            let mut inner = self.body(&aggregate.body, Place::Aggregate);
            let target = target.map(|target| self.term(target, &mut inner));
            return Some((inner, target));
        }
        let loose = aggregate.local.iter().find(|var| !aggregate.body.iter().any(|literal| binds(literal, **var)));
        if let Some(loose) = loose {
            let name = &self.rule.variables[*loose].name;
            let what = format!("a side of this `;` leaves `{name}` open");
            self.writer.refuse(aggregate.span, what, "Soufflé takes no `;` into an aggregate");
            return None;
        }
        let terms: Vec<Term> = aggregate.local.iter().map(|var| Term::Variable(*var)).collect();
        let columns: Vec<&Term> = terms.iter().chain(target).collect();
        let name = self.derive(aggregate, &columns, Place::Aggregate)?;
        let mut args = self.group(aggregate);
        args.extend(aggregate.local.iter().map(|var| tree::variable(self.variable(*var))));
        let target = target.map(|_| self.fresh("V"));
        args.extend(target.clone());
        let mut inner = Conditions::new(Place::Aggregate);
        inner.literals.push(condition(LiteralKind::Atom(atom(&name, args))));
        Some((inner, target))
    }

    /// The relation of the values that an aggregate ranges over, by group.
    fn values(&mut self, aggregate: &'a Aggregate, target: &'a Term) -> Option<String> {
        self.derive(aggregate, &[target], Place::Rule)
    }

    /// A relation of the group of an aggregate, and of these terms of its body, which is written as for this place.
    fn derive(&mut self, aggregate: &'a Aggregate, terms: &[&Term], place: Place) -> Option<String> {
        let context = self.context(aggregate)?;
        let head = &self.writer.relations[self.rule.head];
        let name = self.writer.names.fresh(&format!("{head}_{}", aggregate.op.name()));
        let types = aggregate.outer.iter().map(|var| self.column_type(*var));
        let types = types.chain(terms.iter().map(|term| self.type_of(term))).collect();
        self.writer.declare(&name, types, aggregate.span);
        let rule: &'a Rule = self.rule;
        let around = self.around.clone();
        let mut clause = Clause::new(self.writer, rule);
        clause.around = around;
        let mut conditions = Conditions::new(place);
        for literal in context {
            clause.write(std::slice::from_ref(literal), &mut conditions);
        }
        clause.write(&aggregate.body, &mut conditions);
        let mut args = clause.group(aggregate);
        args.extend(terms.iter().map(|term| clause.term(term, &mut conditions)));
        let item = clause_of(atom(&name, args), conditions.settled());
        self.writer.beside.push(item);
        Some(name)
    }

    /// The conditions around an aggregate that give values to those variables of its group that its body does not.
    fn context(&mut self, aggregate: &'a Aggregate) -> Option<Vec<&'a Literal>> {
        let by_body = |var: &VarId| aggregate.body.iter().any(|literal| binds_alone(literal, *var));
        let mut bound: BTreeSet<VarId> = aggregate.outer.iter().copied().filter(by_body).collect();
        let mut wanted: Vec<VarId> = aggregate.outer.iter().copied().filter(|var| !by_body(var)).collect();
        let binders = self.binders(aggregate, &bound);
        let mut chosen: Vec<&'a Literal> = Vec::new();
        while let Some(var) = wanted.pop() {
            if !bound.insert(var) {
                continue;
            }
            let Some(binder) = binders.get(&var) else {
                let name = &self.rule.variables[var].name;
                let what = format!("`{name}` has its values from too far away for Soufflé");
                self.writer.refuse(aggregate.span, what, "what the aggregate ranges over is derived beside the rule");
                return None;
            };
            wanted.extend(needs(binder, var));
            if !chosen.iter().any(|literal| std::ptr::eq(*literal, *binder)) {
                chosen.push(binder);
            }
        }
        chosen.reverse();
        Some(chosen)
    }

    /// The conditions around an aggregate by the variables that they bind, none of which needs what it binds itself, be it
    /// over others.
    fn binders(&self, aggregate: &Aggregate, bound: &BTreeSet<VarId>) -> BTreeMap<VarId, &'a Literal> {
        let around = || self.around.iter().rev().flat_map(|body| body.iter());
        let is_atom = |literal: &&Literal| matches!(literal, Literal::Atom(_));
        let literals: Vec<&'a Literal> = around().filter(is_atom).chain(around().filter(|it| !is_atom(it))).collect();
        let mut binders = BTreeMap::new();
        loop {
            let known = binders.len();
            for literal in literals.iter().filter(|literal| self.may_bind(literal, aggregate)) {
                for (var, _) in self.rule.variables.enumerate().filter(|(var, _)| binds(literal, *var)) {
                    let is_known = |var: &VarId| bound.contains(var) || binders.contains_key(var);
                    if !is_known(&var) && needs(literal, var).iter().all(is_known) {
                        binders.insert(var, *literal);
                    }
                }
            }
            if binders.len() == known {
                return binders;
            }
        }
    }

    /// Whether what an aggregate ranges over may be derived from this condition: an atom of a lower stratum, an equality,
    /// another aggregate.
    fn may_bind(&self, literal: &Literal, aggregate: &Aggregate) -> bool {
        let program = self.writer.program;
        match literal {
            Literal::Atom(atom) => {
                let found = program.relations[atom.relation].stratum;
                found.is_none() || found != program.relations[self.rule.head].stratum
            }
            Literal::Compare(_) | Literal::Test(_) => true,
            Literal::Aggregate(other) => !std::ptr::eq(other, aggregate),
            Literal::Absent(_) | Literal::Or(_) => false,
        }
    }

    fn type_of(&self, term: &Term) -> Option<String> {
        match term {
            Term::Variable(var) => self.column_type(*var),
            Term::Constant(value) if value.ty() != Type::Record => Some(type_name(value.ty()).to_owned()),
            Term::Call { function, .. } if function.result() != Type::Record => {
                Some(type_name(function.result()).to_owned())
            }
            Term::Constant(_) | Term::Call { .. } | Term::Wildcard => None,
        }
    }

    /// What the column of a variable is declared as; nothing where it is a record that stands in no column.
    fn column_type(&self, var: VarId) -> Option<String> {
        let ty = self.rule.variables[var].ty;
        if ty != Type::Record {
            return Some(type_name(ty).to_owned());
        }
        self.writer.record_of(&self.rule.body, var)
    }
}

impl Writer<'_> {
    /// Declares a relation that stands beside a rule.
    fn declare(&mut self, name: &str, types: Vec<Option<String>>, span: Span) {
        let mut columns = Vec::new();
        for (at, ty) in (1..).zip(types) {
            let Some(ty) = ty else {
                self.refuse(span, "nothing says which type a record is of", "derived beside the rule");
                return;
            };
            let named = |text: String| syntax::Name { text, span: Span::default() };
            columns.push(syntax::ColumnDecl { name: named(format!("x{at}")), ty: Some(named(ty)), is_lattice: false });
        }
        let name = syntax::Name { text: name.to_owned(), span: Span::default() };
        self.beside.push(ItemKind::Relation(syntax::RelationDecl { name, columns, qualifiers: Vec::new() }));
    }

    /// The type of the records in a column that a variable stands in.
    fn record_of(&self, body: &[Literal], var: VarId) -> Option<String> {
        body.iter().find_map(|literal| match literal {
            Literal::Atom(atom) | Literal::Absent(atom) => {
                let at = atom.args.iter().position(|arg| *arg == Term::Variable(var))?;
                self.column_type(&self.program.relations[atom.relation].columns[at])
            }
            Literal::Aggregate(aggregate) => self.record_of(&aggregate.body, var),
            Literal::Or(branches) => branches.iter().find_map(|branch| self.record_of(branch, var)),
            Literal::Compare(_) | Literal::Test(_) => None,
        })
    }
}

/// Whether what an aggregate ranges over is derived beside its rule: Soufflé takes no `;` into one, loses track of a record
/// that is taken apart there, and takes the `_` of an absence there for a variable that nothing binds.
fn stands_beside(aggregate: &Aggregate) -> bool {
    let mut of_records = false;
    let mut look = |term: &Term| {
        of_records |= matches!(term, Term::Call { function: Function::Make(_) | Function::Field(_), .. });
    };
    each_of_body(&aggregate.body, &mut look);
    aggregate.target.iter().for_each(|target| each_within(target, &mut look));
    let is_lost = |literal: &Literal| match literal {
        Literal::Or(_) => true,
        Literal::Absent(atom) => atom.args.contains(&Term::Wildcard),
        Literal::Atom(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) => false,
    };
    of_records || aggregate.body.iter().any(is_lost)
}

/// Whether a condition gives a variable its values.
fn binds(literal: &Literal, var: VarId) -> bool {
    let is_it = |term: &Term| *term == Term::Variable(var);
    match literal {
        Literal::Atom(atom) => atom.args.iter().any(is_it),
        Literal::Compare(comparison) => {
            comparison.op == CompareOp::Eq && (is_it(&comparison.left) || is_it(&comparison.right))
        }
        Literal::Aggregate(aggregate) => aggregate.result == var,
        Literal::Or(branches) => branches.iter().all(|branch| branch.iter().any(|literal| binds(literal, var))),
        Literal::Test(test) => test.binds() == Some(var),
        Literal::Absent(_) => false,
    }
}

/// Whether a condition gives a variable its values, whatever the others say: in `X = Y` each may wait for the other.
fn binds_alone(literal: &Literal, var: VarId) -> bool {
    match literal {
        Literal::Or(branches) => branches.iter().all(|branch| branch.iter().any(|literal| binds_alone(literal, var))),
        Literal::Compare(_) => binds(literal, var) && needs(literal, var).is_empty(),
        Literal::Atom(_) | Literal::Aggregate(_) | Literal::Test(_) | Literal::Absent(_) => binds(literal, var),
    }
}

/// The variables that a condition needs before it gives this one its values.
fn needs(literal: &Literal, var: VarId) -> Vec<VarId> {
    let mut found = Vec::new();
    match literal {
        Literal::Atom(atom) => atom.args.iter().filter(|arg| arg.is_call()).for_each(|arg| {
            variables(arg, &mut found);
        }),
        Literal::Compare(comparison) => {
            [&comparison.left, &comparison.right].into_iter().for_each(|side| variables(side, &mut found));
        }
        Literal::Aggregate(aggregate) => found.extend(&aggregate.outer),
        Literal::Test(test) => test.args.iter().for_each(|arg| variables(arg, &mut found)),
        Literal::Absent(_) | Literal::Or(_) => {}
    }
    found.retain(|found| *found != var);
    found
}

fn variables(term: &Term, found: &mut Vec<VarId>) {
    match term {
        Term::Variable(var) => found.push(*var),
        Term::Call { args, .. } => args.iter().for_each(|arg| variables(arg, found)),
        Term::Wildcard | Term::Constant(_) => {}
    }
}

fn of(aggregate: syntax::Aggregate) -> syntax::Term {
    syntax::Term { kind: TermKind::Aggregate(Box::new(aggregate)), span: Span::default() }
}

fn named_call(name: &str, arg: syntax::Term) -> syntax::Term {
    let name = syntax::Name { text: name.to_owned(), span: Span::default() };
    syntax::Term { kind: TermKind::Call { name, args: vec![arg] }, span: Span::default() }
}
