-- 待办 by person: whose word a report waits for (呈批, or a second person on "no substance").
ALTER TABLE reports ADD COLUMN awaits TEXT;
-- The day it ended: closed, and the reporter is owed nothing since. An objection or new evidence after
-- closing brings it back into the lists of what is open.
ALTER TABLE reports ADD COLUMN settled_on INTEGER;
UPDATE reports SET settled_on = closed_on WHERE closed_on IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM clocks c WHERE c.tenant = reports.tenant AND c.report = reports.report AND c.state = 'running'
     AND c.clock IN ('objection', 'evidence_check', 'review_answer', 'recheck_answer'));
UPDATE reports SET awaits =
    (SELECT json_extract(e.header, '$.event.to') FROM events e WHERE e.tenant = reports.tenant AND e.kind = 'report'
     AND e.stream = reports.report AND e.event = 'presented' ORDER BY e.version DESC LIMIT 1)
    WHERE stage = 'awaiting_instruction';
UPDATE reports SET awaits = 'second_person' WHERE stage = 'awaiting_judgement' AND
    (SELECT e.event FROM events e WHERE e.tenant = reports.tenant AND e.kind = 'report' AND e.stream = reports.report
     AND e.event IN ('no_substance_proposed', 'no_substance_declined', 'scope_decided')
     ORDER BY e.version DESC LIMIT 1) = 'no_substance_proposed';
-- What the lists ask of what is open and of what is due stands in the indexes.
DROP INDEX reports_open;
DROP INDEX reports_by_due;
CREATE INDEX reports_open ON reports
    (tenant, settled_on, stage, due_on, red_on, yellow_on, holder, holder_kind, office, watcher, assignee, awaits, report);
CREATE INDEX reports_by_due ON reports
    (tenant, due_on, number, settled_on, stage, holder, holder_kind, office, watcher, assignee, awaits, report)
    WHERE due_on IS NOT NULL;
