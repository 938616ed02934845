//! Native argument lists: counts, keywords and CPython's messages for both.
