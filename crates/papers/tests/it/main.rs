//! Papers and tables as their readers see them.
