//! The layout of events: the members of each object in order, on one line or on many.

use cloudconnexa_validator::catalog::{EventSpec, FieldSpec, HEADER};

use crate::fault::{Fault, break_value};
use crate::fields::{self, Presence, WriteValue};
use crate::random::Random;
use crate::simulator::Snapshot;
use crate::writer::{Scope, Writer};

/// The name of a field that the schema does not describe, such as the vendor may add any day.
pub(crate) const UNKNOWN_FIELD: &str = "sampleRiskScore";

/// How events are separated and indented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// One event per line.
    #[default]
    Jsonl,
    /// Events indented over many lines, one after another.
    Pretty,
    /// One array of events, with one event per line.
    Array,
}

/// The members of one event of the schema, in the vendor's order.
#[derive(Debug)]
pub(crate) struct EventTemplate {
    header: Vec<Member>,
    log: Option<Vec<Member>>,
    /// The required members by scope and index: those that a fault can break.
    pub(crate) required: Vec<(Scope, usize)>,
}

/// A member of an object.
#[derive(Debug)]
struct Member {
    name: &'static str,
    presence: Presence,
    value: Value,
}

#[derive(Debug)]
enum Value {
    EventName(&'static str),
    Log,
    UnknownField,
    /// A value from the simulation.
    Simulated(&'static FieldSpec, WriteValue),
    /// Any value that the schema allows, because the simulation has none for the field.
    FromKind(&'static FieldSpec),
}

impl EventTemplate {
    pub(crate) fn new(event: &'static EventSpec, with_unknown_field: bool) -> Self {
        let member = |scope: Scope| {
            move |field: &'static FieldSpec| {
                let presence = if field.required {
                    Presence::Always
                } else {
                    fields::presence(event.name, scope, field.name)
                };
                let value = fields::value(event.name, scope, field.name)
                    .map_or(Value::FromKind(field), |write| Value::Simulated(field, write));
                Member { name: field.name, presence, value }
            }
        };
        let always = |name, value| Member { name, presence: Presence::Always, value };
        let mut header: Vec<_> = HEADER.iter().map(member(Scope::Header)).collect();
        // The vendor writes `eventName` and `log` after `category`.
        let after_category =
            header.iter().position(|member| member.name == "category").map_or(header.len(), |at| at + 1);
        let mut inserted = vec![always("eventName", Value::EventName(event.name))];
        inserted.extend(event.log.map(|_| always("log", Value::Log)));
        header.splice(after_category..after_category, inserted);
        let mut log: Option<Vec<_>> = event.log.map(|fields| fields.iter().map(member(Scope::Log)).collect());
        if with_unknown_field {
            let object = log.as_mut().unwrap_or(&mut header);
            object.insert(object.len() / 2, always(UNKNOWN_FIELD, Value::UnknownField));
        }
        let required = |scope: Scope, members: &[Member]| {
            let is_required = |member: &Member| matches!(member.value, Value::Simulated(field, _) | Value::FromKind(field) if field.required);
            let found = members.iter().enumerate().filter(|(_, member)| is_required(member));
            found.map(|(index, _)| (scope, index)).collect::<Vec<_>>()
        };
        let required =
            [required(Scope::Header, &header), required(Scope::Log, log.as_deref().unwrap_or_default())]
                .concat();
        Self { header, log, required }
    }

    fn members(&self, scope: Scope) -> &[Member] {
        match scope {
            Scope::Header => &self.header,
            Scope::Log => self.log.as_deref().unwrap_or_default(),
        }
    }
}

/// Writes events one after another.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) format: Format,
    pub(crate) shuffled: bool,
    /// The order of the members of the header, and of `log`.
    orders: [Vec<usize>; 2],
}

impl Layout {
    pub(crate) fn new(format: Format, shuffled: bool) -> Self {
        Self { format, shuffled, orders: [Vec::new(), Vec::new()] }
    }

    /// Writes one event, without a separator.
    pub(crate) fn event(
        &mut self,
        template: &EventTemplate,
        snapshot: &Snapshot<'_>,
        fault: Option<Fault>,
        writer: &mut Writer<'_>,
    ) {
        for (order, scope) in self.orders.iter_mut().zip([Scope::Header, Scope::Log]) {
            order.clear();
            order.extend(0..template.members(scope).len());
            if self.shuffled {
                writer.random.shuffle(order);
            }
        }
        self.object(template, Scope::Header, snapshot, fault, writer);
    }

    fn object(
        &self,
        template: &EventTemplate,
        scope: Scope,
        snapshot: &Snapshot<'_>,
        fault: Option<Fault>,
        writer: &mut Writer<'_>,
    ) {
        let members = template.members(scope);
        let (order, depth) = match scope {
            Scope::Header => (&self.orders[0], 0),
            Scope::Log => (&self.orders[1], 1),
        };
        let mut separator: &[u8] = b"{";
        for &index in order {
            let member = &members[index];
            let broken = fault.filter(|fault| fault.location == (scope, index));
            if !is_present(member.presence, snapshot, writer.random) || broken.is_some_and(Fault::is_absence)
            {
                continue;
            }
            writer.out.extend_from_slice(separator);
            separator = b",";
            self.indent(depth + 1, writer.out);
            writer.out.push(b'"');
            writer.raw(member.name);
            writer.raw(if self.format == Format::Pretty { "\": " } else { "\":" });
            match (&member.value, broken) {
                (Value::Simulated(field, _) | Value::FromKind(field), Some(fault)) => {
                    break_value(fault, field, writer);
                }
                (Value::EventName(name), _) => {
                    writer.out.push(b'"');
                    writer.raw(name);
                    writer.out.push(b'"');
                }
                (Value::Log, _) => self.object(template, Scope::Log, snapshot, fault, writer),
                (Value::UnknownField, _) => writer.raw("17"),
                (Value::Simulated(_, write), None) => write(snapshot, writer),
                (Value::FromKind(field), None) => fields::write_by_kind(field, snapshot, writer),
            }
        }
        self.indent(depth, writer.out);
        writer.out.push(b'}');
    }

    fn indent(&self, depth: usize, out: &mut Vec<u8>) {
        if self.format == Format::Pretty {
            out.push(b'\n');
            out.extend_from_slice(&b"    "[..2 * depth]);
        }
    }
}

/// Decides whether a member is present. Only [`Presence::PerMille`] draws a number, so the bytes of a seed depend on it.
pub(crate) fn is_present(presence: Presence, snapshot: &Snapshot<'_>, random: &mut Random) -> bool {
    match presence {
        Presence::Always => true,
        Presence::Never => false,
        Presence::PerMille(count) => random.per_mille(count),
        Presence::Successor => snapshot.tenant.has_successors,
    }
}
