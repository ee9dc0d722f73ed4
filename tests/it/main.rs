//! One test binary: programs, errors, laws, the command line, tidy.
