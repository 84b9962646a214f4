-- What the ledgers of the desk need. Days on which a report came back from where it was sent stand
-- in its row until it is sent on or closed; rows that stand already are filled from the register.
ALTER TABLE reports ADD COLUMN returned_on BIGINT;
UPDATE reports SET returned_on = (
    SELECT max(e.day) FROM events e
    WHERE e.tenant = reports.tenant AND e.kind = 'report' AND e.stream = reports.report AND e.event = 'returned'
    AND NOT EXISTS (SELECT 1 FROM events d WHERE d.tenant = e.tenant AND d.kind = e.kind AND d.stream = e.stream
        AND d.version > e.version AND d.event IN ('dispatched', 'closed')))
WHERE closed_on IS NULL;
CREATE INDEX reports_returned ON reports (tenant, returned_on) WHERE returned_on IS NOT NULL;
-- Lists by last day. Only reports with a running clock have one, and they are few: closed ones come
-- after them, by number.
CREATE INDEX reports_by_due ON reports (tenant, due_on, number) WHERE due_on IS NOT NULL;

-- How a member of staff wants to see a list: columns, order, plain filters. No searched words.
CREATE TABLE views (
    tenant TEXT NOT NULL,
    staff TEXT NOT NULL,
    list TEXT NOT NULL,
    setting TEXT NOT NULL,
    PRIMARY KEY (tenant, staff, list)
);
