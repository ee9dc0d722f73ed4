//! Two types met: what to say about it.
//!
//! In: the clashes that [`inference`](super::inference) found. Out: a message each that shows both places.

use super::inference::{Clash, Known, Why};
use super::schema::Schema;
use crate::data::Type;
use crate::report::{Code, Diagnostic, Span};

/// The message about a clash.
pub(super) fn message(clash: &Clash, schema: &Schema) -> Diagnostic {
    let Clash { at, had, asked } = clash;
    let (had, asked) = if asked.origin.span == Some(at.span) { (*asked, *had) } else { (*had, *asked) };
    let own_place = had.origin.span == Some(at.span);
    let text = if own_place {
        format!("{} is {} where {} is needed", at.subject, article(had.ty), article(asked.ty))
    } else {
        format!("{} is {} and {} at once", at.subject, article(had.ty), article(asked.ty))
    };
    let label = if own_place { article(had.ty) } else { article(asked.ty) };
    let mut message = Diagnostic::new(Code::TypeMismatch, at.span, text).label(label);
    for known in [asked, had] {
        let reason = reason(known, schema);
        match known.origin.span {
            Some(span) if span == at.span => {}
            Some(span) => message = message.also(span, reason),
            None => message = message.note(reason),
        }
    }
    match conversion(had.ty, asked.ty) {
        Some(help) => message.help(help),
        None => message,
    }
}

/// `a number`
fn article(ty: Type) -> &'static str {
    match ty {
        Type::Symbol => "a symbol",
        Type::Number => "a number",
        Type::Float => "a float",
        Type::Date => "a date",
    }
}

fn reason(known: Known, schema: &Schema) -> String {
    let ty = article(known.ty);
    let column = |relation, column: usize| {
        let relation: &super::schema::Relation = &schema.relations[relation];
        let name = relation.columns.iter().flatten().nth(column).map_or("?", |column| column.name.as_str());
        format!("column `{name}` of `{}`", relation.name)
    };
    match known.origin.why {
        Why::Column { relation, column: at, declared: true } => format!("{} is declared {ty}", column(relation, at)),
        Why::Column { relation, column: at, declared: false } => format!("{} is {ty}", column(relation, at)),
        Why::Fact { relation, column: at } => format!("this makes {} {ty}", column(relation, at)),
        Why::File { relation, column: at } => {
            let file = schema.relations[relation].file.as_deref().unwrap_or("a data file");
            format!("in `{file}`, {} is {ty}", column(relation, at))
        }
        Why::Literal => ty.to_string(),
        Why::Builtin(name) => format!("`{name}` makes it {ty}"),
        Why::Aggregate(op) => format!("the {} is {ty}", op.name()),
        Why::Claim => format!("a claim is {ty}"),
    }
}

fn conversion(had: Type, asked: Type) -> Option<String> {
    match (had, asked) {
        (Type::Number, Type::Float) | (Type::Float, Type::Number) => {
            Some("nothing converts by itself: `to_float(N)` makes a float of a number".to_string())
        }
        (Type::Number | Type::Float | Type::Date, Type::Symbol) => {
            Some("quote it if a symbol is meant; `to_symbol(X)` makes a symbol of a value".to_string())
        }
        (Type::Symbol, Type::Number | Type::Float) => {
            Some("`to_number(S)` and `to_float(S)` read the number that a symbol spells".to_string())
        }
        (Type::Symbol, Type::Date) => Some("dates are written without quotes, such as 2025-02-18".to_string()),
        (Type::Date, Type::Number | Type::Float) | (Type::Number | Type::Float, Type::Date) => {
            Some("`year(D)`, `month(D)` and `day(D)` are the numbers in a date".to_string())
        }
        (Type::Symbol, Type::Symbol)
        | (Type::Number, Type::Number)
        | (Type::Float, Type::Float)
        | (Type::Date, Type::Date) => None,
    }
}

/// An integer literal that a float is needed for but none is equal to.
pub(super) fn inexact(number: i64, span: Span) -> Diagnostic {
    #[expect(clippy::cast_precision_loss, reason = "the message shows what is lost")]
    let nearest = number as f64;
    Diagnostic::new(Code::BadLiteral, span, format!("no float is exactly {number}"))
        .label("a float is needed here")
        .help(format!("the nearest is {nearest:?}"))
}
