//! Steps in words.
//!
//! In: the steps of a pipeline. Out: a [`Line`] for each, which says what happens to one binding, and what it is
//! expected to find.

use super::naming::{self, Naming};
use super::{Aggregate, Branch, Chain, ChainPlan, Compare, Each, Expr, Intersect, Join, Keeps, Link, Lookup, Pipeline};
use super::{Rank, Source, Stats, Step, StepKind, Test};
use crate::check::{AggregateOp, Literal, RelationId, Role, VarId, written};
use crate::data::{Id, Notation, Order, Part, Type};
use crate::report::count;
use crate::syntax::{Spell, Term};

/// One step, and what it is made of.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) below: Below,
}

/// What a step is made of.
pub(super) enum Below {
    Nothing,
    /// Steps, one after the other.
    Steps(Vec<Line>),
    /// Ways, any of which may lead on.
    Ways(Vec<Line>),
}

/// Words for the steps of one pipeline.
pub(super) struct Wording<'a> {
    naming: Naming<'a>,
    stats: &'a Stats,
}

impl<'a> Wording<'a> {
    pub(super) fn new(naming: Naming<'a>, stats: &'a Stats) -> Self {
        Self { naming, stats }
    }

    /// The steps of a pipeline, and what becomes of a binding that gets through them.
    pub(super) fn pipeline(mut self, head: RelationId, pipeline: &Pipeline<'_>) -> Vec<Line> {
        let mut lines = self.steps(&pipeline.steps, &pipeline.types);
        let types = self.naming.program.relations[head].columns.iter().map(|column| column.ty);
        let row: Vec<Term> = pipeline.output.iter().zip(types).map(|(expr, ty)| self.naming.expr(expr, ty)).collect();
        let dialect = self.naming.program.dialect;
        let listed = || row.iter().map(|term| term.within(dialect).to_string()).collect::<Vec<_>>().join(", ");
        lines.push(Line::plain(match (self.naming.program.relations[head].role, row.is_empty()) {
            (Role::Named | Role::Citations(_) | Role::Auxiliary | Role::CameUp(_), _) => {
                format!("add {}", self.naming.atom(head, row))
            }
            (Role::GivingWay(_), _) => {
                let (one, other) = row.split_at(row.len() / 2);
                let [one, other] =
                    [one, other].map(|row: &[Term]| row.iter().map(Term::to_string).collect::<Vec<_>>().join(", "));
                format!("let {one} give way to {other}")
            }
            (Role::Query, true) => "answer yes".into(),
            (Role::Query, false) => format!("answer {}", listed()),
            (Role::Constraint, true) => "say that the constraint is broken".into(),
            (Role::Constraint, false) => format!("say that the constraint is broken by {}", listed()),
        }));
        lines
    }

    /// How a chain is evaluated, and its links in the order in which they are followed.
    pub(super) fn chain(mut self, chain: &Chain<'_>, plan: &ChainPlan<'_>) -> (String, Vec<Line>) {
        let names: Vec<Option<String>> =
            chain.nodes.iter().map(|node| node.var.map(|var| self.naming.variable(var))).collect();
        let last = chain.links.len();
        let kept = match plan.keeps {
            Some(Keeps::First) => Some(&names[0]),
            Some(Keeps::Second) => Some(&names[last]),
            None => None,
        };
        let title = match kept {
            Some(Some(kept)) => format!("Until nothing new follows, for each {kept} by itself:"),
            Some(None) => "Until nothing new follows:".into(),
            None => "Each later round, on sets of values:".into(),
        };
        let mut order: Vec<usize> = (0..last).collect();
        if plan.keeps == Some(Keeps::Second) {
            order.reverse();
        }
        let mut lines = Vec::new();
        let mut passed = vec![false; names.len()];
        for at in order {
            let (from, to) = if plan.keeps == Some(Keeps::Second) { (at + 1, at) } else { (at, at + 1) };
            self.filter(chain, from, &mut passed, &mut lines);
            lines.push(Line::plain(self.link(chain.links[at], plan, [&names[from], &names[to]])));
            self.filter(chain, to, &mut passed, &mut lines);
        }
        if let ([Some(first), .., Some(second)], true) = (&names[..], chain.distinct) {
            lines.push(Line::plain(format!("leave out where {first} = {second}")));
        }
        let ends = [&chain.nodes[0], &chain.nodes[last]].into_iter().filter_map(|node| node.var);
        let row = ends.map(|var| self.naming.expr(&Expr::Variable(var), Type::Number)).collect();
        lines.push(Line::plain(format!("add {}", self.naming.atom(chain.head, row))));
        (title, lines)
    }

