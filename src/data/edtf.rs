//! Dates with holes in them: EDTF level 1.
