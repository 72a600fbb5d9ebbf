//! Events as lines: OCSF and ECS.

use cloudconnexa_convert::ecs;
use cloudconnexa_convert::ocsf::{Ocsf, OcsfVersion};
use cloudconnexa_validator::EventView;

/// What the line of an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineForm {
    Ocsf(OcsfVersion),
    Ecs,
    /// Two lines: a bulk request of Elasticsearch.
    EcsBulk,
}

/// Lines of events.
#[derive(Debug)]
pub(crate) struct Lines {
    text: Vec<u8>,
    writer: LineWriter,
}

#[derive(Debug)]
enum LineWriter {
    Ocsf(Box<Ocsf>),
    Ecs,
    EcsBulk,
}

impl LineForm {
    /// Starts without lines.
    pub(super) fn lines(self) -> Lines {
        let writer = match self {
            Self::Ocsf(version) => LineWriter::Ocsf(Box::new(Ocsf::new(version))),
            Self::Ecs => LineWriter::Ecs,
            Self::EcsBulk => LineWriter::EcsBulk,
        };
        Lines { text: Vec::new(), writer }
    }
}

impl Lines {
    pub(super) fn push(&mut self, event: &EventView<'_>) {
        match &mut self.writer {
            LineWriter::Ocsf(ocsf) => ocsf.write(event, &mut self.text),
            LineWriter::Ecs => ecs::write(event, &mut self.text),
            LineWriter::EcsBulk => ecs::write_bulk(event, &mut self.text),
        }
    }

    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.text)
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }
}
