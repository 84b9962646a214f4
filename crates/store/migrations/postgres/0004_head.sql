-- The head log: the checkpoints of all organs' logs, each at every publication, in one order. They
-- are public as they stand; the head over them is a row of log_heads under a code no organ has.
CREATE TABLE head_leaves (
    tenant TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    idx BIGINT NOT NULL,
    entry BYTEA NOT NULL,
    PRIMARY KEY (tenant, epoch, idx)
);
CREATE UNIQUE INDEX head_leaves_by_entry ON head_leaves (tenant, entry);
