//! What would overturn a fact: the smallest sets of things whose loss makes it fall.
//!
//! In: the things that one proof of it rests on, and someone who says what it rests on after some of them are lost.
//! Out: the sets of one, then of two and three. Whatever overturns a fact takes something from each of its proofs, so the
//! sets are found as Reiter's hitting sets are (1987): a tree whose nodes are lost sets, in which each child loses one
//! thing more of the proof that is left.

use std::collections::{BTreeSet, VecDeque};
use std::ops::ControlFlow;

/// The smallest sets of things that overturn a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Critical<T> {
    /// The sets, the smallest first. None is part of another.
    pub sets: Vec<Vec<T>>,
    /// Up to what size all of them are known.
    pub complete_to: usize,
    /// Whether the search was stopped before it knew those of the largest size asked for.
    pub is_stopped: bool,
}

/// What a fact rests on when these are lost: nothing if it falls. Breaks off when there is no more time.
pub type RestsOn<'r, T> = dyn FnMut(&[T]) -> ControlFlow<(), Option<Vec<T>>> + 'r;

/// The smallest sets of up to so many.
pub fn critical<T: Ord + Clone>(leaves: Vec<T>, largest: usize, rests_on: &mut RestsOn<'_, T>) -> Critical<T> {
    let mut sets: Vec<BTreeSet<T>> = Vec::new();
    let mut tried: BTreeSet<BTreeSet<T>> = BTreeSet::new();
    let mut open = VecDeque::from([(BTreeSet::new(), leaves)]);
    while let Some((lost, leaves)) = open.pop_front() {
        for leaf in leaves {
            let mut lost: BTreeSet<T> = lost.clone();
            lost.insert(leaf);
            let is_known = sets.iter().any(|set| set.is_subset(&lost)) || !tried.insert(lost.clone());
            if is_known {
                continue;
            }
            match rests_on(&lost.iter().cloned().collect::<Vec<_>>()) {
                ControlFlow::Continue(None) => sets.push(lost),
                ControlFlow::Continue(Some(leaves)) if lost.len() < largest => open.push_back((lost, leaves)),
                ControlFlow::Continue(Some(_)) => {}
                ControlFlow::Break(()) => {
                    let complete_to = lost.len() - 1;
                    return Critical { sets: in_order(sets), complete_to, is_stopped: true };
                }
            }
        }
    }
    Critical { sets: in_order(sets), complete_to: largest, is_stopped: false }
}

fn in_order<T: Ord>(sets: Vec<BTreeSet<T>>) -> Vec<Vec<T>> {
    let mut sets: Vec<Vec<T>> = sets.into_iter().map(|set| set.into_iter().collect()).collect();
    sets.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fact that holds as long as one of these sets is there whole.
    fn sets(proofs: &[&[u32]]) -> Critical<u32> {
        let rests_on = |lost: &[u32]| {
            let left = proofs.iter().find(|proof| !proof.iter().any(|leaf| lost.contains(leaf)));
            left.map(|proof| proof.to_vec())
        };
        critical(proofs[0].to_vec(), 3, &mut |lost| ControlFlow::Continue(rests_on(lost)))
    }

    #[test]
    fn every_smallest_set_is_found() {
        assert_eq!(sets(&[&[1, 2]]).sets, [[1], [2]]);
        assert_eq!(sets(&[&[1, 2], &[1, 3]]).sets, [vec![1], vec![2, 3]]);
        assert_eq!(sets(&[&[1], &[2], &[3, 4]]).sets, [[1, 2, 3], [1, 2, 4]]);
        assert_eq!(sets(&[&[1], &[2], &[3], &[4]]).sets, Vec::<Vec<u32>>::new());
        assert_eq!(sets(&[&[]]).sets, Vec::<Vec<u32>>::new());
    }

    #[test]
    fn a_search_that_is_broken_off_says_how_far_it_came() {
        let mut asked = 0;
        let found = critical(vec![1, 2, 3], 3, &mut |lost: &[u32]| {
            asked += 1;
            match asked {
                ..=4 => ControlFlow::Continue(if lost == [1] { None } else { Some(vec![4, 5]) }),
                _ => ControlFlow::Break(()),
            }
        });
        assert_eq!(found, Critical { sets: vec![vec![1]], complete_to: 1, is_stopped: true });
    }
}
