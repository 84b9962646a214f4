-- Spreads the tables of a migrated, still empty Dengwen database over a Citus cluster.
-- Run once, on the coordinator, as the owner, after `dengwen migrate` and before the first report:
--
--   psql -v ON_ERROR_STOP=1 -v app=dengwen_app -f distribute.sql postgres://…/dengwen
--
-- The role named by `app` is the one `dengwen serve` signs in as; `migrate` goes on as the owner.
-- A test holds this file to the list of tables in crates/store/src/schema.rs.

BEGIN;

-- Citus refuses triggers on distributed tables (citus.enable_unsafe_triggers aside). What they
-- stop, the rights of the serving role stop as well: it can neither change nor delete an event.
DROP TRIGGER events_no_change ON events;
DROP TRIGGER events_no_truncate ON events;
DROP FUNCTION events_append_only();

-- Rows of one organ live together on one worker: a commit touches one node, except for the rows
-- that are found by a hash alone.
SELECT create_distributed_table('events', 'tenant');
SELECT create_distributed_table('numbers', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('content_keys', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('identities', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('salts', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('thread', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('drafts', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('views', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('tenants', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('reports', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('clocks', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('recusals', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('papers', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('tallies', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('jobs', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('outbox', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('log_rows', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('log_heads', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('leases', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('head_leaves', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('ferry_reports', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('ferry_acts', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('ferry_packages', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('blobs', 'tenant', colocate_with => 'events');
SELECT create_distributed_table('import_rows', 'tenant', colocate_with => 'events');

-- Found by a hash before anybody knows the organ: spread by that hash, each for itself. An append
-- that writes one of them beside its organ's rows is a commit over two nodes (2PC).
SELECT create_distributed_table('credentials', 'lookup', colocate_with => 'none');
SELECT create_distributed_table('sessions', 'token', colocate_with => 'none');
SELECT create_distributed_table('idempotency', 'key_hash', colocate_with => 'none');
SELECT create_distributed_table('codes', 'lookup', colocate_with => 'none');
SELECT create_distributed_table('api_keys', 'key_hash', colocate_with => 'none');

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"app";
REVOKE UPDATE, DELETE, TRUNCATE ON events FROM :"app";

COMMIT;
