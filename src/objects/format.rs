//! The format mini-language, shared by `format()`, `str.format`, f-strings and `%`.
