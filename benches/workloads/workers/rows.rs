//! Reading rows of numbers, as fast as plain code does.
//!
//! In: a relation's `.csv` in the current folder. Out: its numbers, in order, or its rows.

use std::fs;

/// All numbers of a relation.
pub(super) fn numbers(relation: &str) -> Vec<u32> {
    let bytes = fs::read(format!("{relation}.csv")).expect("the rows of a relation");
    let mut numbers = Vec::with_capacity(bytes.len() / 6);
    let (mut number, mut inside) = (0u32, false);
    for byte in bytes {
        if byte.is_ascii_digit() {
            number = number.wrapping_mul(10).wrapping_add(u32::from(byte - b'0'));
            inside = true;
        } else if inside {
            numbers.push(number);
            (number, inside) = (0, false);
        }
    }
    if inside {
        numbers.push(number);
    }
    numbers
}

/// The rows of a relation of one column.
pub(super) fn ones(relation: &str) -> Vec<(u32,)> {
    numbers(relation).into_iter().map(|x| (x,)).collect()
}

/// The rows of a relation of two columns.
pub(super) fn pairs(relation: &str) -> Vec<(u32, u32)> {
    numbers(relation).as_chunks().0.iter().map(|&[x, y]| (x, y)).collect()
}

/// The rows of a relation of three columns.
pub(super) fn triples(relation: &str) -> Vec<(u32, u32, u32)> {
    numbers(relation).as_chunks().0.iter().map(|&[x, y, z]| (x, y, z)).collect()
}
