-- What is overdue or due today, counted from the index alone and without looking through all that is
-- open: what the predicate of permission asks stands in it.
DROP INDEX reports_by_due;
CREATE INDEX reports_by_due ON reports
    (tenant, due_on, number, closed_on, holder, holder_kind, office, watcher, assignee, report) WHERE due_on IS NOT NULL;
