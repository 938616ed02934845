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
