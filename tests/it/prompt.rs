//! The prompt as a person meets it, through a pseudo-terminal.

use crate::command::{Folder, shipped};
use crate::terminal::Terminal;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

const TIES: &str = ".decl signed(actor: symbol, partner: symbol)\nsigned(russia, india). signed(russia, iran).\n\
                    signed(belarus, russia). friend(X, Y) :- signed(X, Y) ; signed(Y, X).\n";

const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";

fn ties() -> Folder {
    Folder::with(&[("ties.dl", TIES), ("home/x", "")])
}

fn start(folder: &Folder) -> Terminal {
    Terminal::start(folder, &["ties.dl"], &[])
}

#[test]
fn what_is_known_completes_what_is_typed() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.wait_for_prompt();
    terminal.keys("fri\t");
    terminal.wait_for("> friend(");
    terminal.keys("\x15sig\tb\t");
    terminal.wait_for("> signed(belarus");
    terminal.keys(", ru\t");
    terminal.wait_for("> signed(belarus, russia)");
    terminal.keys("\x15.und\t");
    terminal.wait_for("> .undo");
    terminal.keys("\x15.read ti\t");
    terminal.wait_for("> .read ties.dl");
    terminal.keys("\x15");
    terminal.keys(CTRL_D);
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn arguments_to_come_are_shown_and_words_have_colours() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.wait_for_prompt();
    terminal.keys("signed(");
    terminal.wait_for("signed(actor, partner)");
    terminal.keys("russia, ");
    terminal.wait_for("signed(russia, partner)");
    terminal.keys("\x15\"x\"");
    terminal.wait_for("\"x\"");
    let cell = terminal.cell_colour(terminal.last_line(), 2);
    assert_eq!(cell, vt100::Color::Idx(2), "a text is green");
}

#[test]
fn a_paste_of_many_clauses_counts_as_one() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.wait_for_prompt();
    terminal.keys("\x1b[200~p(a).\np(b).\nq(X) :-\n  p(X).\nq(X)?\n\x1b[201~");
    terminal.wait_for("q(X)?");
    terminal.keys("\r");
    let screen = terminal.wait_for("2 rows");
    assert!(screen.contains("added 2 facts, 1 rule"), "{screen}");
    terminal.keys("\x1b[200~r(a).\nr(X\n).\n\x1b[201~\r");
    let screen = terminal.wait_for("error[E0111]");
    assert!(!screen.contains("r/1"), "{screen}");
    terminal.line("r(X)?");
    terminal.wait_for("error[E0201]");
}

#[test]
fn a_statement_may_take_several_lines_and_comes_back_whole() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.wait_for_prompt();
    terminal.keys("ally(X, Y) :-\r  signed(X, Y),\r  signed(Y, _).\r");
    terminal.wait_for("added 1 rule");
    terminal.wait_for_prompt();
    terminal.keys("\x1b[A");
    terminal.wait_until("the statement again", |screen| screen.matches("signed(Y, _).").count() == 2);
    terminal.keys("\x15");
    terminal.keys(CTRL_C);
    terminal.line(".history 2");
    let screen = terminal.wait_for(".history 2\n");
    assert!(screen.contains("ally(X, Y) :-"), "{screen}");
}

#[test]
fn what_was_typed_is_there_the_next_time_and_for_its_owner_only() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.line("signed(russia, X)?");
    terminal.wait_for("2 rows");
    terminal.line(" signed(secret, X)?");
    terminal.wait_for("no rows");
    terminal.line(".quit");
    assert_eq!(terminal.end().0, 0);
    let history = folder.path("home/.local/state/entail/history");
    assert_eq!(fs::metadata(&history).expect("the history").permissions().mode() & 0o777, 0o600);
    assert!(!fs::read_to_string(&history).expect("the history").contains("secret"));
    let mut terminal = start(&folder);
    terminal.wait_for_prompt();
    terminal.keys("\x1b[A\x1b[A");
    terminal.wait_for("> signed(russia, X)?");
}

#[test]
fn ctrl_c_clears_half_a_line_and_leaves_when_pressed_twice() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.wait_for_prompt();
    terminal.keys("signed(rus");
    terminal.wait_for("> signed(rus");
    terminal.keys(CTRL_C);
    let screen = terminal.wait_for_prompt();
    assert!(screen.contains("> signed(rus^C\n"), "{screen}");
    terminal.keys(CTRL_C);
    terminal.wait_for("Ctrl-D or .quit to leave");
    terminal.wait_for_prompt();
    terminal.keys(CTRL_C);
    assert_eq!(terminal.end().0, 130);
}

