-- The group roles that the migrations grant to, and what the two login roles need of them. Run before the migrations, by the
-- owner when it may create roles (CREATEROLE), else by an administrator of the server. Running it again changes nothing.
--
-- Two settings of the session name the login roles; absent, the owner is the current role and the application is auditorium_app:
--   SELECT set_config('auditorium.owner', '...', false), set_config('auditorium.application', '...', false);

DO $roles$
DECLARE
  owner_name text := coalesce(nullif(current_setting('auditorium.owner', true), ''), current_user);
  application_name text := coalesce(nullif(current_setting('auditorium.application', true), ''), 'auditorium_app');
  group_name text;
  setting text[];
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = application_name) THEN
    RAISE EXCEPTION 'The role % of DATABASE_URL does not exist.', application_name
      USING HINT = format('Create it first: CREATE ROLE %I LOGIN PASSWORD ''...''', application_name);
  END IF;

  -- auditorium_reader owns the views through which events are read, auditorium_writer the function that appends them,
  -- auditorium_maintenance alone may remove expired ones; auditorium_application holds what the application may do.
  FOREACH group_name IN ARRAY ARRAY['auditorium_reader', 'auditorium_writer', 'auditorium_maintenance', 'auditorium_application'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = group_name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', group_name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- another run was quicker
      END;
    END IF;
    CONTINUE WHEN group_name = 'auditorium_application';
    -- The owner hands views and functions over to them, so it must be able to act as them; but it must not inherit what they may
    -- do, or their policies would be its own. Version 15 cannot tell the two apart: there the owner also sees what the reader sees.
    IF current_setting('server_version_num')::integer >= 160000 THEN
      IF NOT pg_catalog.pg_has_role(owner_name, group_name, 'SET') THEN
        EXECUTE format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', group_name, owner_name);
      END IF;
    ELSIF NOT pg_catalog.pg_has_role(owner_name, group_name, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO %I', group_name, owner_name);
    END IF;
  END LOOP;

  IF NOT pg_catalog.pg_has_role(application_name, 'auditorium_application', 'USAGE') THEN
    EXECUTE format('GRANT auditorium_application TO %I', application_name);
  END IF;

  -- A prepared statement over the partitions turns a thousand times slower when its plan becomes generic; the others keep
  -- the planner from choosing scans and compilation that do not pay for pages of an indexed log. A transaction whose client
  -- asks for nothing more is ended, because it holds its connection and its snapshot; an export waits 60 s for its reader.
  FOREACH setting SLICE 1 IN ARRAY ARRAY[
    ['plan_cache_mode', 'force_custom_plan'],
    ['jit', 'off'],
    ['random_page_cost', '1.1'],
    ['client_connection_check_interval', '1s'],
    ['idle_in_transaction_session_timeout', '90s']
  ] LOOP
    IF NOT EXISTS (
      SELECT FROM pg_catalog.pg_db_role_setting
      WHERE setrole = application_name::regrole AND setdatabase = 0 AND setconfig @> ARRAY[setting[1] || '=' || setting[2]]
    ) THEN
      BEGIN
        EXECUTE format('ALTER ROLE %I SET %I = %L', application_name, setting[1], setting[2]);
      EXCEPTION WHEN invalid_parameter_value THEN
        NULL; -- a platform on which the server cannot see that a client has gone
      END;
    END IF;
  END LOOP;

  -- Nobody but the roles named here may make temporary tables or connect.
  IF pg_catalog.has_database_privilege('public', current_database(), 'TEMPORARY')
    OR pg_catalog.has_database_privilege('public', current_database(), 'CONNECT') THEN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  END IF;
  IF NOT pg_catalog.has_database_privilege('auditorium_application', current_database(), 'CONNECT') THEN
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO auditorium_application', current_database());
  END IF;
END
$roles$;
