-- Two networks that never meet. Outside: which filings and acts of reporters wait to be carried in,
-- and the sealed copy of what each reporter is told. Inside: how far each report was carried out.
-- The directory's own row bears the name of its stream, sixteen zeros.
CREATE TABLE ferry_reports (
    tenant TEXT NOT NULL,
    report BYTEA NOT NULL,
    package BIGINT,
    acts BIGINT NOT NULL,
    shown BIGINT NOT NULL,
    proven BIGINT NOT NULL,
    shown_key BYTEA,
    copy BYTEA,
    former BYTEA,
    former_to BIGINT NOT NULL,
    PRIMARY KEY (tenant, report)
);

-- What reporters did outside and the inside has not yet taken; sealed to the office.
CREATE TABLE ferry_acts (
    tenant TEXT NOT NULL,
    report BYTEA NOT NULL,
    ord BIGINT NOT NULL,
    package BIGINT,
    payload BYTEA NOT NULL,
    PRIMARY KEY (tenant, report, ord)
);

-- Packages made, taken, and known to have been taken over there.
CREATE TABLE ferry_packages (
    tenant TEXT NOT NULL,
    way TEXT NOT NULL,
    number BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    PRIMARY KEY (tenant, way, number)
);
CREATE INDEX ferry_reports_waiting ON ferry_reports (tenant, report) WHERE package IS NULL;
