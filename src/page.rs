//! What the pages for browsers share: the frame around them, colours, the reader's choice of a theme, sentences; it knows neither reports nor audits.
//!
//! The templates of the pages extend `page/frame.html`. Every text in them is escaped by askama, which is what makes it
//! inert. The only other things in them are their own styles and scripts, named by their hashes in a
//! Content-Security-Policy, so that a browser obeys nothing else, whatever got into a page.

pub(crate) mod prose;
