"""The databases that a `sql` source can read, one module each; `activities.sources.sql` has the rest.

`sqlite`       SQLite files
`postgres`     PostgreSQL, by psycopg
`mysql`        MySQL and MariaDB, by PyMySQL
`duckdb_file`  DuckDB's database files, by DuckDB itself
`wire`         a connection to a server, cut from this side
`contract`     what each of them offers
"""
