//! What does `.init g = Graph<city>` make? Tree to tree, before names are gathered.
//!
//! In: trees with components and instances. Out: the same trees, with what each instance holds in its place; or why
//! there is no such thing. Components stay, for instances that come later, and mean nothing by themselves. Names of
//! relations and types that an instance declares begin with its name and a dot. A clause for a relation that its
//! component does not declare belongs to the next relation of that name further out. Places are those of the component.

use super::renaming::Renaming;
use crate::check::namespaces;
use crate::report::{Code, Diagnostic, Span, nearest};
use crate::syntax::{
    Ast, ComponentDecl, ComponentUse, InstanceDecl, Item, ItemKind, Name, QualifierKind, TypeDefinition,
};
use rustc_hash::{FxHashMap, FxHashSet};

/// The deepest nesting of instances, and of components that are based on others.
const MAX_DEPTH: usize = 100;

/// The most components that the instances of a program are made of, counted each time.
const MAX_PARTS: usize = 100_000;

/// Puts what every instance holds in its place. `known` are trees that were read before, for their components.
pub fn instantiate(known: &[Ast], asts: &mut [Ast]) -> Vec<Diagnostic> {
    let speaks_of_components = |item: &Item| matches!(item.kind, ItemKind::Instance(_)) || is_component(item);
    if !asts.iter().flat_map(|ast| &ast.items).any(speaks_of_components) {
        return Vec::new();
    }
    let components: Vec<Item> =
        known.iter().chain(&*asts).flat_map(|ast| &ast.items).filter(|item| is_component(item)).cloned().collect();
    let mut making = Making { scopes: Scopes::of(&components), parts: 0, diagnostics: Vec::new() };
    making.diagnostics.extend(namespaces::components(asts));
    making.check_components();
    for ast in asts {
        let items = std::mem::take(&mut ast.items);
        for item in items {
            match &item.kind {
                ItemKind::Instance(instance) => ast.items.extend(making.at_the_top(instance, item.span)),
                _ => ast.items.push(item),
            }
        }
    }
    making.diagnostics
}

fn is_component(item: &Item) -> bool {
    matches!(item.kind, ItemKind::Component(_))
}

/// Where a component is declared: an index into [`Scopes`].
type ScopeId = usize;

/// Every component, with the one around it.
struct Scopes<'a> {
    all: Vec<Scope<'a>>,
}

#[derive(Clone, Copy)]
struct Scope<'a> {
    decl: &'a ComponentDecl,
    around: Option<ScopeId>,
}

/// What the parameters of a component stand for.
type Binding = FxHashMap<String, String>;

impl<'a> Scopes<'a> {
    fn of(components: &'a [Item]) -> Self {
        let mut scopes = Scopes { all: Vec::new() };
        let mut open: Vec<(Option<ScopeId>, &'a Item)> = components.iter().rev().map(|item| (None, item)).collect();
        while let Some((around, item)) = open.pop() {
            if let ItemKind::Component(decl) = &item.kind {
                let id = scopes.all.len();
                scopes.all.push(Scope { decl, around });
                open.extend(decl.items.iter().rev().map(|item| (Some(id), item)));
            }
        }
        scopes
    }

    fn declared_in(&self, scope: Option<ScopeId>) -> impl Iterator<Item = ScopeId> {
        (0..self.all.len()).filter(move |id| self.all[*id].around == scope)
    }

    /// The component that a name means in a scope: one declared there, or in what that is based on, or further out.
    fn find(&self, scope: Option<ScopeId>, name: &str, binding: &Binding) -> Option<ScopeId> {
        self.find_unseen(scope, name, binding, &mut FxHashSet::default())
    }

    fn find_unseen(
        &self,
        scope: Option<ScopeId>,
        name: &str,
        binding: &Binding,
        seen: &mut FxHashSet<ScopeId>,
    ) -> Option<ScopeId> {
        let bound = binding.get(name).map_or(name, String::as_str);
        let declared = |scope| self.declared_in(scope).find(|id| self.all[*id].decl.name.text == bound);
        let mut here = scope;
        while let Some(id) = here.filter(|id| seen.insert(*id)) {
            let Scope { decl, around } = self.all[id];
            let found = declared(here).or_else(|| {
                let bases = decl.bases.iter().filter_map(|base| self.find(around, &base.name.text, binding));
                bases.filter(|base| *base != id).find_map(|base| self.find_unseen(Some(base), name, binding, seen))
            });
            if found.is_some() {
                return found;
            }
            here = around;
        }
        declared(None)
    }
}

/// What an instance holds.
#[derive(Default)]
struct Content {
    items: Vec<Item>,
    /// The relations that are declared among the items, each with the place.
    relations: FxHashMap<String, Span>,
}

impl Content {
    fn push(&mut self, item: Item, diagnostics: &mut Vec<Diagnostic>) {
        if let ItemKind::Relation(decl) = &item.kind
            && let Some(first) = self.relations.insert(decl.name.text.clone(), decl.name.span)
            && first != decl.name.span
        {
            let message = format!("`{}` is declared in a component and in one that it is based on", decl.name.text);
            diagnostics.push(
                Diagnostic::new(Code::ConflictingDeclaration, decl.name.span, message)
                    .also(first, "first here")
                    .help("drop this one, and write `.override` if its rules are to replace the others"),
            );
        }
        self.items.push(item);
    }
}

/// An instance that is being made.
#[derive(Clone, Copy)]
struct Place<'b> {
    binding: &'b Binding,
    /// Relations whose rules are replaced by those of a component based on this one.
    overridden: &'b FxHashSet<String>,
    depth: usize,
}

