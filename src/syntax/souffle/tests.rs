//! What reads as what in Soufflé's language, and what is said of the rest.

use crate::data::{Dialect, Width};
use crate::report::{Code, SourceId};
use crate::syntax::{parse_in, print_in};

const SOUFFLE: Dialect = Dialect::Souffle(Width::Bits32);

/// The tree as text, with every group and sign where it was understood to be.
#[track_caller]
fn check(text: &str, printed: &str) {
    let (ast, diagnostics) = parse_in(SOUFFLE, SourceId::default(), text);
    assert_eq!(diagnostics, [], "{text}");
    assert_eq!(print_in(SOUFFLE, &ast).trim_end(), printed, "{text}");
    let (again, diagnostics) = parse_in(SOUFFLE, SourceId::default(), printed);
    assert_eq!(diagnostics, [], "{printed}");
    assert_eq!(print_in(SOUFFLE, &again).trim_end(), printed, "{text}");
}

/// The text is refused once, with this code, at this part of it.
#[track_caller]
fn check_error(text: &str, code: Code, at: &str) {
    let (_, diagnostics) = parse_in(SOUFFLE, SourceId::default(), text);
    assert_eq!(diagnostics.len(), 1, "{text}: {diagnostics:#?}");
    let span = diagnostics[0].span.expect("a place in the text");
    assert_eq!((diagnostics[0].code, &text[span.start as usize..span.end as usize]), (code, at), "{text}");
}

#[test]
fn declarations_read() {
    check(
        ".decl A, B(x:number, y:symbol) btree inline",
        ".decl A(x: number, y: symbol) btree inline\n.decl B(x: number, y: symbol) btree inline",
    );
    check(".decl A(x:number) eqrel", ".decl A(x: number) eqrel");
    check(".decl A(x:number, y: g.T) choice-domain x, (x, y)", ".decl A(x: number, y: g.T) choice-domain x, (x, y)");
    check(".decl A() overridable output", ".decl A() overridable\n.output A");
    check(".type T", ".type T <: symbol");
    check(".number_type N .symbol_type S", ".type N <: number\n.type S <: symbol");
    check(".type T = A | B.C", ".type T = A | B.C");
    check(".type T = [x: number, y: T]", ".type T = [x: number, y: T]");
    check(".type T = A {} | B { x: number }", ".type T = A {} | B { x: number }");
    check(".functor f(number, x: symbol): T stateful", ".functor f(x1: number, x2: symbol): T stateful");
    check(
        ".lattice T<> { Bottom -> $B(), Lub -> @f(_,_), Glb -> _ band _ } .decl A(x: T, y: g.T< >)",
        ".lattice T<> { Bottom -> $B(), Lub -> @f(_, _), Glb -> _ band _ }\n.decl A(x: T, y: g.T<>)",
    );
    check(".pragma \"a\" \"b\" .pragma \"c\"", ".pragma \"a\" \"b\"\n.pragma \"c\"");
    check(".input A, g.B(IO=file, n=3)", ".input A(IO=file, n=3)\n.input g.B(IO=file, n=3)");
    check("a() :- b().\n.plan 0:(1,2), 1:(2,1)\nc().", "a() :- b(). .plan 0: (1, 2), 1: (2, 1)\nc().");
}

#[test]
fn components_nest() {
    check(
        ".comp A<T> : B<T>, C { .decl p(x:T) .comp D { q(1). } .init d = D .override r } .init a = A<S> a.p(1).",
        ".comp A<T> : B<T>, C {\n  .decl p(x: T)\n  .comp D {\n    q(1).\n  }\n  .init d = D\n  .override r\n}\n\
         .init a = A<S>\na.p(1).",
    );
    check_error(".comp A { p(1).", Code::Unterminated, ".comp A {");
    check_error("p(1). }", Code::UnexpectedToken, "}");
    check_error(".comp A {\n p(1,).\n q(2).\n}\nr(3).", Code::UnexpectedToken, ")");
}

#[test]
fn a_rule_with_several_heads_is_a_rule_for_each() {
    check("a(x), b(x) :- c(x).", "a(x) :- c(x).\nb(x) :- c(x).");
}

#[test]
fn a_negation_is_carried_inwards() {
    check("a() :- !(b(), c()).", "a() :- !b() ; !c().");
    check("a() :- !(b() ; !c()).", "a() :- !b(), c().");
    check("a() :- b(x), !x < 3, !!c(x).", "a() :- b(x), x >= 3, c(x).");
    check("a() :- true, !false, !true.", "a() :- 0 = 0, 0 = 0, 0 != 0.");
    check("a() :- !(x = 1, !(y != 2 ; z < 3)).", "a() :- x != 1 ; (y != 2 ; z < 3).");
}

#[test]
fn terms_read() {
    check("a(x) :- x = 1 + 2 * 3 - -4.", "a(x) :- x = 1 + 2 * 3 - -4.");
    check("a(x) :- (x + 1) * 2 = 4, (b(x) ; c(x)).", "a(x) :- (x + 1) * 2 = 4, (b(x) ; c(x)).");
    check("a([1, nil], $B(), $C(2), $, autoinc()).", "a([1, nil], $B(), $C(2), autoinc(), autoinc()).");
    check("a(as(?x, T), @f(1), cat(\"x\", \"y\")) :- b(?x).", "a(as(?x, T), @f(1), cat(\"x\", \"y\")) :- b(?x).");
    check("a(0x10, 0b11, 7u, 1.5, 0xffffffffu).", "a(0x10, 0b11, 7u, 1.5, 0xffffffffu).");
    check("a(x) :- x = min(1, 2), y = max b : { c(b) }.", "a(x) :- x = min(1, 2), y = max b : { c(b) }.");
    check(
        "a(x) :- x = sum(y) : c(y), z = count : { c(_), !d() }.",
        "a(x) :- x = sum y : { c(y) }, z = count : { c(_), !d() }.",
    );
    check("?(?) :- b(?), ? > 1.", "?(?) :- b(?), ? > 1.");
    check("a(1)? ?- b(x).", "?- a(1).\n?- b(x).");
    check("a(\"b\nc\\t\").", "a(\"b\nc\\t\").");
    check("a(x, y) <= a(x, z) :- y < z.", "a(x, y) <= a(x, z) :- y < z.");
    check("@[inline = yes] a(x) :- b.c(x), contains(\"a\", x), x = y.", "a(x) :- b.c(x), contains(\"a\", x), x = y.");
}

