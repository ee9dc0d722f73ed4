//! Which row of the table of builtins is meant? The types of the arguments choose.
//!
//! In: calls of builtins and aggregates, each a [`Choice`] among signatures. Out: one signature each, or the reason
//! why none fits. A choice is looked at again whenever more is known of an argument or of the value. What the types
//! alone leave open takes the first signature that fits, which for arithmetic is the one on numbers.

use super::inference::{Inference, Known, NodeId, Origin, Place, State, Why};
use super::records;
use crate::data::{Builtin, BuiltinId, Dialect, FormId, Notation, Type, id};
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::AggregateOp;

id! {
    /// One call of a builtin or an aggregate.
    ChoiceId
}

/// A call and the signatures that it may still mean.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) what: What,
    pub(super) span: Span,
    pub(super) args: Vec<NodeId>,
    /// The node of the value; none for a predicate.
    pub(super) result: Option<NodeId>,
    /// The signatures that still fit; more than one only while types are being found.
    open: Vec<Signature>,
    pub(super) settled: bool,
}

/// What is called.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    Builtin {
        name: &'static str,
        notation: Notation,
    },
    Aggregate(AggregateOp),
    /// A record of parts: which types these are of is known once it is known what it is.
    Record {
        /// Its form, if its name tells.
        form: Option<FormId>,
    },
}

/// Types of the arguments and of the value.
#[derive(Debug, Clone, Copy)]
struct Signature {
    params: &'static [Type],
    /// Whether the last argument may be given again and again.
    repeats: bool,
    result: Option<Type>,
    builtin: Option<BuiltinId>,
}

impl Signature {
    fn takes(&self, arguments: usize) -> bool {
        self.params.len() == arguments || (self.repeats && self.params.len() <= arguments)
    }

    fn param(&self, at: usize) -> Type {
        self.params[at.min(self.params.len() - 1)]
    }

    fn fits(&self, states: &[State]) -> bool {
        self.takes(states.len()) && states.iter().enumerate().all(|(at, state)| state.may_be(self.param(at)))
    }
}

/// `1 argument`, `2 arguments`
pub(super) fn arguments(count: usize) -> String {
    if count == 1 { "1 argument".to_string() } else { format!("{count} arguments") }
}

impl What {
    fn name(self) -> &'static str {
        match self {
            What::Builtin { name, .. } => name,
            What::Aggregate(op) => op.name(),
            What::Record { .. } => "a record",
        }
    }

    fn signatures(self, dialect: Dialect) -> Vec<Signature> {
        match self {
            What::Builtin { name, notation } => BuiltinId::named(name, notation, dialect)
                .map(|id| {
                    let Builtin { params, repeats, result, .. } = *id.row();
                    Signature { params, repeats, result, builtin: Some(id) }
                })
                .collect(),
            What::Record { .. } => Vec::new(),
            What::Aggregate(op) => [Type::Number, Type::Unsigned, Type::Float]
                .into_iter()
                .filter_map(|ty| {
                    let result = match op {
                        AggregateOp::Sum => ty,
                        AggregateOp::Mean => Type::Float,
                        AggregateOp::Count | AggregateOp::Min | AggregateOp::Max => return None,
                    };
                    let params: &[Type] = match ty {
                        Type::Unsigned => &[Type::Unsigned],
                        Type::Float => &[Type::Float],
                        Type::Symbol | Type::Number | Type::Date | Type::Record => &[Type::Number],
                    };
                    Some(Signature { params, repeats: false, result: Some(result), builtin: None })
                })
                .collect(),
        }
    }

    fn why(self) -> Why {
        match self {
            What::Builtin { name, .. } => Why::Builtin(name),
            What::Aggregate(op) => Why::Aggregate(op),
            What::Record { .. } => Why::Literal,
        }
    }
}

impl Inference {
    /// A call whose signature the types will choose.
    pub(super) fn choice(&mut self, what: What, span: Span, args: Vec<NodeId>, result: Option<NodeId>) -> ChoiceId {
        let id = self.choices.next_id();
        for node in args.iter().chain(&result) {
            self.watch(*node, id);
        }
        let open = what.signatures(self.dialect);
        self.choices.push(Choice { what, span, args, result, open, settled: false });
        self.queue.push(id);
        id
    }

    /// The row of the table that a call turned out to mean.
    pub(super) fn chosen(&self, choice: ChoiceId) -> BuiltinId {
        self.choices[choice]
            .open
            .first()
            .and_then(|row| row.builtin)
            .expect("a program without errors chose every builtin")
    }
}

