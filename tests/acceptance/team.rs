//! Teams at work.
