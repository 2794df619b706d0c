//! Parquet: projected row groups as batches in the types that were asked for.

mod convert;
mod periods;

pub use convert::convert;

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use base::codes::tables as codes;
use base::{Diagnostic, Place};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::basic::{Encoding, PageType};
use parquet::file::metadata::{PageEncodingStats, ParquetMetaData};
use parquet::file::statistics::Statistics;
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A Parquet file whose footer was read.
#[derive(Clone)]
pub struct ParquetFile {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

fn fault(path: &Path, error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(&codes::NOT_PARQUET, format!("the file cannot be read as Parquet: {error}"))
        .at(Place::file(path.display().to_string()))
        .hint("fetch or write the file again; it is damaged, cut short or another format")
}

impl ParquetFile {
    /// Reads the footer. Text columns that lie in the file as dictionaries are asked for so.
    pub fn open(path: &Path) -> Result<Self, Diagnostic> {
        let file = File::open(path).map_err(|error| {
            Diagnostic::new(&codes::FILE_UNREADABLE, format!("the file cannot be opened: {error}"))
                .at(Place::file(path.display().to_string()))
                .hint("check the path")
        })?;
        let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new());
        let plain = plain.map_err(|error| fault(path, error))?;
        let options = ArrowReaderOptions::new().with_schema(with_dictionaries(&plain));
        let metadata = ArrowReaderMetadata::try_new(plain.metadata().clone(), options);
        let metadata = metadata.unwrap_or(plain);
        Ok(Self { path: path.to_owned(), metadata })
    }

    /// Names of its top-level columns.
    pub fn names(&self) -> Vec<String> {
        self.metadata.schema().fields().iter().map(|it| it.name().clone()).collect()
    }

    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        self.metadata.metadata().file_metadata().num_rows().try_into().unwrap_or(0)
    }

    /// Rows of each row group.
    pub fn row_groups(&self) -> Vec<u64> {
        let groups = self.metadata.metadata().row_groups().iter();
        groups.map(|it| it.num_rows().try_into().unwrap_or(0)).collect()
    }

    /// What the writer noted of the table in its schema.
    pub fn notes(&self) -> &HashMap<String, String> {
        self.metadata.schema().metadata()
    }

    /// Reads the given row groups.
    pub fn read(
        &self,
        columns: &[&str],
        groups: Vec<usize>,
        batch_rows: usize,
    ) -> Result<ParquetRecordBatchReader, Diagnostic> {
        self.builder(columns, groups)?
            .with_batch_size(batch_rows)
            .build()
            .map_err(|error| fault(&self.path, error))
    }

    fn builder(
        &self,
        columns: &[&str],
        groups: Vec<usize>,
    ) -> Result<ParquetRecordBatchReaderBuilder<File>, Diagnostic> {
        let file = File::open(&self.path).map_err(|error| fault(&self.path, error))?;
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let schema = builder.schema().clone();
        let roots = columns.iter().filter_map(|it| schema.index_of(it).ok());
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
        Ok(builder.with_projection(mask).with_row_groups(groups))
    }

    /// The least and the greatest text of a column in a row group, where the file says so and did
    /// not cut them short.
    pub fn text_range(&self, column: &str, group: usize) -> Option<(&str, &str)> {
        let columns = self.metadata.metadata().row_groups().get(group)?.columns();
        let found = columns.iter().find(|it| it.column_path().string() == column)?;
        let Statistics::ByteArray(texts) = found.statistics()? else { return None };
        let are_whole = texts.min_is_exact() && texts.max_is_exact();
        let (least, greatest) =
            (texts.min_opt()?.as_utf8().ok()?, texts.max_opt()?.as_utf8().ok()?);
        are_whole.then_some((least, greatest))
    }

    /// One text cell: the `row`-th of a row group.
    pub fn text_at(&self, column: &str, group: usize, row: u64) -> Result<String, Diagnostic> {
        let reader = self.builder(&[column], vec![group])?;
        let reader = reader.with_offset(row as usize).with_limit(1).build();
        let mut reader = reader.map_err(|error| fault(&self.path, error))?;
        let batch = reader.next().transpose().map_err(|error| fault(&self.path, error))?;
        let cell = batch.filter(|it| it.num_rows() == 1).map(|it| it.column(0).clone());
        let cell = cell.map(|it| cast(&it, &DataType::Utf8)).transpose();
        let cell = cell.map_err(|error| fault(&self.path, error))?;
        Ok(cell.map(|it| it.as_string::<i32>().value(0).to_owned()).unwrap_or_default())
    }

    /// A fault of reading, with the place.
    pub fn fault(&self, error: impl std::fmt::Display) -> Diagnostic {
        fault(&self.path, error)
    }
}

fn with_dictionaries(metadata: &ArrowReaderMetadata) -> SchemaRef {
    let field = |it: &Arc<Field>| match it.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
            if is_dictionary(metadata.metadata(), it.name()) =>
        {
            let encoded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Field::new(it.name(), encoded, it.is_nullable())
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            Field::new(it.name(), DataType::Utf8, it.is_nullable())
        }
        _ => it.as_ref().clone(),
    };
    let fields = metadata.schema().fields().iter().map(field).collect::<Vec<_>>();
    Arc::new(Schema::new_with_metadata(fields, metadata.schema().metadata().clone()))
}

/// Whether the first row group holds a text column as a dictionary throughout: to make one from
/// plain texts costs more than it saves.
fn is_dictionary(metadata: &ParquetMetaData, name: &str) -> bool {
    let columns = metadata.row_groups().first().map_or(&[][..], |it| it.columns());
    let Some(column) = columns.iter().find(|it| it.column_path().string() == name) else {
        return false;
    };
    let is_plain = |it: &PageEncodingStats| {
        let is_data = matches!(it.page_type, PageType::DATA_PAGE | PageType::DATA_PAGE_V2);
        let dictionary = [Encoding::RLE_DICTIONARY, Encoding::PLAIN_DICTIONARY];
        is_data && !dictionary.contains(&it.encoding)
    };
    let pages = column.page_encoding_stats();
    column.dictionary_page_offset().is_some() && !pages.is_some_and(|it| it.iter().any(is_plain))
}
