//! `ccxlog`, as its library has it.

fn main() -> std::process::ExitCode {
    ccxlog::main()
}
