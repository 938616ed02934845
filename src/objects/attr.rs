//! Generic attribute access on instances: descriptors, inline values, instance dicts.
