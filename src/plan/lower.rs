//! An ordered body to steps.
//!
//! Each literal becomes one step, with one more for each expression among an atom's arguments. Then variables that
//! nothing needs any more are dropped, step by step from the end.

use super::order::{Ordered, order};
use super::variables::{self, Variables};
use super::{
    Aggregate, Branch, Call, Choices, Compare, Each, Expr, Goal, Intersect, Join, Lookup, Pipeline, Stats, Step,
};
use super::{StepKind, Test, Use};
use crate::check::{self, AggregateOp, CompareOp, Literal, RelationId, Term, VarId};
use crate::data::{Id, Order, Part, Symbols, Type, Word};

/// What lowering a rule needs to know, and the variables it adds.
pub(super) struct Lowering<'a> {
    pub(super) stats: &'a Stats,
    symbols: &'a Symbols,
    pub(super) choices: Choices,
    pub(super) types: Vec<Type>,
    /// The variable that tells which branch of a disjunction a binding came through, for the disjunctions of
    /// aggregates: there bindings are counted, and one that leaves a variable open is one of its own.
    tags: Vec<Tag>,
}

struct Tag {
    disjunction: *const Literal,
    var: VarId,
}

/// The literals around a body, and the variables that the rule mentions outside it.
#[derive(Clone, Default)]
pub(super) struct Scope<'p> {
    /// What must hold besides the body.
    pub(super) literals: Vec<&'p Literal>,
    /// What is mentioned besides the body.
    pub(super) outside: Variables,
}

impl<'a> Lowering<'a> {
    /// `types` are those of the variables that are known so far.
    pub(super) fn new(types: Vec<Type>, stats: &'a Stats, symbols: &'a Symbols, choices: Choices) -> Self {
        Self { stats, symbols, choices, types, tags: Vec::new() }
    }

