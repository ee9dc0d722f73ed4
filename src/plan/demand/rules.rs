//! The rules that answer on demand (magic sets; Bancilhon, Maier, Sagiv & Ullman 1986).
//!
//! In: questions, and the ground they stand on. Out: auxiliary relations and rules, with which the questions have the
//! same answers. For `tc[bf]`, which is `tc` with its first column given, there are:
//!
//! - `demand for tc[bf]`: what is given;
//! - `tc[bf]`: the rows of `tc` that have what is given, and perhaps some others; what is given stands first, so a row
//!   `tc(X, Y)` is a row `tc[fb](Y, X)`;
//! - for the shape of goals, `search for tc[bf]`: pairs of what is given and a goal whose answers it has;
//! - `part 1 of tc[bf]`: the start of a body that several rules share (the supplementary relations of Beeri &
//!   Ramakrishnan 1991).

use super::adorned::Adorned;
use super::aggregates;
use super::ground::{Access, Ground};
use super::passage::{Call, Passage, pass};
use super::shape::{Linear, Shape, Shapes, atom_args, linear, members, within};
use super::{MOST_COPIES, MOST_WAYS};
use crate::check::{Atom, Column, Literal, Relation, RelationId, Role, Rule, Term, VarId, Variable};
use crate::data::Id;
use crate::plan::variables::{self, Variables};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What the rules are made of so far.
pub(super) struct Writer<'g> {
    ground: &'g Ground<'g>,
    shapes: Shapes<'g>,
    pub(super) relations: Vec<Relation>,
    pub(super) rules: Vec<Rule>,
    ids: BTreeMap<Purpose, RelationId>,
    /// What is asked for and has no rules yet.
    open: VecDeque<Adorned>,
    /// In how many ways each relation is asked for.
    ways: BTreeMap<RelationId, usize>,
    /// Relations that would have to be asked for without anything given.
    pub(super) unbound: BTreeSet<RelationId>,
}

/// What an auxiliary relation is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Purpose {
    /// The rows.
    Rows(Adorned),
    /// What is given.
    Demand(Adorned),
    /// What is given for `asked`, with goals of which the answers are answers.
    Goals { asked: Adorned, goal: Adorned },
}

/// A rule that is to be written.
struct Draft<'a> {
    /// A rule of the program, perhaps with more variables.
    rule: &'a Rule,
    head: RelationId,
    args: Vec<Term>,
    /// What stands before the body.
    entry: Vec<Literal>,
    /// The literals of the body that the entry stands for, and one that became the head.
    left_out: BTreeSet<usize>,
    /// The atoms over what is asked for, but those that are left out.
    calls: Vec<Call>,
}

impl<'g> Writer<'g> {
    pub(super) fn new(ground: &'g Ground<'g>) -> Self {
        Self {
            ground,
            shapes: Shapes::new(ground),
            relations: Vec::new(),
            rules: Vec::new(),
            ids: BTreeMap::new(),
            open: VecDeque::new(),
            ways: BTreeMap::new(),
            unbound: BTreeSet::new(),
        }
    }

    /// Writes the rules of questions, and those of everything that they ask for. Whether there are not too many.
    pub(super) fn questions(&mut self, questions: &[RelationId]) -> bool {
        questions.iter().for_each(|question| self.question(*question));
        while let Some(asked) = self.open.pop_front() {
            let ways = self.ways.entry(asked.relation).or_default();
            *ways += 1;
            if *ways > MOST_WAYS || self.ids.len() > MOST_COPIES {
                return false;
            }
            if !self.unbound.is_empty() {
                break;
            }
            match self.shapes.shape(&asked) {
                _ if asked.adornment.gives_nothing() => {
                    let head = self.id(Purpose::Rows(asked.clone()));
                    self.ground.rules(asked.relation).for_each(|rule| self.every_row(rule, head));
                    self.stored(&asked, head, Vec::new(), None);
                }
                Shape::Goals { .. } => self.goals(&asked),
                Shape::Kept | Shape::Other => self.asked(&asked),
            }
        }
        true
    }

    /// Whether anything is asked for by what is given.
    pub(super) fn asks(&self) -> bool {
        self.ids.keys().any(|purpose| matches!(purpose, Purpose::Demand(_)))
    }

