//! The event as most programs would write it: a plain `Deserialize` derive with owned strings, which checks no formats, drops
//! unknown fields, and has one struct for every kind of `log`.

#![allow(dead_code, reason = "fields are read, and never looked at")]

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    #[serde(rename = "CloudConnexaLogVersion")]
    version: u32,
    timestamp: String,
    cloud_id: String,
    service: String,
    trace_id: String,
    public_ip: Option<String>,
    initiator_public_ip: Option<String>,
    client_public_ip: Option<String>,
    initiator: String,
    initiator_role: Option<String>,
    initiator_type: String,
    initiator_name: Option<String>,
    parent_entity: Option<String>,
    parent_entity_type: Option<String>,
    parent_entity_name: Option<String>,
    category: String,
    user_agent: Option<String>,
    initiator_client_agent: Option<String>,
    event_name: String,
    log: Option<Box<Log>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(rename = "aws-s3-bucket")]
    aws_s3_bucket: Option<String>,
    #[serde(rename = "aws-region")]
    aws_region: Option<String>,
    #[serde(rename = "clientUUID")]
    client_uuid: Option<String>,
    client_session_id: Option<String>,
    client_os_type: Option<String>,
    client_os_version: Option<String>,
    client_public_ip: Option<String>,
    client_tunnel_ip_v4: Option<String>,
    client_tunnel_ip_v6: Option<String>,
    session_protocol: Option<String>,
    session_tunnel_protocol: Option<String>,
    session_start_time: Option<String>,
    gateway_region_name: Option<String>,
    gateway_region: Option<String>,
    gateway_id: Option<String>,
    session_end_time: Option<String>,
    session_duration_seconds: Option<u64>,
    session_bytes_in: Option<u64>,
    session_bytes_out: Option<u64>,
    session_disconnect_reason: Option<String>,
    session_disconnect_reason_description: Option<String>,
    domain: Option<String>,
    category: Option<String>,
    query_type: Option<String>,
    protocol: Option<String>,
    source_entity_type: Option<String>,
    source_entity_id: Option<String>,
    source_entity_name: Option<String>,
    source_parent_type: Option<String>,
    source_parent_id: Option<String>,
    source_parent_name: Option<String>,
    source_gateway_region: Option<String>,
    source_gateway_region_name: Option<String>,
    source_ip: Option<String>,
    destination_entity_type: Option<String>,
    destination_entity_id: Option<String>,
    destination_entity_name: Option<String>,
    destination_parent_type: Option<String>,
    destination_parent_id: Option<String>,
    destination_parent_name: Option<String>,
    destination_entity_ip: Option<String>,
    destination_port: Option<u16>,
    destination_gateway_region: Option<String>,
    destination_gateway_region_name: Option<String>,
    protocol_name: Option<String>,
    allowed: Option<bool>,
    signature_id: Option<String>,
    event_name: Option<String>,
    classification: Option<String>,
    priority: Option<u8>,
    source_port: Option<u16>,
    destination_ip: Option<String>,
}
