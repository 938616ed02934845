//! The `ouro` program: the command line and nothing else.

fn main() -> std::process::ExitCode {
    ouro::cli::main()
}