    /// The steps of a body and the output behind it. Literals whose inputs nothing binds are left out.
    pub(super) fn pipeline<'p>(
        mut self,
        goals: Vec<Goal<'p>>,
        bound: &Variables,
        output: &[Term],
        scope: &Scope<'p>,
    ) -> Pipeline<'p> {
        let mut scope = scope.clone();
        output.iter().for_each(|term| variables::of_term(term, &mut scope.outside));
        let output: Vec<Expr> = output.iter().map(|term| self.expr(term)).collect();
        let mut wanted = Variables::new();
        output.iter().for_each(|expr| of_expr(expr, &mut wanted));
        let (steps, _) = self.body(goals, bound, &wanted, &scope);
        Pipeline { steps, output, types: self.types }
    }

    /// The steps of a body, and what is bound behind them.
    pub(super) fn body<'p>(
        &mut self,
        goals: Vec<Goal<'p>>,
        bound: &Variables,
        wanted: &Variables,
        scope: &Scope<'p>,
    ) -> (Vec<Step<'p>>, Variables) {
        let around: Vec<&'p Literal> =
            goals.iter().map(|goal| goal.literal).chain(scope.literals.iter().copied()).collect();
        let Ordered { mut goals, bound: mut bound_behind, left_over, .. } =
            order(goals, bound, &scope.outside, self.stats);
        let mut behind = wanted.clone();
        left_over.iter().for_each(|goal| variables::of_literal(goal.literal, &mut behind));
        let mut now_bound = bound.clone();
        let mut steps = Vec::new();
        let mut at = 0;
        while let Some(goal) = goals.get(at).copied() {
            if let Some(intersect) = self.intersect(&mut goals, at, &now_bound) {
                variables::bound_by(goal.literal, &mut now_bound);
                steps.push(step(StepKind::Intersect(intersect), goal.literal, scope));
                at += 1;
                continue;
            }
            if let Some(join) = self.by_fields(&mut goals, at, &now_bound, &behind) {
                variables::bound_by(goal.literal, &mut now_bound);
                steps.push(step(StepKind::Join(join), goal.literal, scope));
                at += 1;
                continue;
            }
            let mut inner = Scope { literals: Vec::new(), outside: scope.outside.clone() };
            if matches!(goal.literal, Literal::Or(_)) {
                let others = around.iter().filter(|other| !std::ptr::eq(**other, goal.literal));
                others.for_each(|other| variables::of_literal(other, &mut inner.outside));
            }
            inner.literals = around.iter().copied().filter(|other| !std::ptr::eq(*other, goal.literal)).collect();
            let mut needed = behind.clone();
            goals[at + 1..].iter().for_each(|later| variables::of_literal(later.literal, &mut needed));
            self.literal(&goal, &now_bound, &needed, &inner, &mut steps);
            variables::bound_by(goal.literal, &mut now_bound);
            at += 1;
        }
        if let Some((kind, disjunction)) = self.stuck(&left_over, &around, &bound_behind, wanted, scope) {
            kind.binds(&mut bound_behind);
            steps.push(step(kind, disjunction, scope));
        }
        drop_unneeded(&mut steps, bound, wanted);
        (steps, bound_behind)
    }

    /// What is left over where a disjunction waits for what lies behind it, which waits for the disjunction: each branch
    /// takes all of it in, and leaves out only what it has no inputs for.
    fn stuck<'p>(
        &mut self,
        left_over: &[Goal<'p>],
        around: &[&'p Literal],
        bound: &Variables,
        wanted: &Variables,
        scope: &Scope<'p>,
    ) -> Option<(StepKind<'p>, &'p Literal)> {
        let (disjunction, branches) = left_over.iter().find_map(|goal| match goal.literal {
            Literal::Or(branches) => Some((goal.literal, branches)),
            Literal::Atom(_) | Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) => {
                None
            }
        })?;
        let rest = left_over.iter().filter(|goal| !std::ptr::eq(goal.literal, disjunction)).copied();
        let rest: Vec<Goal<'p>> = rest.collect();
        let is_left = |literal: &Literal| left_over.iter().any(|goal| std::ptr::eq(goal.literal, literal));
        let literals = around.iter().copied().filter(|literal| !is_left(literal)).collect();
        let inner = Scope { literals, outside: scope.outside.clone() };
        Some((self.either(disjunction, branches, &rest, bound, wanted, &inner), disjunction))
    }

    /// The atom at a place together with those behind it that bind the same variable and no other: these are taken out
    /// of the goals.
    fn intersect(&self, goals: &mut Vec<Goal<'_>>, at: usize, bound: &Variables) -> Option<Intersect> {
        if self.choices.intersections == Use::Never || goals[at].part == Part::Recent {
            return None;
        }
        // The values of a class lie in no order.
        let in_order =
            |literal: &Literal| !matches!(literal, Literal::Atom(atom) if self.stats.is_equivalence(atom.relation));
        let var = only_new_variable(goals[at].literal, bound).filter(|_| in_order(goals[at].literal))?;
        let binds = |goal: &Goal<'_>| in_order(goal.literal) && only_new_variable(goal.literal, bound) == Some(var);
        let (sides, others): (Vec<Goal<'_>>, Vec<Goal<'_>>) = goals[at..].iter().copied().partition(binds);
        let side = |goal: &Goal<'_>| {
            let Literal::Atom(atom) = goal.literal else { panic!("only an atom binds a variable with others") };
            let args = atom.args.iter().map(|arg| self.expr(arg)).collect::<Vec<_>>();
            join(atom.relation, goal.part, &args, bound, &Variables::from([var]))
        };
        let sides: Vec<Join> = sides.iter().map(side).collect();
        // Without a key on the first side this is where the rule starts, which is cut into tasks by its rows.
        if sides.len() < 2 || sides[0].key.is_empty() {
            return None;
        }
        goals.splice(at + 1.., others);
        Some(Intersect { var, wanted: true, sides })
    }

    /// The steps of one literal.
    fn literal<'p>(
        &mut self,
        goal: &Goal<'p>,
        bound: &Variables,
        needed: &Variables,
        scope: &Scope<'p>,
        steps: &mut Vec<Step<'p>>,
    ) {
        let kind = match goal.literal {
            Literal::Atom(atom) => {
                let args = atom.args.iter().map(|arg| self.expr(arg)).collect::<Vec<_>>();
                StepKind::Join(join(atom.relation, goal.part, &args, bound, needed))
            }
            Literal::Absent(atom) => {
                let args = self.computed_args(goal.literal, &atom.args, scope, steps);
                lookup(atom.relation, Part::All, &args, true)
            }
            Literal::Compare(comparison) => self.comparison(comparison, bound),
            Literal::Test(test) if let Some(var) = variables::given_by(test, bound) => {
                let given = test.args[1..].iter().map(|arg| self.expr(arg)).collect();
                StepKind::Each(Each { var, builtin: test.builtin, given })
            }
            Literal::Test(test) => {
                let args = test.args.iter().map(|arg| self.expr(arg)).collect();
                StepKind::Test(Test { builtin: test.builtin, args, negated: test.negated })
            }
            Literal::Aggregate(aggregate) => {
                return self.aggregate(goal.literal, aggregate, bound, scope, steps);
            }
            Literal::Or(branches) => self.either(goal.literal, branches, &[], bound, needed, scope),
        };
        steps.push(step(kind, goal.literal, scope));
    }

    /// The arguments of an absent atom as expressions without calls: what is to be computed is computed in a step
    /// before.
    fn computed_args<'p>(
        &mut self,
        literal: &'p Literal,
        args: &[Term],
        scope: &Scope<'p>,
        steps: &mut Vec<Step<'p>>,
    ) -> Vec<Option<Expr>> {
        let mut computed = Vec::new();
        let mut out = Vec::with_capacity(args.len());
        for arg in args {
            out.push(match arg {
                Term::Wildcard => None,
                Term::Variable(_) | Term::Constant(_) => Some(self.expr(arg)),
                Term::Call { function, .. } => {
                    let var = self.fresh(function.result());
                    computed.push((var, self.expr(arg)));
                    Some(Expr::Variable(var))
                }
            });
        }
        if !computed.is_empty() {
            steps.push(step(StepKind::Compute(computed), literal, scope));
        }
        out
    }

    fn comparison<'p>(&mut self, comparison: &check::Comparison, bound: &Variables) -> StepKind<'p> {
        if let Some((var, term)) = variables::bound_by_equation(comparison, bound) {
            return StepKind::Compute(vec![(var, self.expr(term))]);
        }
        let (left, right) = (self.expr(&comparison.left), self.expr(&comparison.right));
        StepKind::Compare(Compare { op: comparison.op, ty: comparison.ty, left, right })
    }

    /// An aggregate; if its result is bound already, a comparison with that behind it.
    fn aggregate<'p>(
        &mut self,
        literal: &'p Literal,
        aggregate: &'p check::Aggregate,
        bound: &Variables,
        scope: &Scope<'p>,
        steps: &mut Vec<Step<'p>>,
    ) {
        let ty = self.types[aggregate.result.index()];
        let compared = bound.contains(&aggregate.result);
        let result = if compared { self.fresh(ty) } else { aggregate.result };
        let kind = StepKind::Aggregate(Box::new(self.aggregate_body(aggregate, result)));
        steps.push(step(kind, literal, scope));
        if compared {
            let (left, right) = (Expr::Variable(aggregate.result), Expr::Variable(result));
            steps.push(step(StepKind::Compare(Compare { op: CompareOp::Eq, ty, left, right }), literal, scope));
        }
    }

    fn aggregate_body<'p>(&mut self, aggregate: &'p check::Aggregate, result: VarId) -> Aggregate<'p> {
        let group_number = self.fresh(Type::Number);
        let mut outside: Variables = aggregate.outer.iter().copied().collect();
        aggregate.target.iter().for_each(|target| variables::of_term(target, &mut outside));
        let mut bound: Variables = aggregate.outer.iter().copied().collect();
        bound.insert(group_number);

        // The group's number, the target, and unless only the target's values count, the whole binding.
        let mut output = vec![Expr::Variable(group_number)];
        output.extend(aggregate.target.as_ref().map(|target| self.expr(target)));
        if aggregate.op != AggregateOp::Count || aggregate.target.is_none() {
            let tags = self.tag_disjunctions(&aggregate.body);
            output.extend(aggregate.local.iter().copied().chain(tags).map(Expr::Variable));
        }
        let mut wanted = Variables::new();
        output.iter().for_each(|expr| of_expr(expr, &mut wanted));
        let scope = Scope { literals: Vec::new(), outside };
        let (steps, _) = self.body(Goal::all(&aggregate.body), &bound, &wanted, &scope);
        Aggregate {
            result,
            op: aggregate.op,
            dialect: aggregate.dialect,
            span: aggregate.span,
            ty: aggregate.target.as_ref().map_or(Type::Number, |target| self.type_of(target)),
            group: aggregate.outer.clone(),
            group_number,
            body: Pipeline { steps, output, types: self.types.clone() },
            target: aggregate.target.as_ref().map(|_| 1),
            rank: self.rank(aggregate, group_number),
        }
    }

    /// Gives every disjunction of a body, those within others included, a variable for its branch.
    fn tag_disjunctions(&mut self, body: &[Literal]) -> Vec<VarId> {
        let mut tags = Vec::new();
        for literal in body {
            if let Literal::Or(branches) = literal {
                let var = self.fresh(Type::Number);
                self.tags.push(Tag { disjunction: literal, var });
                tags.push(var);
                tags.extend(branches.iter().flat_map(|branch| self.tag_disjunctions(branch)));
            }
        }
        tags
    }

    fn tag_of(&self, disjunction: &Literal) -> Option<VarId> {
        self.tags.iter().find(|tag| std::ptr::eq(tag.disjunction, disjunction)).map(|tag| tag.var)
    }

    /// The tags of the disjunctions of a body.
    pub(super) fn tags_in(&self, body: &[Literal], into: &mut Variables) {
        for literal in body {
            if let Literal::Or(branches) = literal {
                into.extend(self.tag_of(literal));
                branches.iter().for_each(|branch| self.tags_in(branch, into));
            }
        }
    }

    /// Branches that bind the same variables behind the disjunction: what one leaves open is filled up. Each ends with
    /// `rest`.
    fn either<'p>(
        &mut self,
        disjunction: &'p Literal,
        branches: &'p [Vec<Literal>],
        rest: &[Goal<'p>],
        bound: &Variables,
        needed: &Variables,
        scope: &Scope<'p>,
    ) -> StepKind<'p> {
        let mut lowered: Vec<(Vec<Step<'p>>, Variables)> = Vec::new();
        for branch in branches {
            let goals = Goal::all(branch).into_iter().chain(rest.iter().copied()).collect();
            let (steps, behind) = self.body(goals, bound, needed, scope);
            let mut binds = &(&behind - bound) & needed;
            self.tags_in(branch, &mut binds);
            rest.iter().for_each(|goal| self.tags_in(std::slice::from_ref(goal.literal), &mut binds));
            lowered.push((steps, binds));
        }
        let all: Variables = lowered.iter().flat_map(|(_, binds)| binds).copied().collect();
        let classes: Vec<Variables> = lowered.iter().map(|(_, binds)| binds.clone()).collect();
        let tag = self.tag_of(disjunction);
        let branches = lowered.into_iter().map(|(steps, binds)| {
            let mut fill: Vec<(VarId, Word)> = (&all - &binds).into_iter().map(|var| (var, Word(0))).collect();
            let class = classes.iter().position(|other| *other == binds).unwrap_or(0);
            fill.extend(tag.map(|tag| (tag, Word(class as u64))));
            Branch { steps, fill }
        });
        StepKind::Either(branches.collect())
    }

    pub(super) fn expr(&self, term: &Term) -> Expr {
        match term {
            Term::Variable(var) => Expr::Variable(*var),
            Term::Constant(value) => Expr::Word(Word::encode(value, self.symbols)),
            Term::Call { function, args, span } => {
                let args = args.iter().map(|arg| self.expr(arg)).collect();
                Expr::Call(Call { function: function.clone(), args, span: *span })
            }
            Term::Wildcard => panic!("a wildcard stands only in an absent atom"),
        }
    }

    fn type_of(&self, term: &Term) -> Type {
        match term {
            Term::Variable(var) => self.types[var.index()],
            Term::Constant(value) => value.ty(),
            Term::Call { function, .. } => function.result(),
            Term::Wildcard => panic!("a wildcard stands only in an absent atom"),
        }
    }

    fn fresh(&mut self, ty: Type) -> VarId {
        self.types.push(ty);
        VarId::from_index(self.types.len() - 1)
    }
}

