//! Record batches and schemas as Python objects, which others take over without copying: the `PyCapsule` interface of Arrow.

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::{Array as _, RecordBatch, StructArray};
use arrow_schema::{ArrowError, DataType, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::error::Error;

fn failed(error: &ArrowError) -> PyErr {
    Error::new_err(format!("cannot hand over a record batch: {error}"))
}

/// A record batch.
#[pyclass(frozen, module = "cloudconnexa_events._native")]
pub(crate) struct Batch(pub(crate) RecordBatch);

#[pymethods]
impl Batch {
    /// Returns the batch as a struct array.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        // Whoever asks for another schema has to cast, as the interface allows.
        drop(requested_schema);
        let array = StructArray::from(self.0.clone());
        let schema = FFI_ArrowSchema::try_from(array.data_type()).map_err(|error| failed(&error))?;
        let array = FFI_ArrowArray::new(&array.to_data());
        Ok((
            PyCapsule::new_with_value(py, schema, c"arrow_schema")?,
            PyCapsule::new_with_value(py, array, c"arrow_array")?,
        ))
    }
}

/// The schema of record batches.
#[pyclass(frozen, module = "cloudconnexa_events._native")]
pub(crate) struct Schema(pub(crate) SchemaRef);

#[pymethods]
impl Schema {
    /// Returns the schema as the type of a struct.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(&DataType::Struct(self.0.fields().clone()));
        PyCapsule::new_with_value(py, schema.map_err(|error| failed(&error))?, c"arrow_schema")
    }
}