    /// Whether more may be asked for than there is: a relation in several ways that lead to each other, or goals of
    /// which several columns differ, in every combination.
    pub(super) fn may_stray(&mut self) -> bool {
        let asked: Vec<Adorned> = self.copied().cloned().collect();
        let mut ways: BTreeMap<RelationId, usize> = BTreeMap::new();
        let mut in_pairs = false;
        for asked in asked {
            match self.shapes.shape(&asked) {
                Shape::Kept => {}
                Shape::Goals { moving } => in_pairs |= moving > 1,
                Shape::Other => *ways.entry(asked.relation).or_default() += 1,
            }
        }
        in_pairs || ways.into_values().any(|ways| ways > 1)
    }

    /// What is asked for.
    pub(super) fn copied(&self) -> impl Iterator<Item = &Adorned> {
        self.ids.keys().filter_map(|purpose| match purpose {
            Purpose::Rows(asked) => Some(asked),
            Purpose::Demand(_) | Purpose::Goals { .. } => None,
        })
    }

    /// The rules of a question.
    fn question(&mut self, question: RelationId) {
        for rule in self.ground.rules(question) {
            let mut rule = rule.clone();
            (0..rule.body.len()).for_each(|at| self.aggregate(&mut rule, at));
            self.every_row(&rule, question);
        }
    }

    /// Lets an aggregate of a question read copies.
    fn aggregate(&mut self, rule: &mut Rule, at: usize) {
        let Some(spread) = aggregates::spread(rule, at) else { return };
        let calls = self.wanted(&spread);
        let mut asking: BTreeSet<usize> = (rule.body.len()..spread.body.len()).collect();
        // What the aggregate asks for may come from what the body around it asks for, which has been asked before.
        for call in calls.iter().rev() {
            if asking.contains(&call.literal) {
                asking.extend(&call.before);
            }
        }
        let calls: Vec<Call> = calls.into_iter().filter(|call| asking.contains(&call.literal)).collect();
        let body = self.with_copies(&spread, &calls);
        for call in &calls {
            let before = call.before.iter().map(|at| body[*at].clone());
            self.ask(&spread, call, before.collect());
        }
        aggregates::put_back(rule, at, &body[rule.body.len()..]);
    }

    /// A rule of a relation of which every row is wanted, for `head`.
    fn every_row(&mut self, rule: &Rule, head: RelationId) {
        let calls = self.wanted(rule);
        let args = rule.args.clone();
        self.write(Draft { rule, head, args, entry: Vec::new(), left_out: BTreeSet::new(), calls });
    }

    /// What a rule asks for of which every row is wanted.
    fn wanted(&mut self, rule: &Rule) -> Vec<Call> {
        let shapes = &mut self.shapes;
        let passage = pass(self.ground, rule, [], &mut |wanted| shapes.narrow(wanted));
        self.unbound.extend(passage.unbound);
        passage.calls
    }

    /// `p[bf](X, Z) :- demand for p[bf](X), …` for each rule of `p`. A row of `p[bf]` in the body has been asked for
    /// already: `p[bf](X, Z) :- p[bf](X, Y), …`
    fn asked(&mut self, asked: &Adorned) {
        let head = self.id(Purpose::Rows(asked.clone()));
        let demand = self.id(Purpose::Demand(asked.clone()));
        let ground = self.ground;
        let is_computed =
            ground.rules(asked.relation).any(|rule| asked.given(&rule.args).into_iter().any(Term::is_call));
        for rule in ground.rules(asked.relation) {
            let mut rule = rule.clone();
            let given: Vec<Term> = asked.given(&rule.args).into_iter().cloned().collect();
            let passage = self.passage(&rule, &given, asked);
            let keeps = |call: &Call| {
                call.asked == *asked && asked.given(atom_args(&rule, call.literal)).into_iter().eq(&given)
            };
            let (kept, calls): (Vec<Call>, Vec<Call>) =
                passage.calls.into_iter().partition(|call| !is_computed && keeps(call));
            let mut entry: Vec<Literal> =
                kept.iter().map(|call| atom(head, asked.row(atom_args(&rule, call.literal)), &rule)).collect();
            if entry.is_empty() {
                // What the head computes is not looked for before: its rows are found by what reads them.
                let guard = given.into_iter().zip(asked.adornment.bound()).map(|(arg, column)| {
                    if arg.is_call() { self.fresh(asked.relation, column, &mut rule) } else { arg }
                });
                let guard = guard.collect();
                entry.push(atom(demand, guard, &rule));
            }
            let left_out = kept.iter().map(|call| call.literal).collect();
            self.write(Draft { rule: &rule, head, args: asked.row(&rule.args), entry, left_out, calls });
        }
        let guard: Vec<usize> = asked.adornment.bound().collect();
        self.stored(asked, head, guard, Some(demand));
    }

