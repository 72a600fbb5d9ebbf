//! How events are laid out: the members of each in order, on one line or on many.

use cloudconnexa_validator::catalog::{EventSpec, FieldSpec, HEADER};

use crate::fault::{Fault, break_value};
use crate::fields::{self, Pen, Presence, Write};
use crate::random::Random;
use crate::story::Scene;

/// A field that no version of the schema describes; what a vendor may add any day.
pub(crate) const UNKNOWN: &str = "sampleRiskScore";

/// How events are separated and indented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One event a line.
    Jsonl,
    /// Events over many lines, one after another.
    Pretty,
    /// One array of events.
    Array,
}

/// One event of the schema, ready to be written.
#[derive(Debug)]
pub(crate) struct Form {
    header: Vec<Member>,
    log: Option<Vec<Member>>,
    /// Which of these are required: what can be broken.
    pub(crate) required: Vec<(bool, usize)>,
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
    Unknown,
    Told(&'static FieldSpec, Write),
    Other(&'static FieldSpec),
}

impl Form {
    pub(crate) fn new(event: &'static EventSpec, with_unknown: bool) -> Self {
        let member = |in_log: bool| {
            move |field: &'static FieldSpec| {
                let told = fields::value(event.name, in_log, field.name);
                let presence = if field.required {
                    Presence::Always
                } else {
                    fields::presence(event.name, in_log, field.name)
                };
                let value = told.map_or(Value::Other(field), |write| Value::Told(field, write));
                Member { name: field.name, presence, value }
            }
        };
        let always = |name, value| Member { name, presence: Presence::Always, value };
        let mut header: Vec<_> = HEADER.iter().map(member(false)).collect();
        let behind =
            header.iter().position(|member| member.name == "category").map_or(header.len(), |at| at + 1);
        let mut middle = vec![always("eventName", Value::EventName(event.name))];
        middle.extend(event.log.map(|_| always("log", Value::Log)));
        header.splice(behind..behind, middle);
        let mut log: Option<Vec<_>> = event.log.map(|fields| fields.iter().map(member(true)).collect());
        if with_unknown {
            let object = log.as_mut().unwrap_or(&mut header);
            object.insert(object.len() / 2, always(UNKNOWN, Value::Unknown));
        }
        let required = |in_log: bool, members: &[Member]| {
            let is_required = |member: &Member| matches!(member.value, Value::Told(field, _) | Value::Other(field) if field.required);
            let places = members.iter().enumerate().filter(|(_, member)| is_required(member));
            places.map(|(place, _)| (in_log, place)).collect::<Vec<_>>()
        };
        let required =
            [required(false, &header), required(true, log.as_deref().unwrap_or_default())].concat();
        Self { header, log, required }
    }
}

/// Writes events of one form after another.
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

    /// Writes one event, without what separates it from others.
    pub(crate) fn event(&mut self, form: &Form, scene: &Scene<'_>, fault: Option<Fault>, pen: &mut Pen<'_>) {
        for (order, members) in self.orders.iter_mut().zip([Some(&form.header), form.log.as_ref()]) {
            order.clear();
            order.extend(0..members.map_or(0, Vec::len));
            if self.shuffled {
                pen.random.shuffle(order);
            }
        }
        self.object(form, false, scene, fault, pen);
    }

    fn object(&self, form: &Form, in_log: bool, scene: &Scene<'_>, fault: Option<Fault>, pen: &mut Pen<'_>) {
        let members = if in_log { form.log.as_deref().unwrap_or_default() } else { &form.header };
        let mut separator: &[u8] = b"{";
        for &place in &self.orders[usize::from(in_log)] {
            let member = &members[place];
            let broken = fault.filter(|fault| fault.place == (in_log, place));
            if !is_there(member.presence, scene, pen.random) || broken.is_some_and(Fault::is_absence) {
                continue;
            }
            pen.out.extend_from_slice(separator);
            separator = b",";
            self.indent(1 + usize::from(in_log), pen.out);
            pen.out.push(b'"');
            pen.raw(member.name);
            pen.raw(if self.format == Format::Pretty { "\": " } else { "\":" });
            match (&member.value, broken) {
                (Value::Told(field, _) | Value::Other(field), Some(fault)) => break_value(fault, field, pen),
                (Value::EventName(name), _) => {
                    pen.out.push(b'"');
                    pen.raw(name);
                    pen.out.push(b'"');
                }
                (Value::Log, _) => self.object(form, true, scene, fault, pen),
                (Value::Unknown, _) => pen.raw("17"),
                (Value::Told(_, write), None) => write(scene, pen),
                (Value::Other(field), None) => fields::by_kind(field, scene, pen),
            }
        }
        self.indent(usize::from(in_log), pen.out);
        pen.out.push(b'}');
    }

    fn indent(&self, depth: usize, out: &mut Vec<u8>) {
        if self.format == Format::Pretty {
            out.push(b'\n');
            out.extend_from_slice(&b"    "[..2 * depth]);
        }
    }
}

fn is_there(presence: Presence, scene: &Scene<'_>, random: &mut Random) -> bool {
    match presence {
        Presence::Always => true,
        Presence::Never => false,
        Presence::PerMille(count) => random.per_mille(count),
        Presence::Successor => scene.tenant.has_successors,
    }
}
