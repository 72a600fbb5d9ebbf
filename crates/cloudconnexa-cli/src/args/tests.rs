use clap::CommandFactory as _;

use super::Args;

#[test]
fn clap_accepts_the_definition() {
    Args::command().debug_assert();
}
