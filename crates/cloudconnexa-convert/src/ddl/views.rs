//! Views for common questions: sessions, refused logins, blocked flows.
//!
//! They identify a person as `ccxlog find` does: the initiator of an event if that is a user, or else its parent entity if that is
//! one.

/// A view, whose query names tables in braces.
pub(super) struct View {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) query: &'static str,
}

pub(super) const VIEWS: &[View] = &[
    View {
        name: "sessions",
        description: "Sessions: who, from where, how long, how much and why they ended. Without an end, they are open.",
        query: "
SELECT
  COALESCE(d.cloud_id, c.cloud_id) AS cloud_id,
  COALESCE(d.client_session_id, c.client_session_id) AS client_session_id,
  CASE
    WHEN d.parent_entity_type = 'User' THEN d.parent_entity
    WHEN c.parent_entity_type = 'User' THEN c.parent_entity
  END AS user_id,
  CASE
    WHEN d.parent_entity_type = 'User' THEN d.parent_entity_name
    WHEN c.parent_entity_type = 'User' THEN c.parent_entity_name
  END AS user_name,
  COALESCE(d.initiator_name, c.initiator_name) AS device_name,
  COALESCE(d.client_os_type, c.client_os_type) AS client_os_type,
  COALESCE(d.client_public_ip, c.client_public_ip) AS client_public_ip,
  COALESCE(d.client_tunnel_ip_v4, c.client_tunnel_ip_v4) AS client_tunnel_ip_v4,
  COALESCE(d.gateway_region_name, c.gateway_region_name) AS gateway_region_name,
  COALESCE(d.session_start_time, c.session_start_time) AS session_start_time,
  d.session_end_time AS session_end_time,
  d.session_duration_seconds AS session_duration_seconds,
  d.session_bytes_in AS session_bytes_in,
  d.session_bytes_out AS session_bytes_out,
  d.session_disconnect_reason AS session_disconnect_reason
FROM {client_connected} AS c
FULL OUTER JOIN {client_disconnected} AS d
  ON d.cloud_id = c.cloud_id AND d.client_session_id = c.client_session_id
WHERE d.session_disconnect_reason IS NULL
  OR LOWER(d.session_disconnect_reason)
    NOT IN ('authentication failed', 'certificate revoked', 'subscription limit exceeded')
",
    },
    View {
        name: "refused_logins",
        description: "Refused logins: a failed attempt to connect is the end of a session that never started.",
        query: "
SELECT
  d.timestamp AS refused_at,
  d.event_day AS event_day,
  d.cloud_id AS cloud_id,
  CASE WHEN d.parent_entity_type = 'User' THEN d.parent_entity END AS user_id,
  CASE WHEN d.parent_entity_type = 'User' THEN d.parent_entity_name END AS user_name,
  d.initiator_name AS device_name,
  d.client_os_type AS client_os_type,
  d.client_public_ip AS client_public_ip,
  d.gateway_region_name AS gateway_region_name,
  d.session_disconnect_reason AS session_disconnect_reason,
  d.session_disconnect_reason_description AS session_disconnect_reason_description
FROM {client_disconnected} AS d
WHERE LOWER(d.session_disconnect_reason)
  IN ('authentication failed', 'certificate revoked', 'subscription limit exceeded')
",
    },
    View {
        name: "blocked_flows_by_hour",
        description: "Blocked flows per user and hour. Without a user, they are of a connector or a device of nobody.",
        query: "
SELECT
  {hour} AS event_hour,
  f.event_day AS event_day,
  f.cloud_id AS cloud_id,
  CASE
    WHEN f.initiator_type = 'User' THEN f.initiator
    WHEN f.parent_entity_type = 'User' THEN f.parent_entity
  END AS user_id,
  f.destination_entity_name AS destination_entity_name,
  f.destination_port AS destination_port,
  f.protocol_name AS protocol_name,
  COUNT(*) AS flows
FROM {flow_established} AS f
WHERE NOT f.allowed
GROUP BY 1, 2, 3, 4, 5, 6, 7
",
    },
];
