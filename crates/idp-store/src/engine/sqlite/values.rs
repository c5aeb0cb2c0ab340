//! How values go to SQLite and come back.

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::engine::{Damaged, Row};
use crate::step::Value;

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(int) => ValueRef::Integer(*int),
            Value::Id(id) => ValueRef::Blob(id),
            Value::Hash(hash) => ValueRef::Blob(hash),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A row of SQLite's.
pub(super) struct SqliteRow<'r>(pub(super) &'r rusqlite::Row<'r>);

impl SqliteRow<'_> {
    fn column(&self, column: usize) -> Result<ValueRef<'_>, Damaged> {
        self.0.get_ref(column).map_err(|_| Damaged { column })
    }
}

impl Row for SqliteRow<'_> {
    fn int(&self, column: usize) -> Result<Option<i64>, Damaged> {
        self.column(column)?.as_i64_or_null().map_err(|_| Damaged { column })
    }

    fn text(&self, column: usize) -> Result<Option<&str>, Damaged> {
        self.column(column)?.as_str_or_null().map_err(|_| Damaged { column })
    }

    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, Damaged> {
        self.column(column)?.as_blob_or_null().map_err(|_| Damaged { column })
    }
}