/// Chooses a signature for every call.
pub(super) fn choose(inference: &mut Inference, diagnostics: &mut Vec<Diagnostic>) {
    inference.queue.reverse();
    drain(inference, diagnostics);
    // A literal says more than nothing: `0 * 3` is settled before `to_float(C)` when `C = 0 * 3`.
    let is_record = |inference: &Inference, id: ChoiceId| matches!(inference.choices[id].what, What::Record { .. });
    let (records, calls): (Vec<ChoiceId>, Vec<ChoiceId>) =
        inference.choices.ids().partition(|id| is_record(inference, *id));
    let (literal, open): (Vec<ChoiceId>, Vec<ChoiceId>) = calls.into_iter().partition(|id| has_literal(inference, *id));
    for id in literal.into_iter().chain(open).chain(records) {
        if !inference.choices[id].settled {
            take_first(inference, id, diagnostics);
            drain(inference, diagnostics);
        }
    }
}

fn has_literal(inference: &mut Inference, id: ChoiceId) -> bool {
    let args = inference.choices[id].args.clone();
    args.into_iter().any(|arg| matches!(inference.state(arg), State::Literal(_)))
}

fn drain(inference: &mut Inference, diagnostics: &mut Vec<Diagnostic>) {
    while let Some(id) = inference.queue.pop() {
        if !inference.choices[id].settled {
            diagnostics.extend(narrow(inference, id));
        }
    }
}

/// Drops the signatures that no longer fit, and demands what all that remain agree on.
fn narrow(inference: &mut Inference, id: ChoiceId) -> Option<Diagnostic> {
    if let What::Record { .. } = inference.choices[id].what {
        return inference.fields(id);
    }
    let nodes: Vec<NodeId> = inference.choices[id].args.clone();
    let result_node = inference.choices[id].result;
    let states: Vec<State> = nodes.iter().map(|node| inference.state(*node)).collect();
    let result = result_node.map(|node| inference.state(node));
    let dialect = inference.dialect;
    let choice = &mut inference.choices[id];
    if states.iter().chain(&result).any(|state| matches!(state, State::Clashed)) {
        choice.settled = true;
        return give_up(inference, result_node);
    }
    choice.open.retain(|row| row.fits(&states) && row.result.zip(result).is_none_or(|(ty, state)| state.may_be(ty)));
    let Some(first) = choice.open.first().copied() else {
        choice.settled = true;
        let mistake = no_signature(choice, &states, result, dialect);
        give_up(inference, result_node);
        return Some(mistake);
    };
    choice.settled = choice.open.len() == 1;
    let agreed: Vec<Option<Type>> = (0..states.len())
        .map(|at| choice.open.iter().all(|row| row.param(at) == first.param(at)).then(|| first.param(at)))
        .collect();
    let value = first.result.filter(|_| choice.open.iter().all(|row| row.result == first.result));
    demand(inference, id, &agreed, value);
    None
}

fn give_up(inference: &mut Inference, result: Option<NodeId>) -> Option<Diagnostic> {
    if let Some(node) = result {
        inference.give_up(node);
    }
    None
}

/// Where types alone do not decide, the first signature is meant; but nobody guesses what a record is.
fn take_first(inference: &mut Inference, id: ChoiceId, diagnostics: &mut Vec<Diagnostic>) {
    let choice = &mut inference.choices[id];
    if let What::Record { .. } = choice.what {
        choice.settled = true;
        let (span, whole) = (choice.span, choice.result);
        let was_told = whole.is_some_and(|whole| matches!(inference.state(whole), State::Clashed));
        diagnostics.extend((!was_told).then(|| records::unknown(span)));
        return;
    }
    choice.open.truncate(1);
    choice.settled = true;
    let first = *choice.open.first().expect("an unsettled call has signatures");
    let agreed: Vec<Option<Type>> = (0..choice.args.len()).map(|at| Some(first.param(at))).collect();
    demand(inference, id, &agreed, first.result);
}

fn demand(inference: &mut Inference, id: ChoiceId, params: &[Option<Type>], result: Option<Type>) {
    let choice = &inference.choices[id];
    let (span, what) = (choice.span, choice.what);
    let origin = Origin { span: Some(span), why: what.why() };
    let demands: Vec<(NodeId, Type)> = choice
        .args
        .iter()
        .zip(params)
        .filter_map(|(node, ty)| Some((*node, (*ty)?)))
        .chain(choice.result.zip(result))
        .collect();
    for (node, ty) in demands {
        inference
            .require(node, Known { ty, origin }, || Place { span, subject: format!("a value of `{}`", what.name()) });
    }
}

