use cloudconnexa_validator::catalog::{self, FieldSpec, Kind};

use super::*;

/// The validator's tables and the schema that is compared with are generated from, and read from, the same text.
#[test]
fn the_built_in_schema_and_the_catalogue_describe_the_same_fields() {
    fn assert_same(field: &KnownField<'_>, spec: &FieldSpec) {
        assert_eq!((field.required, field.nullable), (spec.required, spec.nullable), "{}", spec.name);
        match (field.kind, spec.kind) {
            (KnownKind::Boolean, Kind::Boolean) | (KnownKind::String, Kind::String) => {}
            (
                KnownKind::Scalar(ScalarKind::Integer { minimum, maximum, known }),
                Kind::Integer { minimum: lower, maximum: upper, known: values },
            ) => assert_eq!((*minimum, *maximum, known.as_slice()), (lower, upper, values)),
            (
                KnownKind::Scalar(ScalarKind::Format { formats, or_empty }),
                Kind::Format { formats: list, or_empty: empty },
            ) => assert!(formats == list && *or_empty == empty),
            (KnownKind::Scalar(ScalarKind::Constant(known)), Kind::Constant(values)) => {
                assert!(known == values);
            }
            (
                KnownKind::Scalar(ScalarKind::Vocabulary { values: known, unmodelled }),
                Kind::Vocabulary(values),
            ) => {
                assert!(known.iter().map(|one| one.value.as_str()).eq(values.iter().map(|one| one.value)));
                assert!(unmodelled.is_empty());
            }
            (kind, spec) => panic!("{kind:?} is not {spec:?}"),
        }
    }
    let known = Known::built_in();
    assert_eq!(known.schema().events().len(), catalog::EVENTS.len());
    assert_eq!(known.schema().header().fields.len(), catalog::HEADER.len());
    for spec in catalog::HEADER {
        assert_same(&known.field(None, &format!("/{}", spec.name)).expect("a header field"), spec);
    }
    for event in catalog::EVENTS {
        let described = known.log(event.name);
        assert_eq!(described.map(|log| log.fields.len()), event.log.map(<[_]>::len));
        for spec in event.log.unwrap_or_default() {
            let path = format!("/log/{}", spec.name);
            assert_same(&known.field(Some(event.name), &path).expect("a field of `log`"), spec);
        }
    }
    let version = known.field(None, "/CloudConnexaLogVersion").expect("a header field");
    assert!(version.is_unlisted("2") && !version.is_unlisted("1"));
}
