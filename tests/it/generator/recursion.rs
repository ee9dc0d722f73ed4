//! Random recursions.
//!
//! In: a seed, or throws. Out: the text of a program in which `p` and `q` are derived from each other and from few stored pairs of
//! small numbers. Promise: every variable is bound and the rules end. What is random: how atoms share variables, so that
//! rules are linear to the left, to the right, both, or nearly so; conditions beside the atoms; heads with constants,
//! with one variable twice, and with arithmetic; stored rows of `p`; and now and then a division by zero.

use super::Dice;

const VARIABLES: [&str; 4] = ["X", "Y", "Z", "W"];

/// The program of a seed.
pub(crate) fn recursion(seed: u64) -> String {
    thrown_recursion(Dice::new(seed))
}

/// The program of these throws.
pub(crate) fn thrown_recursion(mut dice: Dice) -> String {
    let risky = dice.percent(20);
    let mut lines = vec![".decl e(a: number, b: number)".to_owned(), ".decl f(a: number, b: number)".to_owned()];
    for name in ["e", "f"] {
        for _ in 0..dice.between(2, 9) {
            lines.push(format!("{name}({}, {}).", dice.below(6), dice.below(6)));
        }
    }
    if dice.percent(25) {
        lines.push(format!("p({}, {}).", dice.below(6), dice.below(6)));
    }
    lines.push("p(X, Y) :- e(X, Y).".to_owned());
    lines.push("q(X, Y) :- f(X, Y).".to_owned());
    for _ in 0..dice.between(1, 4) {
        lines.push(rule(&mut dice, risky));
    }
    lines.join("\n") + "\n"
}

fn rule(dice: &mut Dice, risky: bool) -> String {
    let head = dice.pick(&["p", "q"]);
    let mut body = Vec::new();
    let mut bound: Vec<&str> = Vec::new();
    let atoms = match dice.below(7) {
        // The closures that people write, so that what is added makes them differ from these by little.
        0 => vec![(head, "X", "Y"), (dice.pick(&["e", "f", "p", "q"]), "Y", "Z")],
        1 => vec![(dice.pick(&["e", "f", "p", "q"]), "X", "Y"), (head, "Y", "Z")],
        2 => vec![("e", "X", "Y"), (head, "Y", "W"), ("f", "W", "Z")],
        3 => vec![(head, "X", "Y"), ("e", "Y", "W"), (head, "W", "Z")],
        4 => vec![(dice.pick(&["e", "f"]), "X", "Y"), (if head == "p" { "q" } else { "p" }, "Y", "Z")],
        _ => {
            let atom =
                |dice: &mut Dice| (dice.pick(&["e", "f", "p", "q"]), dice.pick(&VARIABLES), dice.pick(&VARIABLES));
            (0..dice.between(1, 3)).map(|_| atom(dice)).collect()
        }
    };
    for (name, a, b) in atoms {
        bound.extend([a, b]);
        let other = if dice.percent(8) { dice.below(6).to_string() } else { b.to_owned() };
        let fixed = if dice.percent(4) { format!("{a} + 0") } else { a.to_owned() };
        body.push(format!("{name}({fixed}, {other})"));
        if fixed != a || other != b {
            // What stands in no other place has to be bound.
            body.push(format!("e({a}, {b})"));
        }
    }
    let any = |dice: &mut Dice| dice.pick(&bound);
    for _ in 0..dice.pick(&[0, 0, 0, 0, 1, 2]) {
        let (a, b) = (any(dice), any(dice));
        body.push(match dice.below(if risky { 10 } else { 8 }) {
            0 => format!("{a} != {b}"),
            1 => format!("{a} <= {b}"),
            2 => format!("not f({a}, {b})"),
            3 => format!("{a} < {}", dice.between(2, 6)),
            4 => format!("{a} = {}", dice.below(6)),
            5 => format!("(e({a}, {b}) ; f({b}, {a}))"),
            6 => format!("{} < count : {{ e({a}, _) }}", dice.below(2)),
            7 => format!("(e({a}, {b}) ; p({b}, {a}))"),
            8 => format!("12 / {a} > 1"),
            _ => format!("{a} - 3 < 12 / {b}"),
        });
    }
    let arg = |usual: &'static str, dice: &mut Dice, body: &mut Vec<String>| {
        let variable = if bound.contains(&usual) && dice.percent(85) { usual } else { dice.pick(&bound) };
        match dice.below(20) {
            0 => dice.below(6).to_string(),
            1 => {
                body.push(format!("{variable} < 5"));
                format!("{variable} + 1")
            }
            _ => variable.to_owned(),
        }
    };
    let (first, second) = (arg("X", dice, &mut body), arg("Z", dice, &mut body));
    dice.shuffle(&mut body);
    format!("{head}({first}, {second}) :- {}.", body.join(", "))
}
