//! A hash table of numbers that looks ahead.
//!
//! In: hashes of 32 bits, and who can tell whether two things are the same. Out: the numbers kept for them. A table
//! that is larger than the processor's cache costs a trip to memory for each look; so whoever has many to look up says
//! so beforehand ([`Numbers::look_ahead`]), and the trips are made together.

/// A number, and the hash of what it stands for.
#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    number: u32,
}

/// Numbers below [`u32::MAX`], found by hash. Slots are a power of two, at most two thirds of them taken; a number lies in
/// the first free one from where its hash points.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    slots: Vec<Slot>,
    len: usize,
}

const FREE: u32 = u32::MAX;

/// Where a hash was found ahead of time: the slot from which on to look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ahead(usize);

impl Numbers {
    /// The first slot, from this one on, that is free or has this hash.
    fn probe(&self, hash: u32, mut at: usize) -> usize {
        loop {
            let slot = self.slots[at];
            if slot.hash == hash || slot.number == FREE {
                return at;
            }
            at = self.behind(at);
        }
    }

    /// The number of what has this hash and is the same, from a slot on; or else, where it would be kept.
    fn look(&self, hash: u32, mut at: usize, is_same: impl Fn(u32) -> bool) -> Result<u32, usize> {
        loop {
            at = self.probe(hash, at);
            let slot = self.slots[at];
            if slot.number == FREE {
                return Err(at);
            }
            if is_same(slot.number) {
                return Ok(slot.number);
            }
            at = self.behind(at);
        }
    }

    fn start(&self, hash: u32) -> usize {
        // The upper bits of the product depend on all bits of the hash.
        let spread = u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        spread as usize & (self.slots.len() - 1)
    }

    fn behind(&self, at: usize) -> usize {
        (at + 1) & (self.slots.len() - 1)
    }

    /// The number of what has this hash and is the same.
    pub(super) fn find(&self, hash: u32, is_same: impl Fn(u32) -> bool) -> Option<u32> {
        if self.slots.is_empty() { None } else { self.look(hash, self.start(hash), is_same).ok() }
    }

    /// The number of what has this hash and is the same; if there is none, this one is kept.
    pub(super) fn find_or_keep(&mut self, hash: u32, number: u32, is_same: impl Fn(u32) -> bool) -> Option<u32> {
        self.reserve(1);
        self.find_or_keep_from(Ahead(self.start(hash)), hash, number, is_same)
    }

    /// The same for a hash that was looked for ahead, if room for all that was kept since had been made before.
    pub(super) fn find_or_keep_from(
        &mut self,
        Ahead(at): Ahead,
        hash: u32,
        number: u32,
        is_same: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        match self.look(hash, at, is_same) {
            Ok(found) => Some(found),
            Err(at) => {
                debug_assert_ne!(number, FREE, "numbers lie below that of a free slot");
                self.slots[at] = Slot { hash, number };
                self.len += 1;
                None
            }
        }
    }

    /// Brings what will be looked up nearer. Tells where to look for each of these hashes.
    pub(super) fn look_ahead(&self, hashes: impl Iterator<Item = u32> + Clone, found: &mut Vec<Ahead>) {
        // No answer is waited for before the next is asked for: there is nothing to decide yet.
        let asked = hashes.clone().fold(0, |all, hash| all ^ self.slots[self.start(hash)].number);
        std::hint::black_box(asked);
        found.clear();
        found.extend(hashes.map(|hash| Ahead(self.probe(hash, self.start(hash)))));
    }

    /// The number that probably will be found there; none that was kept if there is none.
    pub(super) fn ahead(&self, Ahead(at): Ahead) -> u32 {
        self.slots[at].number
    }

    /// How many more numbers there is room for.
    pub(super) fn room(&self) -> usize {
        self.slots.len() / 3 * 2 - self.len
    }

    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, more: usize) {
        if self.room() >= more && !self.slots.is_empty() {
            return;
        }
        let size = ((self.len + more) / 2 * 3 + 4).next_power_of_two().max(16);
        let before = std::mem::replace(&mut self.slots, vec![Slot { hash: 0, number: FREE }; size]);
        for slot in before.into_iter().filter(|slot| slot.number != FREE) {
            let at = self.look(slot.hash, self.start(slot.hash), |_| false).expect_err("nothing is the same");
            self.slots[at] = slot;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_found_whatever_its_hash() {
        for modulus in [1, 3, 64, 1 << 20] {
            let mut numbers = Numbers::default();
            let hash = |number: u32| number.wrapping_mul(0x9e37_79b9) % modulus;
            for number in 0..700 {
                assert_eq!(numbers.find(hash(number), |other| other == number), None);
                assert_eq!(numbers.find_or_keep(hash(number), number, |other| other == number), None);
                assert_eq!(numbers.find_or_keep(hash(number), 9999, |other| other == number), Some(number));
            }
            assert!((0..700).all(|number| numbers.find(hash(number), |other| other == number) == Some(number)));
            let mut ahead = Vec::new();
            numbers.look_ahead((0..700).map(hash), &mut ahead);
            for (number, at) in (0..700).zip(&ahead) {
                assert_eq!(hash(numbers.ahead(*at)), hash(number), "the first with this hash");
                assert_eq!(numbers.find_or_keep_from(*at, hash(number), 9999, |other| other == number), Some(number));
            }
        }
    }

    #[test]
    fn what_is_kept_is_found_from_where_it_was_looked_for_ahead() {
        let mut numbers = Numbers::default();
        numbers.reserve(100);
        let mut ahead = Vec::new();
        numbers.look_ahead([7, 7, 8].into_iter(), &mut ahead);
        assert!(ahead.iter().all(|at| numbers.ahead(*at) == FREE));
        assert_eq!(numbers.find_or_keep_from(ahead[0], 7, 0, |other| other == 0), None);
        assert_eq!(numbers.find_or_keep_from(ahead[2], 8, 1, |other| other == 1), None);
        assert_eq!(numbers.find_or_keep_from(ahead[1], 7, 2, |other| other == 2), None);
        assert_eq!(numbers.find_or_keep_from(ahead[1], 7, 9, |other| other == 0), Some(0));
        assert_eq!(numbers.find(8, |other| other == 1), Some(1));
    }
}
