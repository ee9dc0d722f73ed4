//! The engines, behind one signature, and what a program means to them.
//!
//! In: the text of a program. Out: its [`Meaning`], which two engines or two texts can be compared by.

use entail::check::{Program, check};
use entail::data::{Dialect, Fault, Libraries, Symbols, Value, Word};
use entail::eval::naive::{self, Model};
use entail::eval::{Limits, Stopped, evaluate};
use entail::plan::{Choices, Use};
use entail::report::{Sources, Style, draw};
use entail::store::{Relation, Rows, Store};
use entail::syntax::parse_in;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock, Mutex};

/// Something that finds the model of a program.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Program) -> Result<Model, Fault>,
}

/// Each is compared with the slow twin: what the planner would choose, each of its choices forced, and other numbers of
/// threads.
pub(crate) const ENGINES: &[Engine] = &[
    Engine { name: "local", run: |program| local(program, Choices::default()) },
    Engine { name: "chains always", run: |program| local(program, chains(Use::Always)) },
    Engine { name: "chains never", run: |program| local(program, chains(Use::Never)) },
    Engine { name: "intersections always", run: |program| local(program, intersections(Use::Always)) },
    Engine { name: "no intersections", run: |program| local(program, intersections(Use::Never)) },
    Engine { name: "ranks always", run: |program| local(program, ranks(Use::Always)) },
    Engine { name: "ranks never", run: |program| local(program, ranks(Use::Never)) },
    Engine { name: "one thread", run: |program| on_threads(1, program) },
    Engine { name: "eight threads", run: |program| on_threads(8, program) },
];

fn chains(chains: Use) -> Choices {
    Choices { chains, ..Choices::default() }
}

fn intersections(intersections: Use) -> Choices {
    Choices { intersections, ..Choices::default() }
}

fn ranks(ranks: Use) -> Choices {
    Choices { ranks, ..Choices::default() }
}

/// The planner's own choice, by so many threads, which are kept from one program to the next.
fn on_threads(threads: usize, program: &Program) -> Result<Model, Fault> {
    static POOLS: LazyLock<Mutex<BTreeMap<usize, Arc<ThreadPool>>>> = LazyLock::new(Mutex::default);
    let start = || Arc::new(ThreadPoolBuilder::new().num_threads(threads).build().expect("threads"));
    let pool = POOLS.lock().expect("no thread panics here").entry(threads).or_insert_with(start).clone();
    pool.install(|| local(program, Choices::default()))
}

/// What a program means, without ids: comparable between two texts.
#[derive(Debug, PartialEq)]
pub(crate) enum Meaning {
    /// It is no program.
    Rejected(String),
    /// The run stops with an error.
    Fault,
    Rows {
        relations: BTreeMap<String, naive::Rows>,
        /// The rows of queries and constraints, in the order of the text.
        questions: Vec<naive::Rows>,
    },
}

pub(crate) fn read(text: &str) -> Result<Program, String> {
    read_in(Dialect::Entail, text)
}

/// The program that a text of a dialect holds, or what is wrong with it.
pub(crate) fn read_in(dialect: Dialect, text: &str) -> Result<Program, String> {
    let mut sources = Sources::default();
    let source = sources.add("program", text);
    let (ast, mut diagnostics) = parse_in(dialect, source, text);
    let (program, checked) = check(dialect, &Libraries::default(), &[ast], &[]);
    diagnostics.extend(checked);
    diagnostics.retain(|diagnostic| diagnostic.is_error());
    program.filter(|_| diagnostics.is_empty()).ok_or_else(|| draw(&sources, &diagnostics, Style::default()))
}

pub(crate) fn meaning(text: &str, run: impl Fn(&Program) -> Result<Model, Fault>) -> Meaning {
    read(text).map_or_else(Meaning::Rejected, |program| meaning_of(&program, run))
}

pub(crate) fn meaning_of(program: &Program, run: impl Fn(&Program) -> Result<Model, Fault>) -> Meaning {
    let Ok(mut model) = run(program) else { return Meaning::Fault };
    let questions = program.queries.iter().map(|query| query.relation);
    let questions = questions.chain(program.constraints.iter().map(|constraint| constraint.relation));
    let questions = questions.map(|relation| model.remove(&relation).unwrap_or_default()).collect();
    let relations = program
        .named()
        .map(|relation| (program.relations[relation].name.clone(), model.remove(&relation).unwrap_or_default()));
    Meaning::Rows { relations: relations.collect(), questions }
}

pub(crate) fn slow_twin(program: &Program) -> Result<Model, Fault> {
    naive::model(program, &Model::new())
}

/// The engine of one machine.
pub(crate) fn local(program: &Program, choices: Choices) -> Result<Model, Fault> {
    local_within(program, choices, &Limits::default()).map_err(|stopped| match stopped {
        Stopped::Arithmetic(fault) => fault.fault,
        stopped => panic!("nothing but arithmetic stops this run: {stopped:?}"),
    })
}

/// The same, within limits.
pub(crate) fn local_within(program: &Program, choices: Choices, limits: &Limits) -> Result<Model, Stopped> {
    let symbols = Symbols::default();
    let mut store: Store =
        program.relations.iter().map(|it| Relation::start(it, &Relation::new(it.columns.len()))).collect();
    let mut insert = |relation, row: &mut dyn Iterator<Item = &Value>| {
        let words: Vec<_> = row.map(|value| Word::encode(value, &symbols)).collect();
        let mut rows = Rows::new(words.len());
        rows.push(&words);
        store[relation].extend(rows);
    };
    for fact in &program.facts {
        insert(fact.relation, &mut fact.row.iter());
        if let Some(citations) = program.relations[fact.relation].citations {
            fact.citations.iter().for_each(|claim| insert(citations, &mut fact.row.iter().chain([claim])));
        }
    }
    let strata: Vec<_> = program.strata.ids().collect();
    evaluate(program, &strata, &mut store, &symbols, limits, choices)?;
    let symbols = symbols.read();
    let rows = |relation| {
        let types: Vec<_> = program.relations[relation].columns.iter().map(|column| column.ty).collect();
        let decode = |row: Vec<Word>| -> Vec<Value> {
            row.iter().zip(&types).map(|(word, ty)| word.decode(*ty, &symbols)).collect()
        };
        let mut decoded = naive::Rows::new();
        store[relation].scan(&mut |rows| {
            decoded.extend((0..rows.len()).map(|row| decode(rows.row(row).collect())));
            ControlFlow::Continue(())
        });
        decoded
    };
    Ok(program.relations.ids().map(|relation| (relation, rows(relation))).collect())
}
