//! Unit tests of the typed reading of audit events.

use super::*;

fn audit(log: &str) -> Option<Audit> {
    let log = serde_json::from_str(log).unwrap();
    UnknownEvent { event_name: "user-updated".to_owned(), log: Some(log) }.audit()
}

#[test]
fn all_that_two_readers_agree_on_is_read() {
    let read = audit(
        r#"{"operation":"UPDATE","entityType":"USER","entityId":"7","entityName":"Bob","parentEntityName":"Users",
            "fields":[{"name":"role","oldValue":null,"newValue":"ADMIN"},{"name":"active","oldValue":true,"newValue":null}],
            "additionalInfo":[{"name":"reason","value":"a \"b\""}],"more":1}"#,
    )
    .unwrap();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(read.operation, some("UPDATE"));
    assert_eq!([read.entity_type, read.entity_id, read.entity_name], [some("USER"), some("7"), some("Bob")]);
    assert_eq!(read.parent_entity_name, some("Users"));
    let role = ChangedField { name: some("role"), old_value: None, new_value: some("ADMIN") };
    let active = ChangedField { name: some("active"), old_value: some("true"), new_value: None };
    assert_eq!(read.fields, [role, active]);
    assert_eq!(read.additional_info, [AdditionalInfo { name: some("reason"), value: some("a \"b\"") }]);
}

/// Nothing of this is documented, so nothing of it is required.
#[test]
fn what_has_another_form_is_left_out() {
    let read =
        audit(r#"{"operation":"DELETE","entityId":7,"fields":[1,{"name":"a"},[]],"additionalInfo":{}}"#)
            .unwrap();
    assert_eq!(read.entity_id.as_deref(), Some("7"));
    assert_eq!(read.fields, [ChangedField { name: Some("a".to_owned()), ..ChangedField::default() }]);
    assert_eq!((read.entity_type, read.additional_info), (None, Vec::new()));
}

#[test]
fn another_log_is_no_audit_event() {
    assert_eq!(audit(r#"{"entityType":"USER"}"#), None);
    assert_eq!(audit(r#"{"operation":null}"#), None);
    assert_eq!(UnknownEvent { event_name: "a".to_owned(), log: None }.audit(), None);
}
