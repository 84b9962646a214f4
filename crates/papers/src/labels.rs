//! The Chinese words people write in spreadsheets for channels, sources and ranks.
