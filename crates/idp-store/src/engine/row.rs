//! A row of an answer, whichever engine it came from, and the typed reading of its columns.

use idp_domain::directory::ObjectKind;
use jiff::Timestamp;
use serde::de::DeserializeOwned;

/// The columns of one row. Only an engine implements this.
pub(crate) trait Row {
    fn int(&self, column: usize) -> Result<Option<i64>, Damaged>;
    fn text(&self, column: usize) -> Result<Option<&str>, Damaged>;
    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, Damaged>;
}

/// A column does not hold what this version writes there.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("column {column} does not hold what belongs there")]
pub(crate) struct Damaged {
    pub(crate) column: usize,
}

/// Reads a row from left to right, so that a mapping lists its fields in the order of the query's columns.
pub(crate) struct Columns<'r> {
    row: &'r dyn Row,
    next: usize,
}

impl<'r> Columns<'r> {
    pub(crate) fn of(row: &'r dyn Row) -> Self {
        Self { row, next: 0 }
    }

    fn advance(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    /// Passes over columns.
    pub(crate) const fn skip(&mut self, columns: usize) {
        self.next += columns;
    }

    /// Whether the next column, of bytes, holds nothing.
    pub(crate) fn is_nothing(&self) -> Result<bool, Damaged> {
        Ok(self.row.bytes(self.next)?.is_none())
    }

    /// The next column, read by `read` and understood by `understand`.
    fn required<T, U>(
        &mut self,
        read: impl FnOnce(&'r dyn Row, usize) -> Result<Option<T>, Damaged>,
        understand: impl FnOnce(T) -> Option<U>,
    ) -> Result<U, Damaged> {
        let column = self.advance();
        read(self.row, column)?.and_then(understand).ok_or(Damaged { column })
    }

    pub(crate) fn int(&mut self) -> Result<i64, Damaged> {
        self.required(|row, column| row.int(column), Some)
    }

    pub(crate) fn maybe_int(&mut self) -> Result<Option<i64>, Damaged> {
        let column = self.advance();
        self.row.int(column)
    }

    /// A number of a smaller type.
    pub(crate) fn number<T: TryFrom<i64>>(&mut self) -> Result<T, Damaged> {
        self.required(|row, column| row.int(column), |int| int.try_into().ok())
    }

    pub(crate) fn maybe_number<T: TryFrom<i64>>(&mut self) -> Result<Option<T>, Damaged> {
        let column = self.advance();
        let int = self.row.int(column)?;
        int.map(|int| int.try_into().map_err(|_| Damaged { column })).transpose()
    }

    pub(crate) fn truth(&mut self) -> Result<bool, Damaged> {
        Ok(self.int()? != 0)
    }

    /// A kind of object.
    pub(crate) fn kind(&mut self) -> Result<ObjectKind, Damaged> {
        self.required(|row, column| row.int(column), ObjectKind::from_number)
    }

    pub(crate) fn time(&mut self) -> Result<Timestamp, Damaged> {
        self.required(|row, column| row.int(column), |second| Timestamp::from_second(second).ok())
    }

    pub(crate) fn maybe_time(&mut self) -> Result<Option<Timestamp>, Damaged> {
        let column = self.advance();
        let second = self.row.int(column)?;
        second.map(Timestamp::from_second).transpose().map_err(|_| Damaged { column })
    }

    pub(crate) fn text(&mut self) -> Result<String, Damaged> {
        self.required(|row, column| row.text(column), |text| Some(text.to_owned()))
    }

    pub(crate) fn maybe_text(&mut self) -> Result<Option<String>, Damaged> {
        let column = self.advance();
        Ok(self.row.text(column)?.map(str::to_owned))
    }

    /// A word that stands for something.
    pub(crate) fn word<T>(&mut self, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Damaged> {
        self.required(|row, column| row.text(column), parse)
    }

    /// A word that stands for something, or nothing.
    pub(crate) fn maybe_word<T>(
        &mut self,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Damaged> {
        let column = self.advance();
        let Some(text) = self.row.text(column)? else { return Ok(None) };
        parse(text).map(Some).ok_or(Damaged { column })
    }

    /// A document.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<T, Damaged> {
        self.word(|text| serde_json::from_str(text).ok())
    }

    /// A document, or nothing.
    pub(crate) fn maybe_json<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Damaged> {
        self.maybe_word(|text| serde_json::from_str(text).ok())
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, Damaged> {
        self.id(|bytes| Some(bytes.to_vec()))
    }

    pub(crate) fn hash<const N: usize>(&mut self) -> Result<[u8; N], Damaged> {
        self.id(|bytes| bytes.try_into().ok())
    }

    /// Bytes that stand for something.
    pub(crate) fn id<T>(&mut self, parse: impl FnOnce(&[u8]) -> Option<T>) -> Result<T, Damaged> {
        self.required(|row, column| row.bytes(column), parse)
    }

    /// Bytes that stand for something, or nothing.
    pub(crate) fn maybe_id<T>(
        &mut self,
        parse: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<Option<T>, Damaged> {
        let column = self.advance();
        let Some(bytes) = self.row.bytes(column)? else { return Ok(None) };
        parse(bytes).map(Some).ok_or(Damaged { column })
    }
}
