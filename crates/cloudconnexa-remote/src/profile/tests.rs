//! Tests of reading profiles.

use super::section;

#[test]
fn a_section_has_its_own_settings_only() {
    let text = "# mine\n[default]\nregion = eu-west-1\n[profile  logs]\naws_access_key_id=A=B\n\
                s3 =\n  region = no\n\n[profile logs2]\nregion=x\n";
    assert_eq!(section(text, "default").unwrap()["region"], "eu-west-1");
    let logs = section(text, "profile logs").unwrap();
    assert_eq!((logs["aws_access_key_id"].as_str(), logs.get("region")), ("A=B", None));
    assert!(section(text, "profile").is_none());
}
