//! How values go to PostgreSQL and come back.

use bytes::BytesMut;
use tokio_postgres::Statement;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::engine::{Damaged, Row};
use crate::step::Value;

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => return Ok(IsNull::Yes),
            Value::Int(int) => out.extend_from_slice(&int.to_be_bytes()),
            Value::Id(id) => out.extend_from_slice(id),
            Value::Hash(hash) => out.extend_from_slice(hash),
            Value::Text(text) => out.extend_from_slice(text.as_bytes()),
            Value::Bytes(bytes) => out.extend_from_slice(bytes),
        }
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::TEXT | Type::BYTEA)
    }

    to_sql_checked!();
}

/// Whether the parameters are of the types that PostgreSQL derived from the text, and can be sent as such.
///
/// Asked before the first statement is sent: one that failed to be sent in the middle of a transaction would be missing
/// from it, and the rest would be committed.
pub(super) fn fit(params: &[Value<'_>], statement: &Statement) -> bool {
    let types = statement.params();
    types.len() == params.len() && params.iter().zip(types).all(|(value, ty)| fits(value, ty))
}

fn fits(value: &Value<'_>, ty: &Type) -> bool {
    match value {
        Value::Null => Value::accepts(ty),
        Value::Int(_) => *ty == Type::INT8,
        // PostgreSQL has no text with a zero in it.
        Value::Text(text) => *ty == Type::TEXT && !text.contains('\0'),
        Value::Id(_) | Value::Hash(_) | Value::Bytes(_) => *ty == Type::BYTEA,
    }
}

/// A row of PostgreSQL's.
pub(super) struct PostgresRow<'r>(pub(super) &'r tokio_postgres::Row);

impl Row for PostgresRow<'_> {
    fn int(&self, column: usize) -> Result<Option<i64>, Damaged> {
        self.0.try_get(column).map_err(|_| Damaged { column })
    }

    fn text(&self, column: usize) -> Result<Option<&str>, Damaged> {
        self.0.try_get(column).map_err(|_| Damaged { column })
    }

    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, Damaged> {
        self.0.try_get(column).map_err(|_| Damaged { column })
    }
}
