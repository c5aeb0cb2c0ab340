//! Base64url without padding (RFC 7515 §2), both ways.
//!
//! Owns the one strict engine and the writer that encodes while JSON is being serialised. Owns no segment rules; see
//! `compact`.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Encodes `bytes`.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Appends the encoding of `bytes` to `out`.
pub(crate) fn append(bytes: &[u8], out: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, out);
}

/// Decodes `text`, or `None` for padding, a foreign alphabet, white space or non-zero trailing bits: every byte
/// string has exactly one accepted spelling.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A multiple of three, so that only the last block has a short tail.
const BLOCK: usize = 768;

/// Encodes what is written to it onto the end of a `String`, a block at a time.
///
/// `serde_json` writes in pieces of a few bytes. They collect on the stack, so that a token needs no heap buffer but
/// its own.
pub(crate) struct SegmentWriter<'out> {
    out: &'out mut String,
    block: [u8; BLOCK],
    filled: usize,
    first: Option<u8>,
}

impl<'out> SegmentWriter<'out> {
    pub(crate) fn new(out: &'out mut String) -> Self {
        Self { out, block: [0; BLOCK], filled: 0, first: None }
    }

    /// Encodes the tail and answers the first byte that was written.
    pub(crate) fn finish(mut self) -> Option<u8> {
        self.encode_block();
        self.first
    }

    fn encode_block(&mut self) {
        append(&self.block[..self.filled], self.out);
        self.filled = 0;
    }
}

impl Write for SegmentWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.first.is_none() {
            self.first = bytes.first().copied();
        }
        let free = &mut self.block[self.filled..];
        let taken = free.len().min(bytes.len());
        free[..taken].copy_from_slice(&bytes[..taken]);
        self.filled += taken;
        if self.filled == BLOCK {
            self.encode_block();
        }
        Ok(taken)
    }

    /// Does nothing: a short block may only be encoded at the very end, by `finish`.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_in_pieces_gives_the_same_text_as_encoding_at_once() {
        let bytes: Vec<u8> = (0..3 * BLOCK + 5).map(|i| (i % 251) as u8).collect();
        for piece in [1, 2, 7, BLOCK - 1, BLOCK, BLOCK + 1, bytes.len()] {
            let mut text = String::from("head.");
            let mut writer = SegmentWriter::new(&mut text);
            for part in bytes.chunks(piece) {
                writer.write_all(part).unwrap();
            }
            assert_eq!(writer.finish(), Some(0));
            assert_eq!(text, format!("head.{}", encode(&bytes)));
        }
    }

    #[test]
    fn jw_25_only_the_canonical_spelling_decodes() {
        assert_eq!(decode("-_8"), Some(vec![0xfb, 0xff]));
        for refused in ["-_8=", "+/8", "-_9", "-_8 ", " -_8", "-_\n8", "-", "-_8\u{e9}"] {
            assert_eq!(decode(refused), None, "{refused:?}");
        }
    }
}
