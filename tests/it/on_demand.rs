//! A question answered on demand is the filter of the whole answer.
//!
//! In: a session. Out: how many questions about its relations were answered on demand, or the first that was answered
//! wrongly.

use entail::check::RelationId;
use entail::data::{Date, Float, Record, Type, Value, spelled};
use entail::session::{Demand, Session};
use std::collections::BTreeSet;

pub(crate) type Rows = BTreeSet<Vec<Value>>;

/// For every derived relation and every way to give some of its columns, asks for the rows, for their count and for
/// their absence.
pub(crate) fn filters_the_whole(start: &Session) -> Result<usize, String> {
    let mut full = start.clone();
    full.demand = Demand::Never;
    if full.evaluate_all().is_err() {
        return Ok(0);
    }
    let mut on_demand = 0;
    let complete = full.clone();
    let mut holds = |relation: RelationId, question: String, filtered: Rows| {
        // A question about values that join may ask what lies below them, which filters nothing.
        let joins = !complete.program().joins(relation).is_empty();
        let wanted = if joins { asked(&mut complete.clone(), &question) } else { filtered };
        let mut session = start.clone();
        session.demand = Demand::Always;
        on_demand += usize::from(is_on_demand(&mut session, &question));
        let found = asked(&mut session, &question);
        if found == wanted { Ok(()) } else { Err(format!("{question} gives {found:?}, not {wanted:?}")) }
    };
    let derived = full.program().named().filter(|id| full.program().relations[*id].is_derived());
    for relation in derived.map(|id| full.program().relations[id].clone()) {
        let id = full.program().relation(&relation.name).expect("it has this name");
        let rows: Rows = full.relation_rows(id).rows(full.symbols()).collect();
        let no_row: Vec<Value> = relation.columns.iter().map(|column| stranger(column.ty)).collect();
        for row in rows.last().into_iter().chain([&no_row]) {
            for given in 0..1_usize << row.len().min(4) {
                let is_given = |column: &usize| given >> column & 1 == 1;
                let atom = |free: &str| match row.len() {
                    0 => relation.name.clone(),
                    arity => {
                        let arg = |column| {
                            if is_given(&column) {
                                spelled(&row[column])
                            } else {
                                free.replace('#', &column.to_string())
                            }
                        };
                        format!("{}({})", relation.name, (0..arity).map(arg).collect::<Vec<_>>().join(", "))
                    }
                };
                let agrees =
                    |found: &&Vec<Value>| (0..row.len()).filter(is_given).all(|column| found[column] == row[column]);
                let free = |found: &Vec<Value>| -> Vec<Value> {
                    (0..row.len()).filter(|column| !is_given(column)).map(|column| found[column].clone()).collect()
                };
                let wanted: Rows = rows.iter().filter(agrees).map(free).collect();
                let count = i64::try_from(wanted.len()).expect("few");
                holds(id, format!("N = count : {{ {} }}?", atom("V#")), Rows::from([vec![Value::Number(count)]]))?;
                holds(
                    id,
                    format!("not {}?", atom("_")),
                    if wanted.is_empty() { Rows::from([vec![]]) } else { Rows::new() },
                )?;
                holds(id, format!("{}?", atom("V#")), wanted)?;
            }
        }
    }
    Ok(on_demand)
}

pub(crate) fn asked(session: &mut Session, question: &str) -> Rows {
    let answers = session.query("question", question).unwrap_or_else(|failure| panic!("{question} {failure:?}"));
    answers[0].answer.rows(session.symbols()).collect()
}

pub(crate) fn is_on_demand(session: &mut Session, question: &str) -> bool {
    session.plan_of("question", question).expect("a question").starts_with("On demand")
}

/// A value of a type that no program has.
fn stranger(ty: Type) -> Value {
    match ty {
        Type::Symbol => Value::symbol("a value that no row has"),
        Type::Number => Value::Number(-987_654_321),
        Type::Unsigned => Value::Unsigned(987_654_321),
        Type::Float => Value::Float(Float::new(-98765.4321).expect("finite")),
        Type::Record => Value::Record(Record::nil().into()),
        Type::Date => Value::Date(Date::new(1066, 10, 14).expect("a day")),
    }
}