struct Making<'a> {
    scopes: Scopes<'a>,
    /// How many components were put into instances so far.
    parts: usize,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Making<'a> {
    fn at_the_top(&mut self, instance: &InstanceDecl, span: Span) -> Vec<Item> {
        let mut orphans = Vec::new();
        let (binding, overridden) = (Binding::default(), FxHashSet::default());
        let place = Place { binding: &binding, overridden: &overridden, depth: MAX_DEPTH };
        let mut content = self.instance(instance, span, None, place, &mut orphans);
        content.items.append(&mut orphans);
        content.items
    }

    /// What an instance holds, under its name. What belongs to relations further out is left in `orphans`.
    fn instance(
        &mut self,
        instance: &InstanceDecl,
        span: Span,
        scope: Option<ScopeId>,
        place: Place<'_>,
        orphans: &mut Vec<Item>,
    ) -> Content {
        let Some(depth) = place.depth.checked_sub(1).filter(|_| self.parts < MAX_PARTS) else {
            self.endless(span);
            return Content::default();
        };
        let Some(component) = self.find(&instance.component, scope, place.binding) else { return Content::default() };
        let binding = bind(self.scopes.all[component].decl, &instance.component, place.binding);
        let mut content = Content::default();
        let inner = Place { binding: &binding, depth, ..place };
        self.instances_of(component, inner, &mut content, orphans);
        self.collect(component, inner, &mut content, orphans);
        let names = prefixed(&instance.name, &content);
        content.items.iter_mut().chain(orphans.iter_mut()).for_each(|item| names.item(item));
        content.relations =
            content.relations.into_iter().map(|(name, span)| (names.relations[&name].clone(), span)).collect();
        content
    }

    /// Complains about an instance without an end, once: it would lead to others without number.
    fn endless(&mut self, span: Span) {
        let is_told = self.diagnostics.iter().any(|told| told.code == Code::NestingTooDeep);
        if !is_told {
            self.diagnostics.push(
                Diagnostic::new(Code::NestingTooDeep, span, "this instance never ends")
                    .note(format!("instances nest at most {MAX_DEPTH} deep, of at most {MAX_PARTS} parts"))
                    .help("a component cannot hold an instance of itself, nor be based on itself"),
            );
        }
        self.parts = MAX_PARTS;
    }

    /// Adds what the instances within a component hold.
    fn instances_of(&mut self, component: ScopeId, place: Place<'_>, content: &mut Content, orphans: &mut Vec<Item>) {
        let decl = self.scopes.all[component].decl;
        for item in &decl.items {
            if let ItemKind::Instance(instance) = &item.kind {
                let nested = self.instance(instance, item.span, Some(component), place, orphans);
                for item in nested.items {
                    content.push(item, &mut self.diagnostics);
                }
            }
        }
    }

    /// Adds what a component says and what those say that it is based on.
    fn collect(&mut self, component: ScopeId, place: Place<'_>, content: &mut Content, orphans: &mut Vec<Item>) {
        let Scope { decl, around } = self.scopes.all[component];
        self.parts += 1;
        let Some(depth) = place.depth.checked_sub(1).filter(|_| self.parts < MAX_PARTS) else { return };
        let mut overridden = place.overridden.clone();
        overridden.extend(overrides(decl).map(|name| name.text.clone()));
        for base in &decl.bases {
            let Some(found) = self.scopes.find(around, &base.name.text, place.binding) else { continue };
            let binding = bind(self.scopes.all[found].decl, base, place.binding);
            let none = FxHashSet::default();
            let nested = Place { binding: &binding, overridden: &none, depth };
            self.instances_of(found, nested, content, orphans);
            let based = Place { binding: &binding, overridden: &overridden, depth };
            self.collect(found, based, content, orphans);
        }
        let params = Renaming { types: place.binding.clone(), relations: FxHashMap::default() };
        let declares = |item: &Item| {
            matches!(item.kind, ItemKind::Relation(_) | ItemKind::Type(_) | ItemKind::Lattice(_) | ItemKind::Io(_))
        };
        for item in decl.items.iter().filter(|item| declares(item)) {
            let mut item = item.clone();
            params.item(&mut item);
            content.push(item, &mut self.diagnostics);
        }
        for item in &decl.items {
            let Some(head) = head(item) else { continue };
            let first = head.text.split('.').next().unwrap_or_default();
            if !place.overridden.contains(first) {
                orphans.push(item.clone());
            }
        }
        let (at_home, strangers) = std::mem::take(orphans)
            .into_iter()
            .partition(|item| head(item).is_some_and(|head| content.relations.contains_key(&head.text)));
        content.items.extend::<Vec<Item>>(at_home);
        *orphans = strangers;
    }

    /// The component that is used, if there is one and it takes so many parameters.
    fn find(&mut self, written: &ComponentUse, scope: Option<ScopeId>, binding: &Binding) -> Option<ScopeId> {
        let name = &written.name;
        let Some(found) = self.scopes.find(scope, &name.text, binding) else {
            let known = self.scopes.all.iter().map(|scope| scope.decl.name.text.as_str());
            let message =
                Diagnostic::new(Code::UnknownComponent, name.span, format!("no component is called `{}`", name.text));
            self.diagnostics.push(match nearest(&name.text, known) {
                Some(near) => message.help(format!("did you mean `{near}`?")),
                None => message.help(format!("declare it: `.comp {} {{ … }}`", name.text)),
            });
            return None;
        };
        let decl = self.scopes.all[found].decl;
        let (takes, given) = (decl.params.len(), written.args.len());
        if takes != given {
            let message =
                format!("`{}` takes {}, not {given}", decl.name.text, crate::report::count(takes, "parameter"));
            self.diagnostics
                .push(Diagnostic::new(Code::WrongArity, name.span, message).also(decl.name.span, "declared here"));
            return None;
        }
        Some(found)
    }

    /// Looks at what components say of themselves, instances of them or none.
    fn check_components(&mut self) {
        for id in 0..self.scopes.all.len() {
            let Scope { decl, around } = self.scopes.all[id];
            self.diagnostics.extend(decl.items.iter().filter_map(stranger));
            let binding: Binding = decl.params.iter().map(|name| (name.text.clone(), name.text.clone())).collect();
            let is_parameter = |used: &ComponentUse| binding.contains_key(&used.name.text);
            for base in decl.bases.iter().filter(|base| !is_parameter(base)) {
                self.find(base, around, &binding);
            }
            if self.is_based_on_itself(id) {
                let message = format!("`{}` is based on itself", decl.name.text);
                self.diagnostics.push(
                    Diagnostic::new(Code::UnknownComponent, decl.name.span, message)
                        .help("drop one of the components behind the `:`"),
                );
            } else {
                self.check_overrides(id);
            }
        }
    }

    fn bases(&self, id: ScopeId) -> Vec<ScopeId> {
        let Scope { decl, around } = self.scopes.all[id];
        decl.bases.iter().filter_map(|base| self.scopes.find(around, &base.name.text, &Binding::default())).collect()
    }

    /// The components that one is based on, directly or not.
    fn ancestors(&self, id: ScopeId) -> Vec<ScopeId> {
        let mut found = self.bases(id);
        let mut at = 0;
        while let Some(&base) = found.get(at) {
            let new: Vec<ScopeId> = self.bases(base).into_iter().filter(|base| !found.contains(base)).collect();
            found.extend(new);
            at += 1;
        }
        found
    }

    fn is_based_on_itself(&self, id: ScopeId) -> bool {
        self.ancestors(id).contains(&id)
    }

    /// Complains about overriding what is not there, or not to be overridden. Where a parameter is a base, nobody knows.
    fn check_overrides(&mut self, id: ScopeId) {
        let decl = self.scopes.all[id].decl;
        let ancestors = self.ancestors(id);
        let based_on_parameter = |id: &ScopeId| {
            let decl = self.scopes.all[*id].decl;
            decl.bases.iter().any(|base| decl.params.iter().any(|param| param.text == base.name.text))
        };
        if ancestors.iter().chain([&id]).any(based_on_parameter) {
            return;
        }
        for name in overrides(decl) {
            let items = ancestors.iter().flat_map(|base| &self.scopes.all[*base].decl.items);
            let mut declared = items.filter_map(|item| match &item.kind {
                ItemKind::Relation(relation) if relation.name.text == name.text => Some(relation),
                _ => None,
            });
            let message = match declared.next() {
                None => Diagnostic::new(
                    Code::BadOverride,
                    name.span,
                    format!("`{}` inherits no relation `{}`", decl.name.text, name.text),
                )
                .help("a component overrides relations of those that it is based on"),
                Some(relation) if relation.qualifiers.iter().any(|it| it.kind == QualifierKind::Overridable) => {
                    continue;
                }
                Some(relation) => Diagnostic::new(
                    Code::BadOverride,
                    name.span,
                    format!("`{}` is not declared to be overridable", name.text),
                )
                .also(relation.name.span, "declared here")
                .help("write `overridable` behind its columns"),
            };
            self.diagnostics.push(message);
        }
    }
}

