//! The chores.
fn main() {
    let s = std::fs::read_to_string(cloudconnexa_codegen::SCHEMA).unwrap();
    match cloudconnexa_codegen::render(&s) {
        Ok(f) => for f in f { std::fs::create_dir_all(std::path::Path::new(f.path).parent().unwrap()).unwrap(); std::fs::write(if f.path.contains("types.rs") {"/tmp/types.rs"} else {f.path}, f.contents).unwrap() },
        Err(e) => { eprintln!("{e}"); std::process::exit(1) }
    }
}
