//! The types of records that a program declares.

use super::{Function, IdVec, RecordField, Shape, Tag, Type, id};
use std::sync::Arc;

id! {
    /// A type of records.
    RecordTypeId
}

/// A type of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordType {
    /// What it is called.
    pub name: String,
    /// `[x: number, y: number]`, which may also be `nil`; or a form for each branch.
    pub forms: Vec<Form>,
}

/// One way in which a record of a type may look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// What records of this form are made of.
    pub shape: Arc<Shape>,
    /// What the fields are called, and of which types they are.
    pub fields: Vec<FormField>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    /// Its name.
    pub name: String,
    /// The name of its type, where that is not built in.
    pub named: Option<String>,
    /// The type of records that it holds, if it does.
    pub record: Option<RecordTypeId>,
}

/// A form, by its type and its place among the forms of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormId {
    /// The type.
    pub ty: RecordTypeId,
    /// Which of its forms.
    pub at: usize,
}

/// Every type of records of a program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordTypes(Arc<IdVec<RecordTypeId, RecordType>>);

impl RecordTypes {
    /// The types, each at the place of its id.
    pub fn new(types: IdVec<RecordTypeId, RecordType>) -> Self {
        Self(Arc::new(types))
    }

    /// Every type.
    pub fn all(&self) -> impl Iterator<Item = &RecordType> + Clone {
        self.0.iter()
    }

    /// The type with this id.
    pub fn get(&self, id: RecordTypeId) -> &RecordType {
        &self.0[id]
    }

    /// A form.
    pub fn form(&self, id: FormId) -> &Form {
        &self.0[id.ty].forms[id.at]
    }

    /// The form of a type that has no branches: `[x: number]`.
    pub fn plain(&self, ty: RecordTypeId) -> Option<FormId> {
        let at = self.0[ty].forms.iter().position(|form| form.shape.tag == Tag::Plain)?;
        Some(FormId { ty, at })
    }

    /// The branch of this name; there is one at most in all types.
    pub fn branch(&self, name: &str) -> Option<FormId> {
        let named = |form: &Form| matches!(&form.shape.tag, Tag::Branch(branch) if **branch == *name);
        self.0.enumerate().find_map(|(ty, found)| Some(FormId { ty, at: found.forms.iter().position(named)? }))
    }

    /// The names of all branches.
    pub fn branches(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|ty| &ty.forms).filter_map(|form| match &form.shape.tag {
            Tag::Branch(name) => Some(&**name),
            Tag::Nil | Tag::Plain => None,
        })
    }
}

impl Form {
    /// The function that gives a field of such a record.
    pub fn field(&self, at: usize) -> Function {
        let name = self.fields[at].name.clone();
        Function::Field(Arc::new(RecordField { shape: self.shape.clone(), at, name }))
    }

    /// The types of the fields.
    pub fn types(&self) -> &[Type] {
        &self.shape.types
    }
}
