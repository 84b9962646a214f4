//! Which changes to the clocks an event brings.
