//! Tests of the transport's settings.

use std::time::Duration;

use super::connect_timeout;
use crate::limits::{CONNECT_TIMEOUT, connections};

#[test]
fn the_connect_timeout_of_the_options_is_used() {
    assert_eq!(connect_timeout(&connections(false)), CONNECT_TIMEOUT);
    let shorter = connections(true).with_connect_timeout(Duration::from_secs(1));
    assert_eq!(connect_timeout(&shorter), Duration::from_secs(1));
}