    /// `follow edge from Y to Z: 5 rows now`
    fn link(&self, link: Link, plan: &ChainPlan<'_>, ends: [&Option<String>; 2]) -> String {
        let (relation, recent) = match link.source {
            Source::Growing(relation) => (relation, "the new rows of "),
            Source::View(view) => (plan.views[view].atom.relation, ""),
        };
        let name = naming::relation(self.naming.program, relation);
        let rows = held(self.stats.rows[relation]);
        match ends {
            [Some(from), Some(to)] => format!("follow {recent}{name} from {from} to {to}: {rows}"),
            [Some(only), None] | [None, Some(only)] => format!("take each {only} of {recent}{name}: {rows}"),
            [None, None] => panic!("a link has a variable at one of its ends"),
        }
    }

    /// `keep each Z that passes this:`
    fn filter(&mut self, chain: &Chain<'_>, node: usize, passed: &mut [bool], lines: &mut Vec<Line>) {
        if let (Some(filter), false) = (&chain.nodes[node].filter, std::mem::replace(&mut passed[node], true)) {
            let var = self.naming.variable(filter.var);
            let steps = self.steps(&filter.pipeline.steps, &filter.pipeline.types);
            lines.push(Line { text: format!("keep each {var} that passes:"), below: Below::Steps(steps) });
        }
    }

    fn steps(&mut self, steps: &[Step<'_>], types: &[Type]) -> Vec<Line> {
        steps.iter().map(|step| self.step(step, types)).collect()
    }

    fn step(&mut self, step: &Step<'_>, types: &[Type]) -> Line {
        match &step.kind {
            StepKind::Join(join) => Line::plain(self.join(join, step.literal)),
            StepKind::Intersect(intersect) => self.intersect(intersect),
            StepKind::Lookup(lookup) => Line::plain(self.lookup(lookup)),
            StepKind::Compute(computed) => Line::plain(self.compute(computed, types)),
            StepKind::Compare(compare) => Line::plain(self.compare(compare)),
            StepKind::Test(test) => Line::plain(self.test(test)),
            StepKind::Each(each) => Line::plain(self.each(each)),
            StepKind::Aggregate(aggregate) => self.aggregate(aggregate),
            StepKind::Either(branches) => {
                let ways = branches.iter().map(|branch| self.branch(branch, types)).collect();
                let text = "go on with what comes through any of these:".into();
                Line { text, below: Below::Ways(ways) }
            }
        }
    }

    /// `look up edge(Y, Z) by from = Y in index (from, to): 5 rows now, about 2.2 expected to match`
    fn join(&mut self, join: &Join, literal: &Literal) -> String {
        let args = match literal {
            Literal::Atom(atom) => atom.args.iter().map(|arg| self.naming.term(arg)).collect(),
            Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) | Literal::Or(_) => {
                panic!("only an atom becomes a join")
            }
        };
        let atom = self.naming.atom(join.relation, args);
        let which = match join.part {
            Part::All => "",
            Part::Stable => "the rows from before the last round of ",
            Part::Recent => "the new rows of ",
        };
        let rows = self.stats.rows[join.relation];
        let held = if join.part == Part::All { format!(": {}", held(rows)) } else { String::new() };
        let columns = join.order.columns();
        let agree = join.equal.iter().map(|&(a, b)| {
            let place = |at: usize| columns[at - join.paths.len()];
            let name = |at: usize| &*self.naming.program.relations[join.relation].columns[place(at)].name;
            format!(", only where {} = {}", name(a), name(b))
        });
        let agree: String = agree.collect();
        if join.key.is_empty() {
            return format!("go through {which}{atom}{agree}{held}");
        }
        let expected = match join.part {
            Part::All if rows > 0 => {
                let fields = join.paths.iter().filter(|path| !path.fields.is_empty()).count();
                let free = columns.len() + fields - join.key.len() - join.equal.len();
                let expected = self.stats.matches(join.relation, columns.len() + fields, free);
                format!(", about {} expected to match", rounded(expected))
            }
            Part::All | Part::Stable | Part::Recent => String::new(),
        };
        let by =
            if join.paths.is_empty() { self.by(join.relation, &join.order, &join.key) } else { self.by_paths(join) };
        format!("look up {which}{atom} by {by}{agree}{held}{expected}")
    }

