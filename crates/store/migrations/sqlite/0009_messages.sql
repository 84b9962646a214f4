-- The day of the reporter's first message that nobody has answered: it stands in the lists, and brings a
-- report that was closed back into 待办.
ALTER TABLE reports ADD COLUMN message_on INTEGER;
UPDATE reports SET message_on =
    (SELECT min(e.day) FROM events e WHERE e.tenant = reports.tenant AND e.kind = 'report' AND e.stream = reports.report
     AND e.event = 'message_sent' AND NOT json_extract(e.header, '$.event.from_office') AND e.version >
        coalesce((SELECT max(a.version) FROM events a WHERE a.tenant = e.tenant AND a.kind = e.kind
                  AND a.stream = e.stream AND a.event = 'message_sent' AND json_extract(a.header, '$.event.from_office')), 0))
    WHERE EXISTS (SELECT 1 FROM events e WHERE e.tenant = reports.tenant AND e.kind = 'report'
                  AND e.stream = reports.report AND e.event = 'message_sent')
    -- Nothing reaches whoever destroyed her code.
    AND NOT EXISTS (SELECT 1 FROM events e WHERE e.tenant = reports.tenant AND e.kind = 'report'
                    AND e.stream = reports.report AND e.event = 'code_destroyed');
UPDATE reports SET settled_on = NULL WHERE message_on IS NOT NULL;
-- A proposal of "no substance" puts a report back to be judged until a second person has spoken.
UPDATE reports SET stage = 'awaiting_judgement' WHERE stage IN ('awaiting_presentation', 'awaiting_dispatch', 'awaiting_feedback')
    AND (SELECT e.event FROM events e WHERE e.tenant = reports.tenant AND e.kind = 'report' AND e.stream = reports.report
         AND e.event IN ('no_substance_proposed', 'no_substance_declined', 'scope_decided', 'duty_done', 'presented',
                         'instructed', 'dispatched', 'returned', 'closed', 'reopened')
         ORDER BY e.version DESC LIMIT 1) = 'no_substance_proposed';
-- Whose word a report waits for is asked only while it does.
UPDATE reports SET awaits = NULL WHERE awaits IS NOT NULL AND awaits <> 'second_person' AND stage <> 'awaiting_instruction';
UPDATE reports SET awaits = NULL WHERE awaits = 'second_person' AND stage <> 'awaiting_judgement';
UPDATE reports SET awaits = 'second_person' WHERE stage = 'awaiting_judgement' AND
    (SELECT e.event FROM events e WHERE e.tenant = reports.tenant AND e.kind = 'report' AND e.stream = reports.report
     AND e.event IN ('no_substance_proposed', 'no_substance_declined', 'scope_decided', 'dispatched')
     ORDER BY e.version DESC LIMIT 1) = 'no_substance_proposed';
-- 复查, 复核: they wait for somebody who had no part in the answer.
UPDATE reports SET awaits = 'reviewer' WHERE stage NOT IN ('awaiting_instruction', 'awaiting_judgement') AND EXISTS
    (SELECT 1 FROM clocks c WHERE c.tenant = reports.tenant AND c.report = reports.report AND c.state = 'running'
     AND c.clock IN ('review_answer', 'recheck_answer'));
-- A paper is found by its number (文号).
CREATE INDEX papers_by_number ON papers (tenant, number, report);
