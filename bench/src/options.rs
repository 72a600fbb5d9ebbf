//! The arguments of the benchmark.

/// The size of a run, and what it measures.
pub struct Options {
    pub events: usize,
    pub rounds: usize,
    /// Selects contenders whose names contain this. The baseline always runs.
    pub contender: String,
    /// Selects scenarios whose names contain this.
    pub scenario: String,
}

pub const USAGE: &str = "usage: [--events N] [--rounds N] [--contender PART] [--scenario PART]\n       \
                         --naive FILE | --naive-errors FILE";

impl Options {
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Option<Self> {
        let mut options =
            Self { events: 30_000, rounds: 7, contender: String::new(), scenario: String::new() };
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            let value = arguments.next()?;
            let number = || value.parse().ok().filter(|&number| number > 0);
            match &*name {
                "--events" => options.events = number()?,
                "--rounds" => options.rounds = number()?,
                "--contender" => options.contender = value,
                "--scenario" => options.scenario = value,
                _ => return None,
            }
        }
        Some(options)
    }
}