fn step<'p>(kind: StepKind<'p>, literal: &'p Literal, scope: &Scope<'p>) -> Step<'p> {
    let others = if kind.may_fault() { scope.literals.clone() } else { Vec::new() };
    Step { kind, literal, others, carry: Vec::new() }
}

/// What is bound becomes the key; of the rest, each new variable is bound once and compared where it stands again.
fn join(relation: RelationId, part: Part, args: &[Expr], bound: &Variables, needed: &Variables) -> Join {
    let new = |column: usize| match args[column] {
        Expr::Variable(var) if !bound.contains(&var) => Some(var),
        Expr::Variable(_) | Expr::Word(_) | Expr::Call(_) => None,
    };
    let keys: Vec<usize> = (0..args.len()).filter(|&column| new(column).is_none()).collect();
    let order = Order::starting_with(&keys, args.len());
    let key = keys.iter().map(|&column| args[column].clone()).collect();
    let var = |column: usize| new(column).expect("what is not new is part of the key");
    let behind = order.columns().iter().enumerate().skip(keys.len()).map(|(at, &column)| (at, var(column)));
    let behind: Vec<(usize, VarId)> = behind.collect();
    let join = Join { relation, part, order, paths: Vec::new(), key, binds: Vec::new(), equal: Vec::new() };
    join.binding(behind, needed)
}

