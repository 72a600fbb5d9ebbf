use cloudconnexa_validator::catalog;

/// Which fields were seen is kept in 64 bits.
#[test]
fn every_object_has_fewer_fields_than_the_mask_has_bits() {
    let logs = catalog::EVENTS.iter().filter_map(|event| event.log);
    assert!(logs.chain([catalog::HEADER]).all(|fields| fields.len() + 2 < 64));
}