    /// What a rule passes on for `around`. Around one recursion, everything that is known is given.
    fn passage(&mut self, rule: &Rule, given: &[Term], around: &Adorned) -> Passage {
        let (ground, shapes) = (self.ground, &mut self.shapes);
        let mut passage = pass(ground, rule, given, &mut |wanted| {
            if ground.are_together(wanted.relation, around.relation) { wanted } else { shapes.narrow(wanted) }
        });
        self.unbound.append(&mut passage.unbound);
        passage
    }

    /// The rules of `asked` and of everything around its recursion, as goals:
    ///
    /// ```text
    /// search for p[bf](S, S) :- demand for p[bf](S).
    /// search for p[bf](S, Y) :- search for p[bf](S, X), e(X, Y).       for p(X, Z) :- e(X, Y), p(Y, Z).
    /// p[bf](S, Z) :- search for p[bf](S, X), e(X, Z).                  for p(X, Z) :- e(X, Z).
    /// p[bf](S, Z) :- p[bf](S, Y), e(Y, Z).                             for p(X, Z) :- p(X, Y), e(Y, Z).
    /// ```
    fn goals(&mut self, asked: &Adorned) {
        let members = members(self.ground, asked).expect("the shape says so");
        self.first_goal(asked);
        for member in &members {
            for rule in self.ground.rules(member.relation) {
                let passage = within(self.ground, rule, member);
                let linear = linear(self.ground, rule, &passage, member, members.len() == 1);
                self.goal_rule(asked, member, rule, &linear.expect("the shape says so"));
            }
            self.stored_goals(asked, member);
        }
    }

    fn first_goal(&mut self, asked: &Adorned) {
        let head = self.id(Purpose::Goals { asked: asked.clone(), goal: asked.clone() });
        let demand = self.id(Purpose::Demand(asked.clone()));
        let mut rule = self.blank(asked.relation);
        let start = self.start(asked, &mut rule);
        let body = vec![atom(demand, start.clone(), &rule)];
        self.push(Rule { head, args: [&start[..], &start].concat(), body, ..rule });
    }

    fn goal_rule(&mut self, asked: &Adorned, member: &Adorned, rule: &Rule, Linear { kept, last }: &Linear) {
        let rows = self.id(Purpose::Rows(asked.clone()));
        let mut rule = rule.clone();
        let start = self.start(asked, &mut rule);
        let given: Vec<Term> = member.given(&rule.args).into_iter().cloned().collect();
        let passage = self.passage(&rule, &given, asked);
        let answer =
            |args: &[Term], way: &Adorned| -> Vec<Term> { start.iter().chain(way.sought(args)).cloned().collect() };
        let goal =
            |args: &[Term], way: &Adorned| -> Vec<Term> { start.iter().chain(way.given(args)).cloned().collect() };
        let entry = if kept.is_empty() {
            let goals = self.id(Purpose::Goals { asked: asked.clone(), goal: member.clone() });
            vec![atom(goals, goal(&rule.args, member), &rule)]
        } else {
            let again = kept.iter().map(|at| answer(atom_args(&rule, *at), member));
            again.map(|args| atom(rows, args, &rule)).collect()
        };
        let left_out: BTreeSet<usize> = kept.iter().copied().chain(*last).collect();
        let (lasts, calls): (Vec<Call>, Vec<Call>) = passage
            .calls
            .into_iter()
            .filter(|call| !kept.contains(&call.literal))
            .partition(|call| Some(call.literal) == *last);
        let (head, args) = match lasts.first() {
            Some(Call { literal, asked: next, .. }) => {
                let goals = self.id(Purpose::Goals { asked: asked.clone(), goal: next.clone() });
                (goals, goal(atom_args(&rule, *literal), next))
            }
            None => (rows, answer(&rule.args, member)),
        };
        self.write(Draft { rule: &rule, head, args, entry, left_out, calls });
    }

    /// Rows of a relation that is stored as well as derived.
    fn stored(&mut self, asked: &Adorned, head: RelationId, guard: Vec<usize>, demand: Option<RelationId>) {
        if self.ground.stats.rows[asked.relation] == 0 {
            return;
        }
        let mut rule = self.blank(asked.relation);
        let row = self.columns(asked.relation, &mut rule);
        let given = guard.into_iter().map(|column| row[column].clone()).collect();
        let mut body: Vec<Literal> = demand.into_iter().map(|demand| atom(demand, Vec::clone(&given), &rule)).collect();
        body.push(atom(asked.relation, row.clone(), &rule));
        self.push(Rule { head, args: asked.row(&row), body, ..rule });
    }

