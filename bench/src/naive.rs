//! The pair that anyone would reach for, as a program: serde_json into a tree, and jsonschema answering yes or no, or listing
//! all errors.

use std::hint::black_box;
use std::path::Path;

use serde_json::Value;

/// Checks all values in a file, and those in arrays one by one. Prints how many are valid, or why it cannot.
pub fn run(path: &Path, all_errors: bool) -> bool {
    let schema: Value = serde_json::from_str(cloudconnexa_events::SCHEMA).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).offline().build(&schema).unwrap();
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("error: cannot read {}: {error}", path.display());
            return false;
        }
    };
    let (mut valid, mut all) = (0_u64, 0_u64);
    let mut count = |value: &Value| {
        all += 1;
        valid += u64::from(if all_errors {
            validator.iter_errors(value).map(|error| black_box(error.to_string())).count() == 0
        } else {
            validator.is_valid(value)
        });
    };
    let mut rest = text.as_slice();
    while !rest.is_empty() {
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<Value>();
        let mut broken = false;
        for value in &mut values {
            match value {
                Ok(Value::Array(values)) => values.iter().for_each(&mut count),
                Ok(value) => count(&value),
                Err(_) => broken = true,
            }
            if broken {
                break;
            }
        }
        // What is not JSON counts as one invalid record per line.
        rest = &rest[values.byte_offset()..];
        if broken {
            count(&Value::Null);
            let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
            rest = &rest[end..];
        }
    }
    println!("{valid} of {all} valid");
    true
}
