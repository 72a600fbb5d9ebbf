//! Pseudo-random numbers, the same in every run, and randomly damaged events.

use super::Folder;

/// A xorshift64 generator.
pub struct Random(u64);

impl Random {
    pub fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    /// Returns a number less than `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("less than `end`")
    }

    /// Returns a few events of any form, some of them invalid, with bytes changed, removed and inserted.
    pub fn damaged_events(&mut self, folder: &Folder, round: usize) -> Vec<u8> {
        let format = ["jsonl", "pretty", "array"][round % 3];
        let (seed, events) = (round.to_string(), (1 + self.below(8)).to_string());
        let args = ["sample", "--seed", &seed, "--events", &events, "--format", format, "--invalid", "0.2"];
        let mut input = folder.command(&args).output().expect("it runs").stdout;
        for _ in 0..self.below(6) {
            let index = self.below(input.len());
            match self.below(4) {
                0 => input[index] = [b'\n', b'{', b'}', b'"', b'[', b',', 0xff, 0][self.below(8)],
                1 => drop(input.drain(index..(index + self.below(40)).min(input.len()))),
                2 => drop(input.splice(index..index, *b"}{\n {")),
                _ => input.truncate(index + 1),
            }
            if input.is_empty() {
                input.push(b'{');
            }
        }
        input
    }
}