    fn stored_goals(&mut self, asked: &Adorned, member: &Adorned) {
        if self.ground.stats.rows[member.relation] == 0 {
            return;
        }
        let head = self.id(Purpose::Rows(asked.clone()));
        let goals = self.id(Purpose::Goals { asked: asked.clone(), goal: member.clone() });
        let mut rule = self.blank(asked.relation);
        let start = self.start(asked, &mut rule);
        let row = self.columns(member.relation, &mut rule);
        let goal = start.iter().chain(member.given(&row)).cloned().collect();
        let body = vec![atom(goals, goal, &rule), atom(member.relation, row.clone(), &rule)];
        let args = start.iter().chain(member.sought(&row)).cloned().collect();
        self.push(Rule { head, args, body, ..rule });
    }

    /// Writes a rule, and for each atom over what is asked for a rule that asks.
    fn write(&mut self, draft: Draft<'_>) {
        let Draft { rule, head, args, entry, left_out, calls } = draft;
        let body = self.with_copies(rule, &calls);
        let asks: BTreeSet<usize> = calls.iter().map(|call| call.literal).collect();
        let (mut start, mut done) = (entry.clone(), left_out.clone());
        for call in &calls {
            let before: BTreeSet<usize> = call.before.iter().copied().filter(|at| !left_out.contains(at)).collect();
            let is_prefix = done.iter().all(|at| left_out.contains(at) || before.contains(at));
            if is_prefix && before.iter().any(|at| asks.contains(at) && !done.contains(at)) {
                start.extend(before.difference(&done).map(|at| body[*at].clone()));
                done.extend(&before);
                let rest = (0..body.len()).filter(|at| !done.contains(at)).map(|at| &body[at]);
                start = vec![self.part(head, rule, start, rest, &args)];
            }
            let (from, known) = if is_prefix { (&start, &done) } else { (&entry, &left_out) };
            let before = before.difference(known).map(|at| body[*at].clone());
            self.ask(rule, call, from.iter().cloned().chain(before).collect());
        }
        let rest = (0..body.len()).filter(|at| !done.contains(at)).map(|at| body[at].clone());
        let body = start.into_iter().chain(rest).collect();
        self.push(Rule { head, args, body, ..rule.clone() });
    }

    /// A body that reads copies where it asks for something.
    fn with_copies(&mut self, rule: &Rule, calls: &[Call]) -> Vec<Literal> {
        let mut body: Vec<Literal> = rule.body.clone();
        for Call { literal, asked, .. } in calls {
            if let Literal::Atom(atom) | Literal::Absent(atom) = &mut body[*literal] {
                atom.relation = self.id(Purpose::Rows(asked.clone()));
                atom.args = asked.row(&atom.args);
            }
        }
        body
    }

    /// `demand for p[bf](X) :- …`
    fn ask(&mut self, rule: &Rule, Call { literal, asked, .. }: &Call, body: Vec<Literal>) {
        if !asked.adornment.gives_nothing() {
            let args = asked.given(atom_args(rule, *literal)).into_iter().cloned().collect();
            let head = self.id(Purpose::Demand(asked.clone()));
            self.push(Rule { head, args, body, ..rule.clone() });
        }
    }