    /// `let Z be each value that all of these have, beginning with the one that has the fewest:`
    fn intersect(&mut self, intersect: &Intersect) -> Line {
        let var = self.naming.variable(intersect.var);
        let ways = intersect.sides.iter().map(|side| {
            let mut args: Vec<Term> = side.order.columns().iter().map(|_| written::any()).collect();
            for (expr, &column) in side.key.iter().zip(side.order.columns()) {
                args[column] = self.key(side.relation, column, expr);
            }
            let (at, own) = side.binds[0];
            args[side.order.columns()[at]] = self.naming.expr(&Expr::Variable(own), Type::Number);
            let atom = self.naming.atom(side.relation, args);
            let which = match side.part {
                Part::All => "",
                Part::Stable => "the rows from before the last round of ",
                Part::Recent => "the new rows of ",
            };
            let by = match &side.key[..] {
                [] => String::new(),
                key => format!(" by {}", self.by(side.relation, &side.order, key)),
            };
            Line::plain(format!("{which}{atom}{by}: {}", held(self.stats.rows[side.relation])))
        });
        let ways = ways.collect();
        let one = if intersect.wanted { format!("let {var} be each value") } else { format!("find one {var}") };
        let text = format!("{one} that all of these have, beginning with the one that has the fewest:");
        Line { text, below: Below::Ways(ways) }
    }

    /// `go on only if there is no edge(Y, _), by from = Y in index (from, to): 5 rows now`
    fn lookup(&mut self, lookup: &Lookup) -> String {
        let mut args: Vec<Term> = lookup.order.columns().iter().map(|_| written::any()).collect();
        for (expr, &column) in lookup.key.iter().zip(lookup.order.columns()) {
            args[column] = self.key(lookup.relation, column, expr);
        }
        let atom = self.naming.atom(lookup.relation, args);
        let which = match lookup.part {
            Part::All => "",
            Part::Stable => "in the rows from before the last round ",
            Part::Recent => "in the new rows ",
        };
        let no = if lookup.absent { "no " } else { "" };
        let by = match &lookup.key[..] {
            [] => String::new(),
            key => format!(", by {}", self.by(lookup.relation, &lookup.order, key)),
        };
        let held = if lookup.part == Part::All {
            format!(": {}", held(self.stats.rows[lookup.relation]))
        } else {
            String::new()
        };
        format!("go on only if there is {which}{no}{atom}{by}{held}")
    }

    /// `from = Y in index (from, to)`; of an equivalence, `the class of Y`
    fn by(&mut self, relation: RelationId, order: &Order, key: &[Expr]) -> String {
        let program = self.naming.program;
        if program.relations[relation].is_equivalence {
            let values = key.iter().map(|expr| self.key(relation, 0, expr).to_string()).collect::<Vec<_>>();
            let whose = if values.len() == 1 { "the class" } else { "the classes" };
            return format!("{whose} of {}", values.join(" and "));
        }
        let columns = key.iter().zip(order.columns()).map(|(expr, &column)| {
            let key = self.key(relation, column, expr);
            format!("{} = {}", program.relations[relation].columns[column].name, key.within(program.dialect))
        });
        let columns: Vec<String> = columns.collect();
        format!("{} in index {}", columns.join(", "), naming::order(program, relation, order))
    }

    /// `a(x) = Y in index (a(x))`
    fn by_paths(&mut self, Join { relation, paths, key, .. }: &Join) -> String {
        let program = self.naming.program;
        let known = key.iter().zip(paths).map(|(expr, path)| {
            let ty = path.ty(|column| program.relations[*relation].columns[column].ty);
            format!("{} = {}", naming::path(program, *relation, path), self.naming.spelled(expr, ty))
        });
        let known: Vec<String> = known.collect();
        format!("{} in index {}", known.join(", "), naming::paths(program, *relation, paths))
    }

    fn key(&mut self, relation: RelationId, column: usize, expr: &Expr) -> Term {
        self.naming.expr(expr, self.naming.program.relations[relation].columns[column].ty)
    }

    fn compute(&mut self, computed: &[(VarId, Expr)], types: &[Type]) -> String {
        let equations = computed.iter().map(|(var, expr)| {
            let value = self.naming.spelled(expr, types[var.index()]);
            format!("{} = {value}", self.naming.variable(*var))
        });
        format!("let {}", equations.collect::<Vec<_>>().join(", "))
    }

    fn compare(&mut self, Compare { op, ty, left, right }: &Compare) -> String {
        let (left, right) = (self.naming.spelled(left, *ty), self.naming.spelled(right, *ty));
        format!("go on only if {left} {} {right}", op.sign())
    }

    fn test(&mut self, test: &Test) -> String {
        let row = test.builtin.row();
        let args = test.args.iter().zip(row.params).map(|(arg, ty)| self.naming.spelled(arg, *ty));
        let not = if test.negated { "not " } else { "" };
        let args: Vec<String> = args.collect();
        let holds = match (row.notation, &args[..]) {
            (Notation::OneOf, [value, given @ ..]) => format!("{value} = {}({})", row.name, given.join(", ")),
            (Notation::Infix | Notation::Prefix | Notation::OneOf | Notation::Call, args) => {
                format!("{}({})", row.name, args.join(", "))
            }
        };
        format!("go on only if {not}{holds}")
    }

