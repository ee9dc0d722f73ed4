//! Binding a variable to the values on which several relations agree.
//!
//! For each binding: every side counts its matches, the one with the fewest proposes values, the others keep those that
//! they have too. So a binding costs no more than its smallest side, which makes cyclic bodies cheap whatever hub they
//! run through.

use super::chunk::Chunk;
use super::limits::Stopped;
use super::machine::{Key, Machine, Probe, Sink};
use crate::data::Word;
use crate::plan::{Intersect, Join, Step};
use std::ops::Range;

/// One relation, and where the matches of the binding at hand lie in its runs.
struct Side<'e> {
    join: &'e Join,
    probes: Vec<Probe>,
    key: Key<'e>,
    ranges: Vec<Range<usize>>,
}

impl Machine<'_> {
    pub(super) fn intersect(
        &self,
        step: &Step<'_>,
        intersect: &Intersect,
        rest: &[Step<'_>],
        chunk: &Chunk,
        sink: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let mut sides: Vec<Side<'_>> = intersect.sides.iter().map(|join| Side::new(self, join)).collect();
        let mut values: Vec<Word> = Vec::new();
        let mut out = Chunk::new(chunk.variables());
        for row in 0..chunk.len() {
            let counts = sides.iter_mut().map(|side| side.count(chunk, row)).enumerate();
            let Some((fewest, count)) = counts.min_by_key(|(_, count)| *count) else { continue };
            if count == 0 {
                continue;
            }
            sides[fewest].propose(&mut values);
            for (_, side) in sides.iter_mut().enumerate().filter(|(at, _)| *at != fewest) {
                side.keep_known(&mut values);
            }
            if intersect.wanted {
                out.extend(intersect.var, values.iter().copied());
            } else {
                values.truncate(1);
            }
            for var in &step.carry {
                out.extend(*var, std::iter::repeat_n(chunk.column(*var)[row], values.len()));
            }
            out.grow(values.len());
            if out.len() >= Chunk::CAPACITY {
                let full = std::mem::replace(&mut out, Chunk::new(chunk.variables()));
                self.run(rest, full, sink)?;
            } else if count >= Chunk::CAPACITY {
                self.watch.ask(self.rule, 0)?;
            }
        }
        self.run(rest, out, sink)
    }
}

impl<'e> Side<'e> {
    fn new(machine: &Machine<'_>, join: &'e Join) -> Self {
        let probes = machine.probes(join.relation, &join.order, join.part);
        Self { join, probes, key: Key::new(&join.key), ranges: Vec::new() }
    }

    /// How many rows match a binding.
    fn count(&mut self, chunk: &Chunk, row: usize) -> usize {
        let ascending = self.key.move_to(chunk, row);
        self.ranges.clear();
        for probe in &mut self.probes {
            self.ranges.push(probe.seek(&self.key.words, ascending));
        }
        self.ranges.iter().map(Range::len).sum()
    }

    /// The values of the matches, ascending, each once.
    fn propose(&self, values: &mut Vec<Word>) {
        values.clear();
        let column = self.join.key.len();
        for (probe, range) in self.probes.iter().zip(&self.ranges) {
            values.extend(probe.run.rows().column(column).words(range.clone()));
        }
        values.sort_unstable();
        values.dedup();
    }

    /// Drops the values that no match has. They ascend, so each is looked for behind the last.
    fn keep_known(&mut self, values: &mut Vec<Word>) {
        let column = self.join.key.len();
        values.retain(|value| {
            let mut found = false;
            for (probe, range) in self.probes.iter().zip(&mut self.ranges) {
                let words = probe.run.rows().column(column);
                range.start = words.gallop(range.clone(), *value, false);
                found |= range.start < range.end && words.get(range.start) == *value;
            }
            found
        });
    }
}
