-- Lists and stock numbers of a million reports. Most questions are about the few open ones: this
-- index answers their counts without touching the rows. `closed_on` stands in it, instead of in a
-- partial index, because SQLite would otherwise prefer an index on the tenant alone.
DROP INDEX reports_open;
DROP INDEX reports_due;
CREATE INDEX reports_open ON reports
    (tenant, closed_on, stage, due_on, red_on, yellow_on, holder, holder_kind, office, watcher, assignee, report);
-- What a viewer must not see, found once per question instead of once per report.
CREATE INDEX recusals_by_who ON recusals (tenant, who, report);
