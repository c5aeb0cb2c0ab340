//! The compact serialisation (RFC 7515 §7.1) as three segments.
//!
//! Owns the split and the decoding. Knows nothing of what the segments hold.

use crate::base64url;
use crate::verifier::{JwtError, Segment};

/// `header.payload.signature`, still encoded.
pub(crate) struct Compact<'token> {
    /// `header.payload`: the bytes that were signed.
    pub(crate) signing_input: &'token str,
    header: &'token str,
    payload: &'token str,
    signature: &'token str,
}

/// The three segments as bytes.
pub(crate) struct Decoded {
    pub(crate) header: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl<'token> Compact<'token> {
    /// Splits `token`: exactly three segments, none of them empty.
    pub(crate) fn split(token: &'token str) -> Result<Self, JwtError> {
        let (signing_input, signature) = token.rsplit_once('.').ok_or(JwtError::NotCompact)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwtError::NotCompact)?;
        if payload.contains('.') || [header, payload, signature].iter().any(|segment| segment.is_empty()) {
            return Err(JwtError::NotCompact);
        }
        Ok(Self { signing_input, header, payload, signature })
    }

    pub(crate) fn decode(&self) -> Result<Decoded, JwtError> {
        let decode = |text, segment| base64url::decode(text).ok_or(JwtError::Base64(segment));
        Ok(Decoded {
            header: decode(self.header, Segment::Header)?,
            payload: decode(self.payload, Segment::Payload)?,
            signature: decode(self.signature, Segment::Signature)?,
        })
    }
}