impl Join {
    /// The join with variables in places behind its key: each is bound once, if it is needed, and compared where it stands
    /// again.
    pub(super) fn binding(mut self, places: Vec<(usize, VarId)>, needed: &Variables) -> Self {
        for (at, var) in places {
            match self.binds.iter().find(|(_, other)| *other == var) {
                Some(&(first, _)) => self.equal.push((first, at)),
                None => self.binds.push((at, var)),
            }
        }
        self.binds.retain(|(_, var)| needed.contains(var));
        self
    }
}

/// The variable of an atom that is not bound yet, if there is one and it stands once.
fn only_new_variable(literal: &Literal, bound: &Variables) -> Option<VarId> {
    let Literal::Atom(atom) = literal else { return None };
    let mut new = atom.args.iter().filter_map(|arg| match arg {
        Term::Variable(var) if !bound.contains(var) => Some(*var),
        Term::Variable(_) | Term::Wildcard | Term::Constant(_) | Term::Call { .. } => None,
    });
    let only = new.next()?;
    new.next().is_none().then_some(only)
}

fn lookup<'p>(relation: RelationId, part: Part, args: &[Option<Expr>], absent: bool) -> StepKind<'p> {
    let keys: Vec<usize> = (0..args.len()).filter(|&column| args[column].is_some()).collect();
    let key = args.iter().flatten().cloned().collect();
    StepKind::Lookup(Lookup { relation, part, order: Order::starting_with(&keys, args.len()), key, absent })
}

