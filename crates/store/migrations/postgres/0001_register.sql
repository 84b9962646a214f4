-- The first schema (postgres). The other folder holds the same tables and columns; a test compares them
-- with each other and with the list in src/schema.rs.
-- Days count from 1970-01-01, times are Unix microseconds. Tenant comes first in every key, except
-- where rows are found by a hash alone. Nothing here can be read as a report: what people wrote and
-- who they are stands only in envelopes.

-- The register.
CREATE TABLE events (
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    stream BYTEA NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL,
    day BIGINT NOT NULL,
    header TEXT NOT NULL,
    sealed BYTEA,
    key_no BIGINT,
    number TEXT,
    prev BYTEA NOT NULL,
    commitment BYTEA NOT NULL,
    PRIMARY KEY (tenant, kind, stream, version)
);

-- Last number given, per tenant and year.
CREATE TABLE numbers (
    tenant TEXT NOT NULL,
    year BIGINT NOT NULL,
    given BIGINT NOT NULL,
    PRIMARY KEY (tenant, year)
);

-- Wrapped content keys.
CREATE TABLE content_keys (
    tenant TEXT NOT NULL,
    report BYTEA NOT NULL,
    key_no BIGINT NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    wrapped BYTEA NOT NULL,
    PRIMARY KEY (tenant, report, key_no)
);

-- Identity envelopes and the shares of their keys.
CREATE TABLE identities (
    tenant TEXT NOT NULL,
    report BYTEA NOT NULL,
    envelope BYTEA NOT NULL,
    custodian_share BYTEA NOT NULL,
    approver_share BYTEA NOT NULL,
    gate_share BYTEA NOT NULL,
    PRIMARY KEY (tenant, report)
);

-- Salts of commitments.
CREATE TABLE salts (
    tenant TEXT NOT NULL,
    commitment BYTEA NOT NULL,
    salt BYTEA NOT NULL,
    PRIMARY KEY (tenant, commitment)
);

-- Passwords and one-time links.
CREATE TABLE credentials (
    lookup BYTEA NOT NULL,
    kind TEXT NOT NULL,
    tenant TEXT NOT NULL,
    staff TEXT NOT NULL,
    secret TEXT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (lookup, kind)
);

-- Signed-in staff.
CREATE TABLE sessions (
    token BYTEA NOT NULL,
    tenant TEXT NOT NULL,
    staff TEXT NOT NULL,
    data TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (token)
);

-- Requests done once.
CREATE TABLE idempotency (
    key_hash BYTEA NOT NULL,
    body_hash BYTEA NOT NULL,
    tenant TEXT NOT NULL,
    stream BYTEA NOT NULL,
    number TEXT,
    day BIGINT NOT NULL,
    commitment BYTEA NOT NULL,
    expires_on BIGINT NOT NULL,
    PRIMARY KEY (key_hash)
);

-- Query codes.
CREATE TABLE codes (
    lookup BYTEA NOT NULL,
    tenant TEXT NOT NULL,
    report BYTEA NOT NULL,
    thread_key BYTEA NOT NULL,
    PRIMARY KEY (lookup)
);

-- Programs that may file.
CREATE TABLE api_keys (
    key_hash BYTEA NOT NULL,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    created_on BIGINT NOT NULL,
    PRIMARY KEY (key_hash)
);

-- Copies for the reporter.
CREATE TABLE thread (
    tenant TEXT NOT NULL,
    report BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    day BIGINT NOT NULL,
    author TEXT NOT NULL,
    envelope BYTEA NOT NULL,
    PRIMARY KEY (tenant, report, seq)
);

-- Unsaved forms of the desk.
CREATE TABLE drafts (
    tenant TEXT NOT NULL,
    staff TEXT NOT NULL,
    draft BYTEA NOT NULL,
    form TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    changed_on BIGINT NOT NULL,
    PRIMARY KEY (tenant, staff, draft)
);

-- Organs.
CREATE TABLE tenants (
    tenant TEXT NOT NULL,
    edition TEXT NOT NULL,
    superior TEXT,
    PRIMARY KEY (tenant)
);

-- What lists and filters see.
CREATE TABLE reports (
    tenant TEXT NOT NULL,
    report BYTEA NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    received_on BIGINT NOT NULL,
    channel TEXT NOT NULL,
    source TEXT NOT NULL,
    signing TEXT NOT NULL,
    urgency TEXT NOT NULL,
    kind TEXT,
    ground TEXT,
    stage TEXT NOT NULL,
    office TEXT NOT NULL,
    holder_kind TEXT NOT NULL,
    holder TEXT NOT NULL,
    watcher TEXT,
    assignee TEXT,
    dispatched TEXT,
    repeat_of BYTEA,
    platform_number TEXT,
    answered_on BIGINT,
    rating TEXT,
    files BIGINT NOT NULL,
    closed_on BIGINT,
    last_on BIGINT NOT NULL,
    yellow_on BIGINT,
    red_on BIGINT,
    due_on BIGINT,
    PRIMARY KEY (tenant, report)
);

