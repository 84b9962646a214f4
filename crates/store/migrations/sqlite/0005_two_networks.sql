-- Two networks that never meet. Outside: which filings and acts of reporters wait to be carried in,
-- and the sealed copy of what each reporter is told. Inside: how far each report was carried out.
-- The directory's own row bears the name of its stream, sixteen zeros.
CREATE TABLE ferry_reports (
    tenant TEXT NOT NULL,
    report BLOB NOT NULL,
    package INTEGER,
    acts INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    proven INTEGER NOT NULL,
    shown_key BLOB,
    copy BLOB,
    former BLOB,
    former_to INTEGER NOT NULL,
    PRIMARY KEY (tenant, report)
);

-- What reporters did outside and the inside has not yet taken; sealed to the office.
CREATE TABLE ferry_acts (
    tenant TEXT NOT NULL,
    report BLOB NOT NULL,
    ord INTEGER NOT NULL,
    package INTEGER,
    payload BLOB NOT NULL,
    PRIMARY KEY (tenant, report, ord)
);

-- Packages made, taken, and known to have been taken over there.
CREATE TABLE ferry_packages (
    tenant TEXT NOT NULL,
    way TEXT NOT NULL,
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (tenant, way, number)
);
CREATE INDEX ferry_reports_waiting ON ferry_reports (tenant, report) WHERE package IS NULL;