fn no_signature(choice: &Choice, states: &[State], result: Option<State>, dialect: Dialect) -> Diagnostic {
    let name = choice.what.name();
    let signatures = choice.what.signatures(dialect);
    let given: Vec<&str> = states.iter().map(|state| state_name(*state)).collect();
    if !signatures.iter().any(|row| row.takes(states.len())) {
        let given = match choice.what {
            What::Builtin { notation: Notation::OneOf, .. } => states.len() - 1,
            What::Builtin { .. } | What::Aggregate(_) | What::Record { .. } => states.len(),
        };
        let message = format!("`{name}` does not take {}", arguments(given));
        return Diagnostic::new(Code::NoSignature, choice.span, message)
            .label(format!("{} here", arguments(given)))
            .note(format!("it is defined as {}", signatures_of(choice.what, dialect)));
    }
    let fits_arguments = signatures.iter().any(|row| row.fits(states));
    let wanted = result.filter(|_| fits_arguments);
    let mut message = Diagnostic::new(
        Code::NoSignature,
        choice.span,
        match wanted {
            Some(state) => format!("`{name}` of {} does not give {}", listed(&given), state_name(state)),
            None => format!("`{name}` does not take {}", listed(&given)),
        },
    )
    .label(match wanted {
        Some(state) => format!("{} is needed here", state_name(state)),
        None => format!("given {}", listed(&given)),
    })
    .note(format!("it is defined as {}", signatures_of(choice.what, dialect)));
    for (state, given) in states.iter().zip(&given) {
        if let State::Known(_, Origin { span: Some(span), why }) = state
            && !within(*span, choice.span)
            && !matches!(why, Why::Builtin(_))
            && message.also.iter().all(|(known, _)| known != span)
        {
            message = message.also(*span, format!("{given}, by this"));
        }
    }
    match conversion(states) {
        Some(help) => message.help(help),
        None => message,
    }
}

fn within(inner: Span, outer: Span) -> bool {
    inner.source == outer.source && outer.start <= inner.start && inner.end <= outer.end
}

fn conversion(states: &[State]) -> Option<String> {
    let has = |ty: Type| states.iter().any(|state| matches!(state, State::Known(known, _) if *known == ty));
    if has(Type::Float) && has(Type::Number) {
        Some("nothing converts by itself: write `to_float(…)` around the number".to_string())
    } else if has(Type::Symbol) {
        Some("a symbol that spells a number becomes one by `to_number(…)` or `to_float(…)`".to_string())
    } else {
        None
    }
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Open | State::Clashed => "any value",
        State::Literal(_) => Type::Number.with_article(),
        State::Known(ty, _) => ty.with_article(),
    }
}

fn listed(given: &[&str]) -> String {
    match given {
        [] => "nothing".to_string(),
        [one] => (*one).to_string(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

/// `number + number: number, date + number: date`
fn signatures_of(what: What, dialect: Dialect) -> String {
    let mut rows: Vec<String> = what
        .signatures(dialect)
        .iter()
        .map(|row| match (what, row.builtin) {
            (What::Builtin { .. }, Some(id)) => format!("`{}`", spelt(id.row())),
            (What::Builtin { .. } | What::Aggregate(_) | What::Record { .. }, _) => {
                format!("`{} {}: {}`", what.name(), names(row.params).join(", "), row.result.map_or("", Type::name))
            }
        })
        .collect();
    rows.dedup();
    rows.join(", ")
}

fn spelt(row: &Builtin) -> String {
    let params = names(row.params);
    let call = match (row.notation, params.as_slice()) {
        (Notation::Infix, [left, right]) => format!("{left} {} {right}", row.name),
        (Notation::Prefix, [only]) => format!("{}{only}", row.name),
        (Notation::OneOf, [value, given @ ..]) => format!("{value} = {}({})", row.name, given.join(", ")),
        (Notation::Infix | Notation::Prefix | Notation::OneOf | Notation::Call, _) => {
            format!("{}({}{})", row.name, params.join(", "), if row.repeats { ", …" } else { "" })
        }
    };
    match row.result {
        Some(result) => format!("{call}: {result}"),
        None => call,
    }
}

fn names(types: &[Type]) -> Vec<&'static str> {
    types.iter().map(|ty| ty.name()).collect()
}

/// The builtin predicates of a dialect, which no relation may be called by.
pub(super) fn is_predicate(name: &str, dialect: Dialect) -> bool {
    BuiltinId::named(name, Notation::Call, dialect).any(|id| id.row().result.is_none())
}

/// The functions of a dialect that have several values.
pub(super) fn is_one_of(name: &str, dialect: Dialect) -> Option<&'static str> {
    BuiltinId::named(name, Notation::OneOf, dialect).next().map(|id| id.row().name)
}

/// The builtin functions of a dialect.
pub(super) fn is_function(name: &str, dialect: Dialect) -> bool {
    BuiltinId::named(name, Notation::Call, dialect).any(|id| id.row().result.is_some())
}
