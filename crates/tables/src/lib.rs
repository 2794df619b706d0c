//! CSV, XLSX, NDJSON and Parquet to and from record batches; column mapping, rejects, sorting. Knows no rule.