#[test]
fn ctrl_c_ends_a_run_that_has_no_end_and_keeps_the_facts() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.line("n(0). n(X + 1) :- n(X).");
    terminal.wait_for("added 1 fact, 1 rule");
    terminal.line("n(X)?");
    std::thread::sleep(Duration::from_millis(300));
    terminal.keys(CTRL_C);
    let pressed = Instant::now();
    terminal.wait_for("error[E0705]: interrupted after");
    assert!(pressed.elapsed() < Duration::from_secs(2), "{:?}", pressed.elapsed());
    terminal.line("signed(russia, X)?");
    terminal.wait_for("2 rows");
    terminal.line(".undo");
    terminal.wait_for("removed 1 fact, 1 rule");
    terminal.line("n(X)?");
    terminal.wait_for("error[E0201]");
}

#[test]
fn a_long_run_tells_how_far_it_is_and_leaves_nothing_of_that() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.line("n(0). n(X + 1) :- n(X).");
    terminal.line("n(X)?");
    terminal.wait_for("rows derived");
    terminal.keys(CTRL_C);
    let screen = terminal.wait_for_prompt();
    assert!(!screen.contains("rows derived"), "{screen}");
}

#[test]
fn wide_characters_stand_in_straight_columns_and_hidden_ones_are_shown() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.line("city(\"日本\", 5). city(\"São Tomé\", 12). city(\"\\u{1b}[31mred\", 1234).");
    terminal.wait_for("added 3 facts");
    terminal.line("city(X, N)?");
    let screen = terminal.wait_for("3 rows");
    let table = " \\x1b[31mred  1234\n São Tomé       12\n 日本            5\n";
    assert!(screen.contains(table), "{screen}");
}

#[test]
fn a_question_that_is_stopped_is_shown() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.line("n(0). n(X + 1) :- n(X), X < 300.");
    terminal.wait_for("added 1 fact, 1 rule");
    terminal.line("n(A), n(B), n(C), n(D), A + B + C + D < 0?");
    std::thread::sleep(Duration::from_millis(300));
    terminal.keys(CTRL_C);
    terminal.wait_for("this question was being evaluated");
    terminal.wait_for("stopped after");
    terminal.line("n(A), n(B), n(C), n(D), A + B + C + D < 0?");
    std::thread::sleep(Duration::from_millis(300));
    terminal.keys(CTRL_C);
    terminal.wait_until("a second end", |screen| screen.matches("stopped after").count() == 2);
}

#[test]
fn ctrl_c_ends_a_long_printing() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.line("n(0). n(X + 1) :- n(X), X < 1000. m(X, Y) :- n(X), n(Y).");
    terminal.wait_for("added 1 fact, 2 rules");
    terminal.line(".mode csv");
    terminal.wait_for("mode is csv");
    terminal.line("m(X, Y)?");
    terminal.wait_for("0,");
    terminal.keys(CTRL_C);
    terminal.wait_for("the rest was not printed");
    terminal.line("signed(russia, X)?");
    terminal.wait_for("iran");
}

#[test]
fn ctrl_d_leaves_and_what_was_told_is_kept() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.line("signed(russia, cuba) @ c1.");
    terminal.wait_for("added 1 fact");
    terminal.wait_for_prompt();
    terminal.keys(CTRL_D);
    let (code, screen) = terminal.end();
    assert!(code == 0 && screen.contains("told.dl"), "{code} {screen}");
    assert_eq!(folder.read("home/.local/state/entail/told.dl"), "signed(russia, cuba) @ c1.\n");
    let mut terminal = start(&folder);
    terminal.line("signed(russia, cuba).");
    terminal.line(".dump mine.dl");
    terminal.wait_for("wrote mine.dl");
    terminal.line(".quit");
    let (code, screen) = terminal.end();
    assert!(code == 0 && !screen.contains("told.dl"), "{code} {screen}");
}

#[test]
fn what_is_typed_ahead_is_not_lost() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.wait_for_prompt();
    terminal.keys("n(0). n(X + 1) :- n(X), X < 20000.\rN = count : { n(_) }?\rp(a).\rp(X)?\r");
    let screen = terminal.wait_until("the last answer", |screen| screen.contains(" a\n1 row"));
    assert!(screen.contains("20001"), "{screen}");
}

