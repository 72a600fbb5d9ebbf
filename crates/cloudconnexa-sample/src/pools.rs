//! The pools that names and values are drawn from.

pub(crate) const FIRST_NAMES: &[&str] = &[
    "Ada", "Amir", "Ana", "Björn", "Chen", "Daria", "Elif", "Femi", "Grace", "Hana", "Ines", "Jorge", "Kofi",
    "Lena", "Mateo", "Nadia", "Olga", "Priya", "Quinn", "Rosa", "Samir", "Tomás", "Uma", "Viktor", "Wei",
    "Yuki", "Zoë",
];

pub(crate) const LAST_NAMES: &[&str] = &[
    "Abe",
    "Berg",
    "Castro",
    "Dubois",
    "Eze",
    "Fischer",
    "García",
    "Haddad",
    "Ito",
    "Jensen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Nguyen",
    "Okafor",
    "Petrov",
    "Rossi",
    "Silva",
    "Tanaka",
    "Weber",
    "Yılmaz",
    "Zhang",
];

pub(crate) const TENANTS: &[&str] = &["northwind", "acme-logistics", "contoso-labs", "blue-harbor"];

pub(crate) const GROUPS: &[&str] = &["Engineering", "Finance", "Field Service", "Operations", "Default"];

/// Operating systems: name, versions, and the model of a device that runs it.
pub(crate) const SYSTEMS: &[(&str, &[&str], &str)] = &[
    ("macOS", &["Ventura (13.6.7)", "Sonoma (14.7.1)", "Sequoia (15.5.0)"], "MacBook Pro"),
    ("Windows", &["10 Pro (19045)", "11 Pro (22631)", "11 Enterprise (26100)"], "ThinkPad"),
    ("Linux", &["Ubuntu 22.04.4 LTS", "Ubuntu 24.04.1 LTS", "Debian 12", "Fedora 41"], "Workstation"),
    ("Android", &["13", "14", "15"], "Pixel"),
    ("iOS", &["17.7.2", "18.5", "26.1"], "iPhone"),
];

/// Gateways: identifier of the region, name of the region, identifier of the gateway.
pub(crate) const GATEWAYS: &[(&str, &str, &str)] = &[
    ("us-west-1", "San Jose (CA)", "us-sjc-dc1-g1"),
    ("us-east-1", "Ashburn (VA)", "us-iad-dc2-g4"),
    ("us-central-1", "Chicago (IL)", "us-ord-dc1-g2"),
    ("eu-south-1", "Milan", "eu-mil-dc1-g1"),
    ("eu-west-1", "Dublin", "eu-dub-dc1-g3"),
];

/// Services that connectors lead to: name, port, and whether it is UDP.
pub(crate) const SERVICES: &[(&str, u64, bool)] = &[
    ("Intranet", 443, false),
    ("Git", 22, false),
    ("Files", 445, false),
    ("Mail", 993, false),
    ("Terminal server", 3389, false),
    ("Directory", 636, false),
    ("Names", 53, true),
    ("Time", 123, true),
    ("Warehouse", 5432, false),
    ("Monitoring", 9090, false),
];

pub(crate) const NETWORKS: &[&str] = &["Headquarters", "Datacenter East", "Cloud (eu-central-1)"];

pub(crate) const BUCKET_REGIONS: &[&str] = &["eu-central-1", "us-east-1", "eu-west-1", "ap-southeast-2"];

/// Blocked domains, each with the category of the filter.
pub(crate) const DOMAINS: &[(&str, &str)] = &[
    ("login-update.example", "Phishing"),
    ("cdn.tracker.example.net", "Advertising"),
    ("beacon.c2.example.org", "Command and Control"),
    ("free-codecs.example.com", "Malware"),
    ("mining-pool.example", "Crypto Mining"),
    ("news.parked.example", "Parked Domains"),
];

/// Threat signatures: identifier, name, classification, priority, category.
pub(crate) const SIGNATURES: &[(&str, &str, &str, u64, &str)] = &[
    ("2027865", "Observed DNS query to a suspicious domain", "Potentially Bad Traffic", 2, "Malware"),
    ("2024897", "Outbound request with a scripted user agent", "Not Suspicious Traffic", 3, "Policy"),
    ("2019401", "Probe for an outdated web server", "Attempted Information Leak", 2, "Scan"),
    ("2030358", "Beacon of a remote access tool", "A Network Trojan was detected", 1, "Trojan"),
    ("2001219", "Repeated connections to a shell port", "Attempted Administrator Privilege Gain", 1, "Scan"),
];

pub(crate) const USER_AGENTS: &[&str] = &[
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
];

/// Weights of the reasons that sessions end for. All other reasons are those of failed attempts.
pub(crate) const REASONS: &[(&str, u64)] =
    &[("User Disconnected", 55), ("Reconnecting", 28), ("Session Expired", 13), ("Misc Error", 4)];
