#!/bin/sh
# Run once by the PostgreSQL image, on an empty volume: the two roles of alscare, its
# database and the extensions it needs. docs/operations.md says what each role may do.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
     --set owner_password="$OWNER_PASSWORD" --set runtime_password="$RUNTIME_PASSWORD" <<'SQL'
CREATE ROLE alscare_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE alscare_app LOGIN PASSWORD :'runtime_password';
GRANT alscare_app TO alscare_owner;
CREATE DATABASE alscare OWNER alscare_owner;
\connect alscare
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
SQL
