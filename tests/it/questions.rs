//! The questions that the shipped knowledge base was made for, and what it must not say.
//!
//! `tests/questions/questions.dl` tells its own form.

use entail::session::{Input, LoadOptions, Session};
use std::fs;
use std::path::Path;

/// One question of the file: what to change first, and queries with their answers.
#[derive(Default)]
struct Question {
    title: String,
    retracted: Vec<String>,
    asserted: Vec<String>,
    queries: Vec<(String, Vec<String>)>,
}

#[test]
fn the_questions_have_their_answers() {
    let questions = questions();
    assert_eq!(questions.len(), 25);
    let knowledge_base = knowledge_base();
    let mut transcript = String::new();
    for question in &questions {
        let mut session = knowledge_base.clone();
        transcript.push_str(&format!("{}\n", question.title));
        for fact in &question.retracted {
            let changed = session.retract("test", fact).unwrap_or_else(|failure| panic!("{fact}: {failure:?}"));
            assert_eq!(changed.facts_removed, 1, "{fact}");
        }
        for fact in &question.asserted {
            session.assert("test", &format!("{fact}.")).unwrap_or_else(|failure| panic!("{fact}: {failure:?}"));
        }
        for (query, expected) in &question.queries {
            let found = ask(&mut session, query);
            assert_eq!(&found, expected, "{} {query}", question.title);
            transcript
                .push_str(&format!("{query}\n{}", found.iter().map(|row| format!("  {row}\n")).collect::<String>()));
        }
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("questions", transcript);
    });
}

#[test]
fn what_must_not_be_said_is_not_said() {
    let mut session = knowledge_base();
    let text = fs::read_to_string("tests/questions/negative.dl").expect("the negative checks");
    let checks: Vec<&str> = text.lines().filter(|line| line.starts_with("?-")).collect();
    assert_eq!(checks.len(), 33);
    for check in checks {
        let query = check.split("  %").next().expect("a line has a start");
        let answers = session.query("test", query).unwrap_or_else(|failure| panic!("{query}: {failure:?}"));
        assert!(answers[0].is_negative(), "{query}");
    }
}

#[test]
fn exactly_the_critical_facts_overturn_the_conclusion() {
    let text = fs::read_to_string("tests/questions/critical.dl").expect("the critical facts");
    let query = text.lines().find(|line| line.starts_with("?-")).expect("a query");
    let mut expected: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("%~ ")).collect();
    let knowledge_base = knowledge_base();
    let mut critical = Vec::new();
    for fact in stored_facts(&knowledge_base) {
        let mut session = knowledge_base.clone();
        session.retract("test", &fact).unwrap_or_else(|failure| panic!("{fact}: {failure:?}"));
        if ask(&mut session, query) == ["holds", "false"] {
            critical.push(fact);
        }
    }
    critical.sort();
    expected.sort_unstable();
    assert_eq!(critical, expected);
}

#[test]
fn the_constraints_hold_and_a_planted_breach_is_reported() {
    let mut session = knowledge_base();
    assert!(session.broken_constraints().expect("evaluated").is_empty());
    session.assert("test", "terminated(russia, france, agr_france) @ c99.").expect("a fact");
    let broken = session.broken_constraints().expect("evaluated");
    let described: Vec<_> = broken.iter().map(|broken| broken.describe(&session)).collect();
    let drawn = entail::report::draw(session.sources(), &described, entail::report::Style::default());
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("breach", drawn);
    });
}

fn knowledge_base() -> Session {
    let mut session = Session::new();
    let inputs = ["facts", "rules"].map(|path| Input::Path(Path::new(path).to_path_buf()));
    let loaded = session.load(&inputs, &LoadOptions::default());
    let changed = loaded.unwrap_or_else(|failure| panic!("{failure:?}"));
    assert_eq!(changed.warnings, []);
    session
}

/// The header and the rows of an answer, tab-separated.
fn ask(session: &mut Session, query: &str) -> Vec<String> {
    let answers = session.query("test", query).unwrap_or_else(|failure| panic!("{query}: {failure:?}"));
    let [asked] = &answers[..] else { panic!("{query} is one query") };
    if asked.answer.is_yes_or_no() {
        return vec!["holds".into(), (!asked.answer.is_empty()).to_string()];
    }
    let join = |cells: Vec<String>| cells.join("\t");
    let header = asked.answer.fields.iter().map(|field| field.name.clone()).collect();
    let rows = asked.answer.rows(session.symbols()).map(|row| row.iter().map(ToString::to_string).collect());
    std::iter::once(header).chain(rows).map(join).collect()
}

/// Every stored fact as a clause without its dot and citations.
fn stored_facts(session: &Session) -> Vec<String> {
    let mut facts = Vec::new();
    for relation in session.program().named() {
        let name = &session.program().relations[relation].name;
        for row in session.stored_rows(relation).rows(session.symbols()) {
            let args: Vec<String> = row.iter().map(spelt).collect();
            facts.push(format!("{name}({})", args.join(", ")));
        }
    }
    facts
}

fn spelt(value: &entail::data::Value) -> String {
    match value {
        entail::data::Value::Symbol(text)
            if !text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') =>
        {
            format!("{text:?}")
        }
        entail::data::Value::Symbol(text) if !text.starts_with(|c: char| c.is_ascii_lowercase()) => format!("{text:?}"),
        other => other.to_string(),
    }
}

fn questions() -> Vec<Question> {
    let text = fs::read_to_string("tests/questions/questions.dl").expect("the questions");
    let mut questions: Vec<Question> = Vec::new();
    for line in text.lines().skip_while(|line| !line.starts_with("%? ")) {
        if let Some(title) = line.strip_prefix("%? ") {
            questions.push(Question { title: title.into(), ..Question::default() });
            continue;
        }
        let question = questions.last_mut().expect("a question is open");
        if let Some(fact) = line.strip_prefix("%~ ") {
            question.retracted.push(fact.into());
        } else if let Some(fact) = line.strip_prefix("%+ ") {
            question.asserted.push(fact.into());
        } else if line.starts_with("?-") {
            question.queries.push((line.into(), Vec::new()));
        } else if let Some(row) = line.strip_prefix("%= ") {
            question.queries.last_mut().expect("a query is open").1.push(row.into());
        }
    }
    questions
}
