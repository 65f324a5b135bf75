#!/bin/sh
# Create and raise the two databases of the Temporal server; running it again changes nothing.
# SQL_HOST, SQL_PORT, SQL_USER, SQL_PASSWORD and SQL_PLUGIN come from the environment (temporal-sql-tool reads them).
set -eu

raise_schema() { # database, folder of its schema
	temporal-sql-tool --db "$1" create
	temporal-sql-tool --db "$1" setup-schema -v 0.0
	temporal-sql-tool --db "$1" update-schema -d "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

raise_schema temporal temporal
raise_schema temporal_visibility visibility
echo "The schemas of temporal and temporal_visibility are up to date."
