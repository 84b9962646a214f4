//! Outside services, one trait each: SMS, mail, speech, scans, time-stamps, webhooks.
//!
//! The room stands and is empty: the program connects to nothing outside yet. Whatever moves in
//! knows bytes and addresses, and never a report.

#![forbid(unsafe_code)]