/// Drops, from the end to the start, the variables that nothing behind a step needs, and turns joins that bind
/// nothing any more into lookups.
fn drop_unneeded(steps: &mut [Step<'_>], bound: &Variables, wanted: &Variables) {
    let mut bound_before = vec![bound.clone()];
    for step in steps.iter() {
        let mut behind = bound_before.last().expect("never empty").clone();
        step.kind.binds(&mut behind);
        bound_before.push(behind);
    }
    let mut live = wanted.clone();
    for (at, step) in steps.iter_mut().enumerate().rev() {
        if let StepKind::Join(join) = &mut step.kind {
            join.binds.retain(|(_, var)| live.contains(var));
            if join.binds.is_empty() && join.equal.is_empty() && join.paths.is_empty() {
                let Join { relation, part, order, key, .. } = join;
                let (order, key) = (order.clone(), std::mem::take(key));
                step.kind = StepKind::Lookup(Lookup { relation: *relation, part: *part, order, key, absent: false });
            }
        }
        if let StepKind::Intersect(intersect) = &mut step.kind {
            intersect.wanted = live.contains(&intersect.var);
        }
        let mut binds = Variables::new();
        step.kind.binds(&mut binds);
        step.carry = match step.kind {
            StepKind::Either(_) => (&live & &(&bound_before[at] | &binds)).into_iter().collect(),
            _ => (&(&live - &binds) & &bound_before[at]).into_iter().collect(),
        };
        live = &live - &binds;
        step.kind.uses(&mut live);
    }
}

/// Adds the variables of an expression.
pub(super) fn of_expr(expr: &Expr, into: &mut Variables) {
    match expr {
        Expr::Variable(var) => {
            into.insert(*var);
        }
        Expr::Word(_) => {}
        Expr::Call(call) => call.args.iter().for_each(|arg| of_expr(arg, into)),
    }
}

impl StepKind<'_> {
    /// Adds the variables that the step binds.
    fn binds(&self, into: &mut Variables) {
        match self {
            StepKind::Join(join) => into.extend(join.binds.iter().map(|(_, var)| var)),
            StepKind::Intersect(intersect) => {
                into.insert(intersect.var);
            }
            StepKind::Compute(computed) => into.extend(computed.iter().map(|(var, _)| var)),
            StepKind::Aggregate(aggregate) => {
                into.insert(aggregate.result);
            }
            StepKind::Each(each) => {
                into.insert(each.var);
            }
            StepKind::Either(branches) => {
                for branch in branches {
                    branch.steps.iter().for_each(|step| step.kind.binds(into));
                    into.extend(branch.fill.iter().map(|(var, _)| var));
                }
            }
            StepKind::Lookup(_) | StepKind::Compare(_) | StepKind::Test(_) => {}
        }
    }

    /// Adds the variables that the step reads.
    fn uses(&self, into: &mut Variables) {
        match self {
            StepKind::Join(join) => join.key.iter().for_each(|expr| of_expr(expr, into)),
            StepKind::Intersect(intersect) => {
                intersect.sides.iter().flat_map(|side| &side.key).for_each(|expr| of_expr(expr, into));
            }
            StepKind::Lookup(lookup) => lookup.key.iter().for_each(|expr| of_expr(expr, into)),
            StepKind::Compute(computed) => computed.iter().for_each(|(_, expr)| of_expr(expr, into)),
            StepKind::Compare(compare) => {
                of_expr(&compare.left, into);
                of_expr(&compare.right, into);
            }
            StepKind::Test(test) => test.args.iter().for_each(|arg| of_expr(arg, into)),
            StepKind::Each(each) => each.given.iter().for_each(|arg| of_expr(arg, into)),
            StepKind::Aggregate(aggregate) => into.extend(&aggregate.group),
            StepKind::Either(branches) => {
                for step in branches.iter().flat_map(|branch| &branch.steps) {
                    step.kind.uses(into);
                    into.extend(&step.carry);
                }
            }
        }
    }

    /// Whether some binding can stop the run here.
    fn may_fault(&self) -> bool {
        let faults = |expr: &Expr| matches!(expr, Expr::Call(_));
        match self {
            StepKind::Join(_) | StepKind::Intersect(_) | StepKind::Lookup(_) | StepKind::Either(_) => false,
            StepKind::Compute(computed) => computed.iter().any(|(_, expr)| faults(expr)),
            StepKind::Compare(compare) => faults(&compare.left) || faults(&compare.right),
            StepKind::Test(test) => test.args.iter().any(faults),
            StepKind::Each(each) => each.given.iter().any(faults),
            StepKind::Aggregate(_) => true,
        }
    }
}