#[test]
fn operators_bind_as_in_souffle() {
    let shape = |text: &str| {
        let (ast, diagnostics) = parse_in(SOUFFLE, SourceId::default(), &format!("a({text}) :- b(x)."));
        assert_eq!(diagnostics, [], "{text}");
        format!("{:?}", ast.items.into_iter().map(|item| item.kind).collect::<Vec<_>>())
            .split("span: Span")
            .map(|part| part.split_once('}').map_or(part, |(_, rest)| rest))
            .collect::<String>()
    };
    for (one, other) in [
        ("1 + 2 band 3", "(1 + 2) band 3"),
        ("1 lor 2 land 3", "1 lor (2 land 3)"),
        ("1 bor 2 bxor 3 band 4", "1 bor (2 bxor (3 band 4))"),
        ("1 bshl 2 + 3", "1 bshl (2 + 3)"),
        ("-x ^ 2", "-(x ^ 2)"),
        ("2 ^ 3 ^ 2", "2 ^ (3 ^ 2)"),
        ("bnot x band 1", "(bnot x) band 1"),
        ("-x * 2", "(-x) * 2"),
        ("7 % 4 * 2", "(7 % 4) * 2"),
    ] {
        assert_eq!(shape(one), shape(other), "{one}");
    }
}

#[test]
fn mistakes_are_told_at_their_places() {
    check_error("a(4294967296).", Code::BadLiteral, "4294967296");
    check_error("a(-2147483649).", Code::BadLiteral, "-2147483649");
    check_error("a(0x100000000).", Code::BadLiteral, "0x100000000");
    check_error("a(12ab).", Code::BadLiteral, "12ab");
    check_error("a(300.1.1.1).", Code::BadLiteral, "300.1.1.1");
    check_error("a(\"\\q\").", Code::BadEscape, "\\q");
    check_error("a(\"b).", Code::Unterminated, "\"");
    check_error("a(x).", Code::FactWithVariable, "x");
    check_error("a(1) :- b(.", Code::Unterminated, "(");
    check_error(".outptu a", Code::UnknownDirective, ".outptu");
    check_error("count(1).", Code::UnexpectedToken, "count");
    check_error("a() :- x = count y : { b(y) }.", Code::UnexpectedToken, "count");
}

/// The codes that a text is refused with, read on a small stack.
fn codes_on_a_small_stack(text: String) -> Vec<Code> {
    let read = move || parse_in(SOUFFLE, SourceId::default(), &text).1.iter().map(|told| told.code).collect();
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(read).expect("a thread");
    thread.join().expect("the stack suffices")
}

#[test]
fn nesting_beyond_the_limit_is_refused_on_a_small_stack() {
    for [before, open, middle, close] in [
        ["q(x) :- x = ", "(", "1", ")"],
        ["q(x) :- ", "(", "p(x)", ")"],
        ["q(x) :- ", "!(a() ; ", "p(x)", ")"],
        ["q(x) :- ", "!", "p(x)", ""],
        ["q(x) :- x = ", "-", "y", ""],
        ["q(x) :- x = ", "bnot ", "y", ""],
        ["q(x) :- x = ", "2 ^ ", "2", ""],
        ["q(x) :- x = 1", " + 1", "", ""],
        ["q(x) :- x = ", "cat(1, ", "1", ")"],
        ["q(x) :- x = ", "as(", "1", ", t)"],
        ["q(x) :- x = ", "@f(", "1", ")"],
        ["q(x) :- x = ", "[1, ", "1", "]"],
        ["q(x) :- x = ", "$B(", "1", ")"],
        ["q(x) :- x = ", "min(1, ", "1", ")"],
        ["q(x) :- x = ", "count : { p(), x = ", "1", " }"],
        ["q(x) :- x = ", "sum (", "1", ") : { p() }"],
    ] {
        for depth in [130, 50_000] {
            let text = [before, &open.repeat(depth), middle, &close.repeat(depth), "."].concat();
            assert_eq!(codes_on_a_small_stack(text), [Code::NestingTooDeep], "{open} x {depth}");
        }
    }
    let components = ".comp A { ".repeat(50_000) + &"}".repeat(50_000);
    assert!(codes_on_a_small_stack(components).contains(&Code::NestingTooDeep));
}

#[test]
fn pieces_of_a_program_in_any_order_are_read_to_their_end() {
    let words = [
        "a(x)", ":-", "b(1)", ".", ",", ";", "(", ")", "{", "}", "[", "]", "!", "$", "@", "count", ":", "min", "<=",
        "=", ".decl", ".comp", ".init", ".plan", "A", "\"t\"", "1", "1u", "-", "^", "|", "<", ">", "#", "//", "\n",
        "@[", "nil",
    ];
    let mut seed = 7_u64;
    for _ in 0..3_000 {
        let mut text = String::new();
        for _ in 0..20 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(words[(seed >> 33) as usize % words.len()]);
            text.push(' ');
        }
        parse_in(SOUFFLE, SourceId::default(), &text);
    }
}