    /// A relation for the start of a body, with what is mentioned behind it. Returns the atom to read it by.
    fn part<'l>(
        &mut self,
        of: RelationId,
        rule: &Rule,
        start: Vec<Literal>,
        rest: impl Iterator<Item = &'l Literal>,
        args: &[Term],
    ) -> Literal {
        let (mut bound, mut wanted) = (Variables::new(), Variables::new());
        start.iter().for_each(|literal| variables::of_literal(literal, &mut bound));
        rest.for_each(|literal| variables::of_literal(literal, &mut wanted));
        args.iter().for_each(|arg| variables::of_term(arg, &mut wanted));
        let kept: Vec<VarId> = bound.intersection(&wanted).copied().collect();
        let columns = kept.iter().map(|var| {
            let Variable { name, ty, .. } = &rule.variables[*var];
            Column { name: name.clone(), ty: *ty, subtype: None }
        });
        let number = self.relations.iter().filter(|relation| relation.name.starts_with("part ")).count() + 1;
        let name = format!("part {number} of {}", self.name(of));
        let part = self.relation(name, columns.collect(), rule);
        let row: Vec<Term> = kept.into_iter().map(Term::Variable).collect();
        self.push(Rule { head: part, args: row.clone(), body: start, ..rule.clone() });
        atom(part, row, rule)
    }

    /// Enters a rule, unless it says that what holds holds.
    fn push(&mut self, rule: Rule) {
        let is_itself = |literal: &Literal| matches!(literal, Literal::Atom(atom) if atom.relation == rule.head && atom.args == rule.args);
        if !rule.body.iter().any(is_itself) {
            self.rules.push(rule);
        }
    }

    /// The relation for a purpose, made when it is first needed.
    fn id(&mut self, purpose: Purpose) -> RelationId {
        if let Some(id) = self.ids.get(&purpose) {
            return *id;
        }
        let program = self.ground.program;
        let column = |asked: &Adorned, at: usize| program.relations[asked.relation].columns[at].clone();
        let given = |asked: &Adorned| asked.adornment.bound().map(|at| column(asked, at)).collect::<Vec<Column>>();
        let (name, columns) = match &purpose {
            Purpose::Rows(asked) => (asked.name(program), asked.order().map(|at| column(asked, at)).collect()),
            Purpose::Demand(asked) => (format!("demand for {}", asked.name(program)), given(asked)),
            Purpose::Goals { asked, goal } => {
                let through = if asked == goal { String::new() } else { format!(" through {}", goal.name(program)) };
                let start =
                    given(asked).into_iter().map(|column| Column { name: format!("{}?", column.name), ..column });
                (format!("search for {}{through}", asked.name(program)), start.chain(given(goal)).collect())
            }
        };
        if let Purpose::Rows(asked) = &purpose {
            self.open.push_back(asked.clone());
        }
        let (Purpose::Rows(asked) | Purpose::Demand(asked) | Purpose::Goals { asked, .. }) = &purpose;
        let like = self.blank(asked.relation);
        let id = self.relation(name, columns, &like);
        self.ids.insert(purpose, id);
        id
    }

    fn relation(&mut self, name: String, columns: Vec<Column>, like: &Rule) -> RelationId {
        self.relations.push(Relation {
            upkeep: None,
            name,
            columns,
            role: Role::Auxiliary,
            doc: None,
            span: Some(like.span),
            declared: false,
            is_equivalence: false,
            stored: false,
            citations: None,
            rules: Vec::new(),
            stratum: None,
        });
        RelationId::from_index(self.ground.program.relations.len() + self.relations.len() - 1)
    }

    fn name(&self, relation: RelationId) -> &str {
        match relation.index().checked_sub(self.ground.program.relations.len()) {
            Some(own) => &self.relations[own].name,
            None => &self.ground.program.relations[relation].name,
        }
    }

    /// A rule without a body, to be filled. It is written where the relation is first derived.
    fn blank(&self, relation: RelationId) -> Rule {
        let rule = self.ground.rules(relation).next().expect("what is asked for has rules");
        Rule { head: relation, args: Vec::new(), body: Vec::new(), variables: Default::default(), span: rule.span }
    }

    /// New variables for what is given.
    fn start(&self, asked: &Adorned, rule: &mut Rule) -> Vec<Term> {
        asked.adornment.bound().map(|column| self.fresh(asked.relation, column, rule)).collect()
    }

    /// New variables for a row.
    fn columns(&self, relation: RelationId, rule: &mut Rule) -> Vec<Term> {
        let columns = 0..self.ground.program.relations[relation].columns.len();
        columns.map(|column| self.fresh(relation, column, rule)).collect()
    }

    /// A new variable with the type of a column. Its name begins in lower case, which tells that it is not written.
    fn fresh(&self, relation: RelationId, column: usize, rule: &mut Rule) -> Term {
        let ty = self.ground.program.relations[relation].columns[column].ty;
        Term::Variable(rule.variables.push(Variable { name: "given".into(), named: false, ty, span: rule.span }))
    }
}

fn atom(relation: RelationId, args: Vec<Term>, of: &Rule) -> Literal {
    Literal::Atom(Atom { relation, args, span: of.span })
}

/// Finds the relations whose rules ask for little by themselves, from those that rest on least.
pub(super) fn find_selective(ground: &mut Ground<'_>, relations: impl Iterator<Item = RelationId>) {
    for relation in relations {
        let is_stored = ground.stats.rows[relation] > 0 && !ground.is_small(relation);
        let asks_for_little = |rule: &Rule| {
            let passage = pass(ground, rule, [], &mut |wanted| wanted);
            passage.unbound.is_empty() && !passage.scans
        };
        if ground.access(relation) == Access::OnDemand && !is_stored && ground.rules(relation).all(asks_for_little) {
            ground.is_selective(relation);
        }
    }
}