-- Clocks.
CREATE TABLE clocks (
    tenant TEXT NOT NULL,
    report BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    clock TEXT NOT NULL,
    basis TEXT NOT NULL,
    started_on BIGINT NOT NULL,
    due_on BIGINT NOT NULL,
    yellow_on BIGINT,
    red_on BIGINT,
    state TEXT NOT NULL,
    stopped_on BIGINT,
    PRIMARY KEY (tenant, report, seq)
);

-- Who must not see a report, as keyed tokens.
CREATE TABLE recusals (
    tenant TEXT NOT NULL,
    report BYTEA NOT NULL,
    who TEXT NOT NULL,
    PRIMARY KEY (tenant, report, who)
);

-- Papers issued.
CREATE TABLE papers (
    tenant TEXT NOT NULL,
    report BYTEA NOT NULL,
    version BIGINT NOT NULL,
    paper TEXT NOT NULL,
    number TEXT,
    day BIGINT NOT NULL,
    PRIMARY KEY (tenant, report, version)
);

-- Figures of the cockpit.
CREATE TABLE tallies (
    tenant TEXT NOT NULL,
    day BIGINT NOT NULL,
    figure TEXT COLLATE "C" NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (tenant, day, figure)
);

-- Work of our own.
CREATE TABLE jobs (
    tenant TEXT NOT NULL,
    id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    subject BYTEA NOT NULL,
    payload BYTEA NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lease_until BIGINT,
    dead BIGINT NOT NULL,
    error TEXT,
    PRIMARY KEY (tenant, id)
);

-- Messages to others.
CREATE TABLE outbox (
    tenant TEXT NOT NULL,
    id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    subject BYTEA NOT NULL,
    payload BYTEA NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lease_until BIGINT,
    dead BIGINT NOT NULL,
    error TEXT,
    PRIMARY KEY (tenant, id)
);

-- Leaves of the log.
CREATE TABLE log_rows (
    tenant TEXT NOT NULL,
    commitment BYTEA NOT NULL,
    day BIGINT NOT NULL,
    epoch BIGINT,
    idx BIGINT,
    PRIMARY KEY (tenant, commitment)
);

-- Heads of the log.
CREATE TABLE log_heads (
    tenant TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    size BIGINT NOT NULL,
    frontier BYTEA NOT NULL,
    root BYTEA NOT NULL,
    checkpoint BYTEA NOT NULL,
    PRIMARY KEY (tenant, epoch)
);

-- Leader work.
CREATE TABLE leases (
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    fence BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- Sealed files.
CREATE TABLE blobs (
    tenant TEXT NOT NULL,
    blob BYTEA NOT NULL,
    report BYTEA NOT NULL,
    version BIGINT NOT NULL,
    part TEXT NOT NULL,
    key_no BIGINT NOT NULL,
    size BIGINT NOT NULL,
    commitment BYTEA,
    PRIMARY KEY (tenant, blob)
);

-- Rows imported.
CREATE TABLE import_rows (
    tenant TEXT NOT NULL,
    source TEXT NOT NULL,
    row_key BYTEA NOT NULL,
    report BYTEA NOT NULL,
    PRIMARY KEY (tenant, source, row_key)
);

CREATE UNIQUE INDEX reports_by_number ON reports (tenant, number);
CREATE INDEX reports_by_received ON reports (tenant, received_on, number);
CREATE INDEX reports_by_last ON reports (tenant, last_on, number);
CREATE INDEX reports_open ON reports (tenant, stage, received_on) WHERE closed_on IS NULL;
CREATE INDEX reports_due ON reports (tenant, due_on) WHERE due_on IS NOT NULL;
CREATE INDEX reports_by_holder ON reports (tenant, holder, received_on);
CREATE INDEX reports_by_assignee ON reports (tenant, assignee, received_on) WHERE assignee IS NOT NULL;
CREATE INDEX reports_by_repeat ON reports (tenant, repeat_of) WHERE repeat_of IS NOT NULL;
CREATE INDEX reports_by_platform ON reports (tenant, platform_number) WHERE platform_number IS NOT NULL;
CREATE INDEX codes_by_report ON codes (tenant, report);
CREATE INDEX api_keys_by_tenant ON api_keys (tenant, name);
CREATE INDEX sessions_by_staff ON sessions (tenant, staff);
CREATE INDEX idempotency_by_day ON idempotency (expires_on);
CREATE INDEX jobs_due ON jobs (tenant, dead, due_at);
CREATE INDEX outbox_due ON outbox (tenant, dead, due_at);
CREATE UNIQUE INDEX log_rows_by_place ON log_rows (tenant, epoch, idx);
CREATE INDEX log_rows_waiting ON log_rows (tenant, commitment) WHERE idx IS NULL;
CREATE INDEX blobs_by_report ON blobs (tenant, report);

-- The register is append-only. This stops mistakes and our own code; an owner of the database is
-- found out by the log.
CREATE FUNCTION events_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the register is append-only'; END $$;
CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events
FOR EACH ROW EXECUTE FUNCTION events_append_only();
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION events_append_only();
