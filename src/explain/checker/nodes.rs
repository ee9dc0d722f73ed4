//! Whether a node is stored, or an instance of its rule: the premises are the literals of its body with values for the
//! variables, and what they say is so; or whether the premises are pairs that lead to a pair of an equivalence.

use super::terms::{Binding, calls, side, value};
use super::verdict::{Verdict, ensure};
use crate::check::{Atom, CompareOp, Literal, RelationId, Role, Rule, Term, VarId};
use crate::data::{Value, Word};
use crate::explain::ground::{Fact, Ground};
use crate::explain::proof::{Node, Premise, Proof, Via};
use crate::explain::words::aggregate_text;

pub(super) struct Checker<'c, 'a> {
    pub(super) ground: &'c Ground<'a>,
    pub(super) proof: &'c Proof,
}

/// A literal, and the premises that are said to be its.
pub(super) struct Claim<'c> {
    literal: &'c Literal,
    premises: &'c [Premise],
}

impl<'c> Checker<'c, '_> {
    pub(super) fn node(&self, node: &Node) -> Verdict<()> {
        match &node.via {
            Via::Stored { citations } => {
                let fact = self.fact(node).filter(|fact| self.ground.is_stored(fact)).ok_or("it is not stored")?;
                ensure(self.ground.citations(&fact) == *citations, "it cites other claims")
            }
            Via::Rule { rule, premises } => {
                let derives = self.ground.program.relations[node.relation].rules.contains(rule);
                ensure(derives, "the rule derives another relation")?;
                let rule = &self.ground.program.rules[*rule];
                let literals: Vec<&Literal> = rule.body.iter().collect();
                let binding = self.given(node, rule)?;
                self.instance(rule, &literals, premises, binding, Vec::new(), &|binding, rest| {
                    let row: Option<Vec<Value>> = rule.args.iter().map(|arg| value(arg, binding)).collect();
                    ensure(row.as_ref() == Some(&node.row), "the rule derives another fact")?;
                    ensure(self.computed(&rule.args, rest, binding)?.is_empty(), "there are premises too many")
                })
                .map(|_| ())
            }
            Via::Equivalence { premises } => self.path(node, premises),
        }
    }

    /// Whether pairs of an equivalence lead from one value to another, past no value twice.
    fn path(&self, node: &Node, premises: &[Premise]) -> Verdict<()> {
        ensure(self.ground.program.relations[node.relation].is_equivalence, "the relation is no equivalence")?;
        let [first, last] = &node.row[..] else { return Err("an equivalence has two columns") };
        let mut passed = vec![first];
        for premise in premises {
            let Premise::Fact(pair) = premise else { return Err("a pair of the equivalence is missing") };
            let pair = self.proof.nodes.get(*pair).ok_or("there is no such node")?;
            ensure(pair.relation == node.relation, "another relation")?;
            let [left, right] = &pair.row[..] else { return Err("an equivalence has two columns") };
            let here = *passed.last().expect("it begins somewhere");
            let next = match (left == here, right == here) {
                (true, _) => right,
                (false, true) => left,
                (false, false) => return Err("the pairs do not lead on"),
            };
            ensure(!passed.contains(&next) || first == last, "the pairs lead in a circle")?;
            passed.push(next);
        }
        match first == last {
            true => ensure(premises.len() == 1, "of a value with itself one pair is the reason"),
            false => ensure(passed.last() == Some(&last), "the pairs lead elsewhere"),
        }
    }

    /// What is bound before a rule is looked at: of a row that gives way, the row itself, and that to another.
    fn given(&self, node: &Node, rule: &Rule) -> Verdict<Binding> {
        let mut given = Binding::new();
        if let Role::GivingWay(_) = self.ground.program.relations[node.relation].role {
            let (lesser, greater) = node.row.split_at(node.row.len() / 2);
            ensure(lesser != greater, "a row gives way to itself")?;
            for (arg, value) in rule.args.iter().zip(lesser) {
                if let Term::Variable(var) = arg {
                    given.entry(*var).or_insert_with(|| value.clone());
                }
            }
        }
        Ok(given)
    }

    /// Whether a node is a row of a relation: what came up is a stored fact, or a row by itself.
    fn is_of(&self, node: &Node, relation: RelationId) -> bool {
        let stored = matches!(node.via, Via::Stored { .. });
        let came_up = self.ground.program.relations[relation].role;
        node.relation == relation || stored && came_up == Role::CameUp(node.relation)
    }

    fn fact(&self, node: &Node) -> Option<Fact> {
        let table = self.ground.symbols.read();
        let row = node.row.iter().map(|value| Word::find(value, &table)).collect::<Option<Vec<Word>>>()?;
        Some(Fact { relation: node.relation, row })
    }

    /// Finds which literals the premises are said to be, one after the other, with the values that they give to
    /// variables; then whether all of it is so. Of a disjunction any branch will do. Returns the binding.
    pub(super) fn instance(
        &self,
        rule: &'c Rule,
        literals: &[&'c Literal],
        premises: &'c [Premise],
        mut binding: Binding,
        mut claims: Vec<Claim<'c>>,
        end: &dyn Fn(&Binding, &'c [Premise]) -> Verdict<()>,
    ) -> Verdict<Binding> {
        let Some((literal, rest)) = literals.split_first() else {
            claims.iter().try_for_each(|claim| self.claim(rule, claim, &binding))?;
            return end(&binding, premises).map(|()| binding);
        };
        if let Literal::Or(branches) = literal {
            let mut verdict = Err("no branch holds");
            for branch in branches {
                let literals: Vec<&Literal> = branch.iter().chain(rest.iter().copied()).collect();
                let claims = claims.iter().map(|claim| Claim { ..*claim }).collect();
                verdict = self.instance(rule, &literals, premises, binding.clone(), claims, end);
                if verdict.is_ok() {
                    break;
                }
            }
            return verdict;
        }
        let own = 1 + match literal {
            Literal::Atom(atom) | Literal::Absent(atom) => calls(&atom.args).count(),
            Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) | Literal::Or(_) => 0,
        };
        let (own, behind) = premises.split_at_checked(own).ok_or("a premise is missing")?;
        self.bind(literal, &own[0], &mut binding)?;
        claims.push(Claim { literal, premises: own });
        self.instance(rule, rest, behind, binding, claims, end)
    }

    /// Takes the values over that a premise gives to variables. Whether they are right is asked later.
    fn bind(&self, literal: &Literal, premise: &Premise, binding: &mut Binding) -> Verdict<()> {
        let mut give = |var: VarId, value: &Value| {
            binding.entry(var).or_insert_with(|| value.clone());
        };
        match (literal, premise) {
            (Literal::Atom(atom), Premise::Fact(node)) => {
                let node = self.proof.nodes.get(*node).ok_or("there is no such node")?;
                ensure(self.is_of(node, atom.relation) && node.row.len() == atom.args.len(), "another relation")?;
                for (arg, value) in atom.args.iter().zip(&node.row) {
                    if let Term::Variable(var) = arg {
                        give(*var, value);
                    }
                }
                Ok(())
            }
            (Literal::Compare(comparison), Premise::Compare { left, right, .. }) => {
                for (term, side) in [(&comparison.left, left), (&comparison.right, right)] {
                    if let (Term::Variable(var), CompareOp::Eq) = (term, comparison.op) {
                        give(*var, &side.value);
                    }
                }
                Ok(())
            }
            (Literal::Compare(comparison), Premise::Compute(side)) => {
                for term in [&comparison.left, &comparison.right] {
                    if let Term::Variable(var) = term {
                        give(*var, &side.value);
                    }
                }
                Ok(())
            }
            (Literal::Aggregate(aggregate), Premise::Aggregate(shown)) => {
                give(aggregate.result, &shown.value);
                Ok(())
            }
            (Literal::Test(test), Premise::Test { args, .. }) => {
                if let (Some(var), Some(side)) = (test.binds(), args.first()) {
                    give(var, &side.value);
                }
                Ok(())
            }
            (Literal::Absent(_), Premise::Absent { .. }) => Ok(()),
            _ => Err("the premise is of another kind than its literal"),
        }
    }

    /// Whether premises say what their literal does under a binding, and whether it is so.
    fn claim(&self, rule: &'c Rule, claim: &Claim<'c>, binding: &Binding) -> Verdict<()> {
        let (first, computed) = claim.premises.split_first().ok_or("a premise is missing")?;
        match (claim.literal, first) {
            (Literal::Atom(atom), Premise::Fact(node)) => {
                let row: Option<Vec<Value>> = atom.args.iter().map(|arg| value(arg, binding)).collect();
                ensure(row.as_ref() == Some(&self.proof.nodes[*node].row), "the fact does not match the atom")?;
                ensure(self.computed(&atom.args, computed, binding)?.is_empty(), "there are premises too many")
            }
            (Literal::Absent(atom), Premise::Absent { relation, args, because }) => {
                ensure(because.iter().all(|node| self.proof.nodes.get(*node).is_some()), "there is no such node")?;
                self.absent(atom, *relation == atom.relation, args, binding)?;
                ensure(self.computed(&atom.args, computed, binding)?.is_empty(), "there are premises too many")
            }
            (Literal::Compare(comparison), Premise::Compare { op, left, right }) => {
                ensure(*op == comparison.op, "another comparison")?;
                side(&comparison.left, left, binding)?;
                side(&comparison.right, right, binding)?;
                ensure(op.accepts(left.value.cmp(&right.value)), "the comparison does not hold")
            }
            (Literal::Compare(comparison), Premise::Compute(computed)) => {
                ensure(comparison.op == CompareOp::Eq, "another comparison")?;
                let (lone, call) = match (&comparison.left, &comparison.right) {
                    (call @ Term::Call { .. }, lone) | (lone, call) => (lone, call),
                };
                side(call, computed, binding)?;
                ensure(value(lone, binding).as_ref() == Some(&computed.value), "it is equal to something else")
            }
            (Literal::Test(test), Premise::Test { builtin, args, negated }) => {
                ensure(*builtin == test.builtin && *negated == test.negated, "another predicate")?;
                ensure(args.len() == test.args.len(), "other arguments")?;
                test.args.iter().zip(args).try_for_each(|(term, shown)| side(term, shown, binding))?;
                let values: Vec<Value> = args.iter().map(|side| side.value.clone()).collect();
                ensure(builtin.row().holds(&values) == Some(!*negated), "the predicate does not hold")
            }
            (Literal::Aggregate(aggregate), Premise::Aggregate(shown)) => {
                let text = aggregate_text(self.ground.program, rule, aggregate, &|var| binding.get(&var).cloned());
                ensure(text == shown.text, "another aggregate")?;
                self.aggregate(rule, aggregate, shown, binding)
            }
            _ => Err("the premise is of another kind than its literal"),
        }
    }

    /// The computations of an atom's arguments, at the front of some premises. Returns the others.
    fn computed(&self, args: &[Term], mut premises: &'c [Premise], binding: &Binding) -> Verdict<&'c [Premise]> {
        for call in calls(args) {
            let (Premise::Compute(shown), rest) = premises.split_first().ok_or("a computation is missing")? else {
                return Err("a computation is missing");
            };
            side(call, shown, binding)?;
            premises = rest;
        }
        Ok(premises)
    }

    fn absent(&self, atom: &Atom, same: bool, args: &[Option<Value>], binding: &Binding) -> Verdict<()> {
        ensure(same && args.len() == atom.args.len(), "another relation")?;
        for (term, shown) in atom.args.iter().zip(args) {
            let is_shown = match term {
                Term::Wildcard => shown.is_none(),
                Term::Variable(_) | Term::Constant(_) | Term::Call { .. } => {
                    shown.is_some() && value(term, binding) == *shown
                }
            };
            ensure(is_shown, "other values than the atom's")?;
        }
        ensure(self.rows(atom, binding).is_empty(), "it is there")
    }
}