    /// `let X be each of range(1, 9)`
    fn each(&mut self, each: &Each) -> String {
        let row = each.builtin.row();
        let given = each.given.iter().zip(&row.params[1..]).map(|(arg, ty)| self.naming.spelled(arg, *ty));
        let given = given.collect::<Vec<_>>().join(", ");
        format!("let {} be each of {}({given})", self.naming.variable(each.var), row.name)
    }

    /// What is aggregated, then how.
    fn aggregate(&mut self, aggregate: &Aggregate<'_>) -> Line {
        let Pipeline { steps, output, types } = &aggregate.body;
        let result = self.naming.variable(aggregate.result);
        let group: Vec<String> = aggregate.group.iter().map(|var| self.naming.variable(*var)).collect();
        let of = if group.is_empty() { "once".into() } else { format!("once for each {}", group.join(", ")) };
        let mut lines = self.steps(steps, types);
        let target = aggregate.target.map(|at| self.naming.spelled(&output[at], aggregate.ty));
        let distinct = self.distinct(&output[1 + usize::from(target.is_some())..]);
        let value = match (aggregate.op, target) {
            (AggregateOp::Count, Some(target)) => format!("how many values of {target} there are"),
            (_, None) => format!("how many {distinct} there are"),
            (AggregateOp::Sum, Some(target)) => format!("the sum of {target} over {distinct}"),
            (AggregateOp::Min, Some(target)) => format!("the least {target}"),
            (AggregateOp::Max, Some(target)) => format!("the greatest {target}"),
            (AggregateOp::Mean, Some(target)) => format!("the mean of {target} over {distinct}"),
        };
        let rank = aggregate.rank.as_ref().map_or_else(String::new, |rank| self.rank(rank));
        lines.push(Line::plain(format!("let {result} = {value}{rank}")));
        Line { text: format!("work out {result}, {of}:"), below: Below::Steps(lines) }
    }

    /// `; where many ask, sort by Y once for each K, without comparing, and search for X`
    fn rank(&mut self, rank: &Rank<'_>) -> String {
        let counted = &rank.body.output[rank.body.output.len() - rank.keys.len()..];
        let counted = rank.keys.iter().zip(counted).map(|(key, expr)| self.naming.spelled(expr, key.ty));
        let counted = counted.collect::<Vec<_>>().join(", ");
        let asked = rank.keys.iter().map(|key| self.naming.spelled(&key.asked, key.ty)).collect::<Vec<_>>().join(", ");
        let base: Vec<String> = rank.base.iter().map(|var| self.naming.variable(*var)).collect();
        let once = if base.is_empty() { "once".into() } else { format!("once for each {}", base.join(", ")) };
        format!("; where many ask, sort by {counted} {once}, without comparing, and search for {asked}")
    }

    /// What makes a binding distinct: its variables, without those that tell branches apart.
    fn distinct(&mut self, output: &[Expr]) -> String {
        let written = output.iter().filter_map(|expr| match expr {
            Expr::Variable(var) if self.naming.is_written(*var) => Some(*var),
            Expr::Variable(_) | Expr::Word(_) | Expr::Call(_) => None,
        });
        let written: Vec<VarId> = written.collect();
        let (any, mut names): (Vec<String>, Vec<String>) =
            written.into_iter().map(|var| self.naming.variable(var)).partition(|name| name == "_");
        if names.is_empty() {
            return "matches".into();
        }
        names.extend((!any.is_empty()).then(|| "each _".into()));
        format!("distinct ({})", names.join(", "))
    }

    fn branch(&mut self, branch: &Branch<'_>, types: &[Type]) -> Line {
        let mut lines = self.steps(&branch.steps, types);
        match lines.len() {
            0 => Line::plain("go on".into()),
            1 => lines.remove(0),
            _ => Line { text: "one after the other:".into(), below: Below::Steps(lines) },
        }
    }
}

impl Line {
    fn plain(text: String) -> Self {
        Self { text, below: Below::Nothing }
    }
}

fn held(rows: usize) -> String {
    format!("{} now", count(rows, "row"))
}

/// Two digits are enough for a guess.
fn rounded(expected: f64) -> String {
    let tenths = format!("{expected:.1}");
    match tenths.strip_suffix(".0") {
        Some(whole) => whole.into(),
        None if expected < 10.0 => tenths,
        None => format!("{expected:.0}"),
    }
}