/// What is said of an item that a component cannot hold.
fn stranger(item: &Item) -> Option<Diagnostic> {
    let what = match &item.kind {
        ItemKind::Include(_) => "an `.include`",
        ItemKind::Pragma(_) => "a `.pragma`",
        ItemKind::Functor(_) => "a `.functor`",
        ItemKind::Query(_) => "a question",
        ItemKind::Constraint(_) => "a constraint",
        ItemKind::Retraction(_) => "a retraction",
        ItemKind::Fact(_)
        | ItemKind::Rule(_)
        | ItemKind::Subsumption(_)
        | ItemKind::Relation(_)
        | ItemKind::Type(_)
        | ItemKind::Lattice(_)
        | ItemKind::Component(_)
        | ItemKind::Instance(_)
        | ItemKind::Override(_)
        | ItemKind::Io(_) => return None,
    };
    let message = format!("{what} cannot stand in a component");
    Some(Diagnostic::new(Code::UnexpectedToken, item.span, message).help("write it outside of all components"))
}

/// The relations that a component overrides.
fn overrides(decl: &ComponentDecl) -> impl Iterator<Item = &Name> {
    decl.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Override(name) => Some(name),
        _ => None,
    })
}

/// What a component's parameters stand for where it is used so.
fn bind(decl: &ComponentDecl, used: &ComponentUse, around: &Binding) -> Binding {
    let actual = |name: &Name| around.get(&name.text).unwrap_or(&name.text).clone();
    decl.params.iter().zip(&used.args).map(|(param, arg)| (param.text.clone(), actual(arg))).collect()
}

/// The relation that a clause is about.
fn head(item: &Item) -> Option<&Name> {
    match &item.kind {
        ItemKind::Fact(fact) => Some(&fact.atom.name),
        ItemKind::Rule(rule) => Some(&rule.head.name),
        ItemKind::Subsumption(subsumption) => Some(&subsumption.lesser.name),
        _ => None,
    }
}

/// The names that an instance declares, each with the instance's own before it.
fn prefixed(instance: &Name, content: &Content) -> Renaming {
    let new = |name: &str| (name.to_owned(), format!("{}.{name}", instance.text));
    let mut names = Renaming::default();
    names.relations.extend(content.relations.keys().map(|name| new(name)));
    for item in &content.items {
        if let ItemKind::Type(decl) = &item.kind {
            names.types.extend([new(&decl.name.text)]);
            if let TypeDefinition::Branches(branches) = &decl.definition {
                names.types.extend(branches.iter().map(|branch| new(&branch.name.text)));
            }
        }
    }
    names
}
