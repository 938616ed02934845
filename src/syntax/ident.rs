//! Identifiers: what they are made of and their normal form (NFKC).

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// The form in which the language compares identifiers (PEP 3131).
pub fn normalize_identifier(name: &str) -> Cow<'_, str> {
    if name.is_ascii() || is_nfkc_quick(name.chars()) == IsNormalized::Yes {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(name.nfkc().collect())
    }
}

/// Whether a character may start an identifier.
pub(super) fn is_identifier_start(char: char) -> bool {
    char == '_' || unicode_ident::is_xid_start(char)
}

/// Whether a character may go on in an identifier.
pub(super) fn is_identifier_continue(char: char) -> bool {
    unicode_ident::is_xid_continue(char)
}

/// `str.isprintable()` of a character that is no identifier character: no control, format,
/// separator, surrogate, private-use or unassigned one.
pub fn is_printable(char: char) -> bool {
    let point = char as u32;
    let format = matches!(point,
        0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x890..=0x891 | 0x8e2 | 0x180e | 0x200b..=0x200f
        | 0x202a..=0x202e | 0x2060..=0x2064 | 0x2066..=0x206f | 0xfeff | 0xfff9..=0xfffb | 0x110bd | 0x110cd
        | 0x13430..=0x1343f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0001 | 0xe0020..=0xe007f);
    char == ' '
        || !(char.is_control() || char.is_whitespace() || format) && unicode_names2::name(char).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compatibility_forms_are_one_name() {
        assert_eq!(normalize_identifier("ﬁx"), "fix");
        assert_eq!(normalize_identifier("plain_1"), "plain_1");
        assert_eq!(normalize_identifier("µ"), "μ");
    }
}
