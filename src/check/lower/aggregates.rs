//! Aggregates: what they share with the clause around them, and what they range over.

use super::clause::Lowering;
use crate::check::VarId;
use crate::check::draft::{Aggregate, Literal, Mention, Origin, Term, TermKind};
use crate::check::inference::{self, Why};
use crate::check::overloads::{What, is_predicate};
use crate::check::scope::Frame;
use crate::data::{Dialect, Type};
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{self, AggregateOp, LiteralKind, TermKind as Written};
use rustc_hash::FxHashSet;

impl<'a> Lowering<'a, '_, '_> {
    /// An aggregate in a frame of its own. What it shares with the outside is settled before its body is read.
    pub(super) fn aggregate(
        &mut self,
        written: &'a syntax::Aggregate,
        result: VarId,
        span: Span,
        out: &mut Vec<Literal>,
    ) -> Literal {
        let broken = self.open_frame(written);
        let mut body = Vec::new();
        self.frame().enter(&written.body);
        let target = written.target.as_ref().map(|target| self.term(target, &mut body));
        self.frame().leave();
        self.body(&written.body, &mut body);
        let frame = self.frames.pop().expect("the frame was opened above");
        self.type_aggregate(written.op, target.as_ref(), result, span);
        let outer = frame.outer();
        let mut local = frame.local;
        if self.workshop.schema.dialect != Dialect::Entail && ranges_over_names(written, self.workshop.schema.dialect) {
            let mut used = FxHashSet::default();
            target.iter().for_each(|target| target.each_variable(&mut |variable, _| _ = used.insert(variable)));
            local.retain(|variable| self.variables[*variable].origin != Origin::Unnamed || used.contains(variable));
        }
        let aggregate = Literal::Aggregate(Aggregate { result, op: written.op, target, body, outer, local, span });
        match broken {
            Some(outside) => {
                out.push(aggregate);
                Literal::Broken(vec![outside])
            }
            None => aggregate,
        }
    }

    /// Opens a frame and lets it share the names that also occur around it. An aggregated variable that occurs
    /// around it is complained about and not shared; the one outside is returned.
    fn open_frame(&mut self, written: &'a syntax::Aggregate) -> Option<Term> {
        let mentioned = Frame::mentioned_in(written);
        let target = match written.target.as_ref().map(|target| (&target.kind, target.span)) {
            Some((Written::Variable(name), span)) => Some((name.as_str(), span)),
            _ => None,
        };
        let visible = self.frame().visible();
        let mut frame = Frame::of_aggregate(written);
        let mut broken = None;
        for mention in mentioned {
            let around = visible.get(mention.name).copied();
            if around.is_none() && !self.frame().shares(mention.name) {
                continue;
            }
            match target {
                Some((name, span)) if name == mention.name => {
                    let variable = self.look_up(name, around.unwrap_or(span));
                    let outside = around.unwrap_or(self.variables[variable].span);
                    self.workshop.diagnostics.push(aggregated_outside(written.op, name, span, outside));
                    broken = Some(Term { kind: TermKind::Variable(variable), span: outside });
                }
                Some(_) | None => {
                    let variable = self.look_up(mention.name, mention.span);
                    frame.share(mention.name, Mention { variable, span: mention.span });
                }
            }
        }
        self.frames.push(frame);
        broken
    }

    fn type_aggregate(&mut self, op: AggregateOp, target: Option<&Term>, result: VarId, span: Span) {
        let place = || inference::Place { span, subject: format!("the {}", op.name()) };
        let value = self.variables[result].node;
        match (op, target) {
            (AggregateOp::Count, _) | (_, None) => {
                let origin = inference::Origin { span: Some(span), why: Why::Aggregate(op) };
                let asked = inference::Known { ty: Type::Number, origin };
                self.workshop.inference.require(value, asked, place);
            }
            (AggregateOp::Min | AggregateOp::Max, Some(target)) => {
                let node = self.node(target);
                self.workshop.inference.equal(value, node, place);
            }
            (AggregateOp::Sum | AggregateOp::Mean, Some(target)) => {
                let node = self.node(target);
                self.workshop.inference.choice(What::Aggregate(op), span, vec![node], Some(value));
            }
        }
    }
}

/// Whether an aggregate of Soufflé's ranges over the values of its named variables alone. Where its body is one atom that
/// names no variable twice, and holds no aggregate, it ranges over the rows of that.
fn ranges_over_names(aggregate: &syntax::Aggregate, dialect: Dialect) -> bool {
    let mut terms = aggregate.target.iter().chain(aggregate.body.iter().flat_map(syntax::Literal::terms));
    let atoms = aggregate.body.iter().filter_map(|literal| match &literal.kind {
        LiteralKind::Atom(atom) if !is_predicate(&atom.name.text, dialect) => Some(atom),
        LiteralKind::Atom(_) | LiteralKind::Not(_) | LiteralKind::Compare { .. } | LiteralKind::Or(_) => None,
    });
    let atoms: Vec<&syntax::Atom> = atoms.collect();
    let mut names = FxHashSet::default();
    let mut is_repeated = false;
    let args = atoms.iter().flat_map(|atom| &atom.args);
    args.for_each(|arg| each_name(arg, &mut |name| is_repeated |= !names.insert(name.to_owned())));
    let has_alternatives = aggregate.body.iter().any(|literal| matches!(literal.kind, LiteralKind::Or(_)));
    has_alternatives || atoms.len() > 1 || is_repeated || terms.any(syntax::Term::holds_aggregate)
}

fn each_name(term: &syntax::Term, visit: &mut impl FnMut(&str)) {
    if let Written::Variable(name) = &term.kind {
        visit(name);
    }
    term.parts().for_each(|part| each_name(part, visit));
}

fn aggregated_outside(op: AggregateOp, name: &str, inside: Span, outside: Span) -> Diagnostic {
    let op = op.name();
    Diagnostic::new(
        Code::AggregatedOutside,
        inside,
        format!("`{name}` is aggregated here and used outside the {op} as well"),
    )
    .label(format!("ranges over many values within the {op}"))
    .also(outside, "outside it would have to be one")
    .help(format!("give the {op} a variable of its own; if `{name}` is meant to be the group, aggregate another"))
}