#[test]
fn an_editor_writes_statements() {
    let folder = ties();
    folder.write("editor.sh", "printf 'signed(russia, X)?\\n' > \"$1\"\n");
    let mut terminal = Terminal::start(&folder, &["ties.dl"], &[("VISUAL", "sh editor.sh")]);
    terminal.line(".edit");
    terminal.wait_for("2 rows");
    terminal.line(".quit");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn a_pager_shows_what_is_higher_than_the_screen() {
    let folder = ties();
    let mut terminal = Terminal::start(&folder, &["ties.dl"], &[("ENTAIL_PAGER", "sed 's/^/paged /' | tail -2")]);
    terminal.line("n(0). n(X + 1) :- n(X), X < 200.");
    terminal.wait_for("added 1 fact, 1 rule");
    terminal.line("n(X)?");
    terminal.wait_for("40 of 201 rows");
    terminal.line(".last");
    terminal.wait_for("paged  200");
    terminal.line(".pager off");
    terminal.wait_for("pager is off");
    terminal.line(".last");
    terminal.wait_for("201 rows");
}

#[test]
fn words_of_other_tools_are_understood() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.line("\\d");
    let screen = terminal.wait_for("2 relations");
    assert!(screen.contains("here this is `.relations`"), "{screen}");
    terminal.line("help");
    terminal.wait_for("`.help CMD` tells more");
    terminal.line(".rel sig*");
    terminal.wait_for("1 relation");
    terminal.line(".re");
    terminal.wait_for("it could be `.read` or `.relations` or `.remove`");
    terminal.line("halt.");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn commands_of_the_rc_file_come_first() {
    let folder = ties();
    folder.write("home/.config/entail/entailrc", ".mode csv\np(a).\n.maxrows 3\n");
    let mut terminal = start(&folder);
    terminal.line("signed(russia, X)?");
    let screen = terminal.wait_for("2 rows");
    assert!(screen.contains("X\nindia\niran") && screen.contains("entailrc:2: only commands"), "{screen}");
    let mut terminal = Terminal::start(&folder, &["ties.dl", "-X"], &[]);
    terminal.line("signed(russia, X)?");
    assert!(!terminal.wait_for("2 rows").contains("maxrows"));
}

#[test]
fn poor_terminals_and_homes_do() {
    let folder = ties();
    fs::create_dir(folder.path("locked")).expect("a folder");
    folder.write("file", "");
    let locked = folder.path("file/home").display().to_string();
    for variables in [
        &[("NO_COLOR", "1")][..],
        &[("TERM", "dumb")],
        &[("HOME", "")],
        &[("HOME", locked.as_str())],
        &[("LANG", "C"), ("LC_ALL", "C")],
    ] {
        let mut terminal = Terminal::start(&folder, &["ties.dl"], variables);
        terminal.wait_for("leave");
        terminal.keys("signed(russia, X)?\r");
        terminal.wait_for("2 rows");
        terminal.keys("signed(\r)?\r");
        let screen = terminal.wait_for("error[E0");
        let is_warned = screen.contains("history is not kept");
        assert_eq!(is_warned, variables[0].0 == "HOME", "{variables:?} {screen}");
        terminal.keys(".quit\r");
        assert_eq!(terminal.end().0, 0, "{variables:?}");
    }
}

#[test]
fn a_window_may_have_any_width_and_change_it() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.line("signed(russia, X)?");
    terminal.wait_for("2 rows");
    terminal.wait_for_prompt();
    terminal.resize(1, 60);
    terminal.keys("friend(X, Y)?\r");
    std::thread::sleep(Duration::from_millis(300));
    terminal.resize(80, 60);
    terminal.line("signed(belarus, X)?");
    terminal.wait_for("1 row");
    terminal.keys(".quit\r");
    assert_eq!(terminal.end().0, 0);
}

#[test]
#[cfg(debug_assertions)]
fn a_mistake_of_our_own_ends_a_command_and_not_the_conversation() {
    let folder = ties();
    let mut terminal = Terminal::start(&folder, &["ties.dl"], &[("ENTAIL_TEST_PANIC", "statement")]);
    terminal.line("planted(a).");
    terminal.wait_for("internal error");
    terminal.line("signed(russia, X)?");
    terminal.wait_for("2 rows");
    terminal.line("planted(X)?");
    terminal.wait_for("error[E0201]");
}

/// The conversation that the README shows.
#[test]
fn the_readme_shows_a_conversation_that_was_held() {
    let folder = Folder::with(&[("home/x", "")]);
    let mut terminal = Terminal::start(&folder, &[&shipped("facts"), &shipped("rules")], &[("NO_COLOR", "1")]);
    terminal.resize(100, 200);
    for line in [
        "diversifying_away(russia, R)?",
        "lost(X, Bloc) :- ended_tie(russia, X), member_now(X, Bloc).",
        "Bloc = nato, N = count X : { lost(X, Bloc) }?",
        "policy(count_authorised)~",
        "diversifying_away(russia, R)?",
        ".undo",
        "diversifing_away(russia, R)?",
        "n(0). n(X + 1) :- n(X).",
    ] {
        terminal.line(line);
    }
    terminal.line("n(X)?");
    std::thread::sleep(Duration::from_millis(400));
    terminal.keys(CTRL_C);
    terminal.wait_for("error[E0705]");
    terminal.line(".undo");
    terminal.line("cooperates_with(russia, X)?");
    terminal.wait_for("india");
    terminal.line(".dump lost.dl");
    terminal.wait_for_prompt();
    terminal.keys(CTRL_D);
    let (code, screen) = terminal.end();
    assert_eq!(code, 0);
    let root = format!("{}/", env!("CARGO_MANIFEST_DIR"));
    let lines: Vec<&str> = screen.lines().map(str::trim_end).collect();
    let shown = crate::transcripts::timeless(&lines.join("\n").replace(&root, ""));
    let counts = regex::Regex::new(r"after [\d,]+ rounds and [\d,]+ derived rows").expect("right");
    let shown = counts.replace(&shown, "after 104,729 rounds and 104,729 derived rows");
    // It was interrupted after 400 ms.
    let shown = shown.replace("stopped after 1 ms", "stopped after 400 ms");
    let block = format!("```text\n$ entail facts rules\n{}\n```\n", shown.trim_end());
    crate::docs::holds("README.md", "conversation", &block);
}

