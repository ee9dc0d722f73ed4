//! What is known: `.relations`, `.schema`, `.rules`.

use super::conversation::{After, Conversation};
use crate::check::RelationId;
use crate::console::Exit;
use crate::data::{Type, Value};
use crate::formats::{self, Field, Format, Row, escape};
use crate::report::{Code, Diagnostic, count, grouped, nearest};

impl Conversation {
    /// `.relations [GLOB]`
    pub(super) fn relations(&mut self, args: &str) -> Result<After, Exit> {
        let program = self.session.program();
        let mut found: Vec<RelationId> =
            program.named().filter(|id| args.is_empty() || matches(args, &program.relations[*id].name)).collect();
        if found.is_empty() && !args.is_empty() {
            return self.unknown(args);
        }
        found.sort_by_key(|id| program.relations[*id].name.clone());
        let symbol = |text: String| Value::symbol(text.as_str());
        let rows: Vec<Row> = found
            .iter()
            .map(|id| {
                let relation = &program.relations[*id];
                let stored = self.session.stored_count(*id);
                let kind = match (relation.rules.is_empty(), stored) {
                    (true, _) => "stored",
                    (false, 0) => "derived",
                    (false, _) => "stored and derived",
                };
                let rows = match self.session.is_evaluated(*id) {
                    true => grouped(self.session.rows_in(*id)),
                    false => "not evaluated yet".into(),
                };
                let name = format!("{}/{}", relation.name, relation.columns.len());
                let says = relation.doc.as_deref().and_then(|doc| doc.lines().next()).unwrap_or_default();
                Row {
                    values: vec![symbol(name), symbol(kind.into()), symbol(rows), symbol(says.into())],
                    citations: vec![],
                }
            })
            .collect();
        let told = count(rows.len(), "relation");
        let fields = ["relation", "kind", "rows", "says"].map(|name| Field::new(name, Type::Symbol));
        self.table("relations", &fields, &mut rows.into_iter())?;
        self.console.remark(&told);
        Ok(After::GoOn)
    }

    /// `.schema [REL]`
    pub(super) fn schema(&mut self, args: &str) -> Result<After, Exit> {
        let program = self.session.program();
        let ids: Vec<RelationId> = match args {
            "" => program.named().collect(),
            name => program.relation(name).into_iter().collect(),
        };
        if ids.is_empty() && !args.is_empty() {
            return self.unknown(args);
        }
        let texts: Vec<String> = ids.iter().map(|id| visible_lines(&self.session.schema(*id)) + "\n").collect();
        self.out(&texts.concat())
    }

    /// `.rules [REL]`
    pub(super) fn rules(&mut self, args: &str) -> Result<After, Exit> {
        let program = self.session.program();
        let wanted = program.relation(args);
        if wanted.is_none() && !args.is_empty() {
            return self.unknown(args);
        }
        let mut text = String::new();
        let all = self.session.rules();
        let listed: Vec<_> = all.iter().filter(|rule| wanted.is_none_or(|wanted| rule.head == wanted)).collect();
        for rule in &listed {
            let sources = self.session.sources();
            let written = visible_lines(sources.slice(rule.span)).replace('\n', "\n      ");
            text.push_str(&format!("{:>4}  {written}  % {}\n", rule.number, escape(&sources.place(rule.span))));
        }
        let told = count(listed.len(), "rule");
        self.console.show(&text, true)?;
        self.console.remark(&told);
        Ok(After::GoOn)
    }

    /// Shows a table that is no answer.
    pub(super) fn table(&self, title: &str, fields: &[Field], rows: &mut dyn Iterator<Item = Row>) -> Result<(), Exit> {
        let mut text = Vec::new();
        let table = Format::by_name("table").expect("tables are a format");
        let written = formats::write(table, title, fields, rows, &self.console.layout(), &mut text);
        written.expect("memory takes every byte");
        self.console.show(&String::from_utf8_lossy(&text), true)
    }

    fn unknown(&mut self, name: &str) -> Result<After, Exit> {
        let program = self.session.program();
        let message = format!("no relation is called `{}`", escape(name));
        let names = program.named().map(|id| program.relations[id].name.as_str());
        let help = match nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`.relations` lists them".into(),
        };
        self.refuse(Diagnostic::bare(Code::UnknownRelation, message).help(help))
    }
}

/// A text of several lines without what a terminal would obey.
pub(super) fn visible_lines(text: &str) -> String {
    text.lines().map(|line| escape(line).into_owned()).collect::<Vec<_>>().join("\n")
}

/// Whether a name matches a pattern in which `*` is any text and `?` any character.
fn matches(pattern: &str, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    // Which beginnings of the name the pattern so far matches.
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    for wanted in pattern.chars() {
        let mut next = vec![false; name.len() + 1];
        for at in 0..=name.len() {
            next[at] = match wanted {
                '*' => reached[at] || (at > 0 && next[at - 1]),
                wanted => at > 0 && reached[at - 1] && (wanted == '?' || wanted == name[at - 1]),
            };
        }
        reached = next;
    }
    reached[name.len()]
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn globs_match_whole_names() {
        for (pattern, name, expected) in [
            ("div*", "diversifying", true),
            ("*_away", "x_away", true),
            ("a?c", "abc", true),
            ("a", "ab", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
