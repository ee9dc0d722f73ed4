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

impl Numbers {
    /// The number of what has this hash and is the same; or else, where it would be kept.
    fn look(&self, hash: u32, is_same: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let mut at = self.start(hash);
        loop {
            let slot = self.slots[at];
            if slot.number == FREE {
                return Err(at);
            }
            if slot.hash == hash && is_same(slot.number) {
                return Ok(slot.number);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn start(&self, hash: u32) -> usize {
        // The upper bits of the product depend on all bits of the hash.
        let spread = u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        spread as usize & (self.slots.len() - 1)
    }

    /// The number of what has this hash and is the same.
    pub(super) fn find(&self, hash: u32, is_same: impl Fn(u32) -> bool) -> Option<u32> {
        if self.slots.is_empty() { None } else { self.look(hash, is_same).ok() }
    }

    /// The number of what has this hash and is the same; if there is none, this one is kept.
    pub(super) fn find_or_keep(&mut self, hash: u32, number: u32, is_same: impl Fn(u32) -> bool) -> Option<u32> {
        self.reserve(1);
        match self.look(hash, is_same) {
            Ok(found) => Some(found),
            Err(at) => {
                debug_assert_ne!(number, FREE, "numbers lie below that of a free slot");
                self.slots[at] = Slot { hash, number };
                self.len += 1;
                None
            }
        }
    }

    /// Brings what will be looked up nearer: the number, probably, of each of these hashes; none if it is not there.
    pub(super) fn look_ahead(&self, hashes: impl Iterator<Item = u32>, found: &mut Vec<Option<u32>>) {
        found.clear();
        if !self.slots.is_empty() {
            // No answer is waited for before the next is asked for.
            found.extend(hashes.map(|hash| {
                let slot = self.slots[self.start(hash)];
                (slot.hash == hash && slot.number != FREE).then_some(slot.number)
            }));
        }
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
            let at = self.look(slot.hash, |_| false).expect_err("nothing is the same");
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
            assert!(ahead.iter().zip(0..).all(|(found, number)| found.is_none_or(|found| hash(found) == hash(number))));
        }
    }
}