#[test]
fn the_prompt_counts_layers_and_what_is_assumed_is_not_kept_at_the_end() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.line("signed(russia, cuba).");
    terminal.wait_for("added 1 fact");
    terminal.line(".assume signed(cuba, iran). signed(russia, india)~");
    terminal.wait_until("a layer", |screen| screen.trim_end().ends_with("\nassuming 1>"));
    terminal.line(".assume");
    terminal.wait_until("two layers", |screen| screen.trim_end().ends_with("\nassuming 2>"));
    terminal.line("signed(iran, china).");
    terminal.line(".diff");
    let screen = terminal.wait_for("2 conclusions lost");
    assert!(screen.contains("- friend(india, russia)  [2]"), "{screen}");
    terminal.line(".undo");
    terminal.line(".undo");
    terminal.wait_until("one layer", |screen| screen.trim_end().ends_with("\nassuming 1>"));
    terminal.keys("signed(cub");
    terminal.wait_for("assuming 1> signed(cub");
    terminal.keys(CTRL_C);
    terminal.wait_for("assuming 1> signed(cub^C\n");
    terminal.line(".keep");
    terminal.wait_for("it is so");
    terminal.line(".assume signed(a, b).");
    terminal.line(".assume signed(c, d).");
    terminal.wait_until("two layers", |screen| screen.trim_end().ends_with("\nassuming 2>"));
    terminal.keys(CTRL_D);
    let (code, screen) = terminal.end();
    assert_eq!(code, 0);
    assert_eq!(screen.matches("2 layers are open: what was assumed is not kept").count(), 1, "{screen}");
    let told = folder.read("home/.local/state/entail/told.dl");
    assert_eq!(told, "signed(russia, cuba).\nsigned(cuba, iran).\n");
}

#[test]
fn leaving_with_nothing_but_assumptions_keeps_no_file() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.line(".assume signed(a, b).");
    terminal.wait_for("assumed: added 1 fact");
    terminal.line("signed(b, c).");
    terminal.wait_for("added 1 fact · ");
    terminal.line(".quit");
    let (_, screen) = terminal.end();
    assert!(screen.contains("1 layer is open: what was assumed is not kept"), "{screen}");
    assert!(!screen.contains("told.dl") && !screen.contains("is lost"), "{screen}");
    assert!(!folder.path("home/.local/state/entail/told.dl").exists());
}

#[test]
fn claims_to_leave_out_are_completed() {
    let (facts, rules) = (shipped("facts"), shipped("rules"));
    let folder = ties();
    let mut terminal = Terminal::start(&folder, &[&facts, &rules], &[]);
    terminal.wait_for_prompt();
    terminal.keys(".without mod\t");
    terminal.wait_for("> .without modality");
    terminal.keys(" spec\t");
    terminal.wait_for("> .without modality speculated");
    terminal.keys("\x15.without source mos\t");
    terminal.wait_for("> .without source moscow_times");
    terminal.keys("\r");
    terminal.wait_for("assumed: removed 3 facts");
}

#[test]
fn ctrl_c_ends_a_diff_and_the_layer_stays() {
    let folder = ties();
    let mut terminal = start(&folder);
    terminal.line("n(0). n(X + 1) :- n(X), go(Y), X < Y. go(1).");
    terminal.wait_for("added 2 facts, 1 rule");
    terminal.line(".assume go(1000000000).");
    terminal.line(".diff");
    std::thread::sleep(Duration::from_millis(300));
    terminal.keys(CTRL_C);
    terminal.wait_for("error[E0705]: interrupted after");
    terminal.wait_until("the layer", |screen| screen.trim_end().ends_with("\nassuming 1>"));
    terminal.line(".drop");
    terminal.line("n(X)?");
    terminal.wait_for("2 rows");
}
