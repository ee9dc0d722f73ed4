//! What does `.functor` declare, and which function of a library does a call mean?
//!
//! In: the `.functor`s of all files, and the libraries that the user named. Out: for each call the function, or why there
//! is none. A declaration that nothing calls needs no library.

use super::overloads::arguments;
use super::subtypes::{Subtypes, unknown_type};
use crate::data::{Dialect, Foreign, Libraries, Signature, Type};
use crate::report::{Code, Diagnostic, Span, nearest};
use crate::syntax::{Ast, FunctorDecl, ItemKind, Name};
use indexmap::IndexMap;
use rustc_hash::FxHashSet;

/// The functions of libraries that a program declares.
#[derive(Debug, Clone, Default)]
pub(super) struct Functors {
    libraries: Libraries,
    declared: IndexMap<String, Declared>,
    /// Of which functions it was said that no library gives them.
    missed: FxHashSet<String>,
}

#[derive(Debug, Clone)]
struct Declared {
    /// What it takes and gives; nothing where that was complained about.
    signature: Option<Signature>,
    /// Whether it wants the tables of Soufflé's symbols and records.
    stateful: bool,
    span: Span,
}

/// A call of a function of a library.
#[derive(Debug, Clone, Copy)]
pub(super) struct ForeignCall<'a> {
    pub(super) name: &'a Name,
    pub(super) arguments: usize,
    pub(super) span: Span,
}

/// Reads every `.functor`.
pub(super) fn functors(
    dialect: Dialect,
    asts: &[Ast],
    libraries: &Libraries,
    subtypes: &Subtypes,
    diagnostics: &mut Vec<Diagnostic>,
) -> Functors {
    let mut functors = Functors { libraries: libraries.clone(), ..Functors::default() };
    for item in asts.iter().flat_map(|ast| &ast.items) {
        let ItemKind::Functor(decl) = &item.kind else { continue };
        let signature = signature(decl, subtypes, diagnostics);
        let declared = Declared { signature, stateful: decl.stateful, span: decl.name.span };
        match functors.declared.get(&decl.name.text) {
            None => {
                functors.declared.insert(decl.name.text.clone(), declared);
            }
            Some(first) if dialect == Dialect::Entail && first.signature != declared.signature => {
                diagnostics.push(two_ways(decl, first.span));
            }
            // That Soufflé takes no name twice is told with all other names.
            Some(_) => {}
        }
    }
    functors
}

/// The types that a declaration names.
fn signature(decl: &FunctorDecl, subtypes: &Subtypes, diagnostics: &mut Vec<Diagnostic>) -> Option<Signature> {
    let mut ty = |name: &Name| {
        let Some(named) = subtypes.find(&name.text) else {
            if !subtypes.is_refused(&name.text) {
                diagnostics.push(unknown_type(name, subtypes, []));
            }
            return None;
        };
        // What goes to the tables of Soufflé is told of where it is called.
        if decl.stateful || Foreign::takes(named.ty) {
            return Some(named.ty);
        }
        diagnostics.push(not_in_c(name, named.ty));
        None
    };
    let params: Vec<Option<Type>> = decl.params.iter().map(&mut ty).collect();
    let result = ty(&decl.result)?;
    Some(Signature { params: params.into_iter().collect::<Option<_>>()?, result })
}

impl Functors {
    /// The function that a call means; nothing where that was complained about before.
    pub(super) fn function(
        &mut self,
        call: ForeignCall<'_>,
        dialect: Dialect,
    ) -> Result<Option<Foreign>, Box<Diagnostic>> {
        let ForeignCall { name, span, .. } = call;
        let Some(declared) = self.declared.get(&name.text) else { return Err(Box::new(self.undeclared(call))) };
        let Some(signature) = &declared.signature else { return Ok(None) };
        if declared.stateful {
            return Err(Box::new(stateful(name, declared.span)));
        }
        if signature.params.len() != call.arguments {
            return Err(Box::new(wrong_arity(call, signature, declared.span)));
        }
        match self.libraries.function(&name.text, signature, dialect) {
            Some(function) => Ok(Some(function)),
            None if self.is_told_of(name) => Ok(None),
            None => Err(Box::new(self.nowhere(name, span))),
        }
    }

    /// Whether it was said before that no library gives a function: once of each, and once of all where there are none.
    fn is_told_of(&mut self, name: &Name) -> bool {
        let was_empty = self.missed.is_empty();
        !self.missed.insert(name.text.clone()) || self.libraries.is_empty() && !was_empty
    }

    fn undeclared(&self, call: ForeignCall<'_>) -> Diagnostic {
        let name = &call.name.text;
        let message = format!("no function of a library is called `{name}`");
        let diagnostic =
            Diagnostic::new(Code::UnknownFunction, call.name.span, message).label("no `.functor` declares it");
        match nearest(name, self.declared.keys().map(String::as_str)) {
            Some(near) => diagnostic.help(format!("did you mean `@{near}`?")),
            None => {
                let params = vec!["number"; call.arguments].join(", ");
                diagnostic.help(format!("declare it: `.functor {name}({params}): number`"))
            }
        }
    }

    /// Why no library gives a function that is declared.
    fn nowhere(&self, name: &Name, span: Span) -> Diagnostic {
        let message = format!("no library gives the function `{}`", name.text);
        let diagnostic = Diagnostic::new(Code::BadFunctor, span, message);
        if !Libraries::AVAILABLE {
            let diagnostic = diagnostic.label("this build calls no functions of libraries");
            return diagnostic.help("build `entail` with `--features functors`");
        }
        if self.libraries.is_empty() {
            let diagnostic = diagnostic.label("no library was named");
            return diagnostic.help("name the library: `-l functors` for `libfunctors.so`, `-L DIR` for where it lies");
        }
        diagnostic
            .label("none of the libraries that were named has it as its own")
            .help("name the library with `-l`; in C++ the function is `extern \"C\"`")
    }
}

fn two_ways(decl: &FunctorDecl, first: Span) -> Diagnostic {
    let message = format!("`@{}` is declared in two ways", decl.name.text);
    Diagnostic::new(Code::ConflictingDeclaration, decl.name.span, message)
        .label("again here")
        .also(first, "first here")
        .help("keep one of the two")
}

fn not_in_c(name: &Name, ty: Type) -> Diagnostic {
    let message = format!("{} cannot go to a library", ty.with_article());
    Diagnostic::new(Code::BadFunctor, name.span, message)
        .label("C has no such values")
        .help("give it the parts: functions of libraries take number, unsigned, float and symbol")
}

fn stateful(name: &Name, declared: Span) -> Diagnostic {
    let message = format!("`@{}` wants the tables that Soufflé keeps symbols and records in", name.text);
    Diagnostic::new(Code::BadFunctor, name.span, message)
        .label("called here")
        .also(declared, "declared `stateful` here")
        .note("those are C++ objects of Soufflé's own, which no other engine has")
        .help("drop `stateful`, and let the function take numbers and texts; records can be made around it")
}

fn wrong_arity(call: ForeignCall<'_>, signature: &Signature, declared: Span) -> Diagnostic {
    let takes = arguments(signature.params.len());
    let message = format!("`@{}` takes {takes}, not {}", call.name.text, call.arguments);
    Diagnostic::new(Code::WrongArity, call.span, message)
        .label(format!("{} here", arguments(call.arguments)))
        .also(declared, format!("declared with {takes}"))
}
