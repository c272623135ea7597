-- What is recorded of API calls: the policy of an organization with its history, what SDKs and proxies report, and the settings of
-- the installation that can be changed while it runs.

-- AlterTable
ALTER TABLE "organization" ADD COLUMN     "capture_version" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "capture_policy" (
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "policy" JSONB NOT NULL,
    "support_dump_includes" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,

    CONSTRAINT "capture_policy_pkey" PRIMARY KEY ("organization_id","version")
);

-- CreateTable
CREATE TABLE "capture_instance" (
    "organization_id" UUID NOT NULL,
    "app_id" UUID NOT NULL,
    "instance" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "profile" TEXT,
    "host" TEXT,
    "policy_version" INTEGER,
    "dropped" BIGINT NOT NULL DEFAULT 0,
    "dropped_at" TIMESTAMPTZ(3),
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "capture_instance_pkey" PRIMARY KEY ("organization_id","app_id","instance")
);

-- CreateTable
CREATE TABLE "capture_endpoint" (
    "organization_id" UUID NOT NULL,
    "app_id" UUID NOT NULL,
    "endpoint" TEXT NOT NULL,
    "last_hour" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "capture_endpoint_pkey" PRIMARY KEY ("organization_id","app_id","endpoint")
);

-- CreateTable
CREATE TABLE "capture_count" (
    "organization_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "app_id" UUID NOT NULL,
    "endpoint" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "class" TEXT NOT NULL,
    "calls" BIGINT NOT NULL,
    "bytes_in" BIGINT NOT NULL,
    "bytes_out" BIGINT NOT NULL,

    CONSTRAINT "capture_count_pkey" PRIMARY KEY ("organization_id","hour","app_id","endpoint","method","class")
);

-- CreateTable
CREATE TABLE "server_setting" (
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "server_setting_pkey" PRIMARY KEY ("name")
);

-- AddForeignKey
ALTER TABLE "capture_policy" ADD CONSTRAINT "capture_policy_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "capture_instance" ADD CONSTRAINT "capture_instance_organization_id_app_id_fkey" FOREIGN KEY ("organization_id", "app_id") REFERENCES "app"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "capture_endpoint" ADD CONSTRAINT "capture_endpoint_organization_id_app_id_fkey" FOREIGN KEY ("organization_id", "app_id") REFERENCES "app"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "capture_count" ADD CONSTRAINT "capture_count_organization_id_app_id_fkey" FOREIGN KEY ("organization_id", "app_id") REFERENCES "app"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on written by hand: what Prisma does not know.

ALTER TABLE "organization" ADD CONSTRAINT "organization_capture_version_check" CHECK ("capture_version" >= 0);
ALTER TABLE "capture_policy" ADD CONSTRAINT "capture_policy_version_check" CHECK ("version" > 0);
-- 64 KiB as it was sent; the text of jsonb has spaces.
ALTER TABLE "capture_policy" ADD CONSTRAINT "capture_policy_policy_check"
  CHECK (jsonb_typeof("policy") = 'object' AND octet_length("policy"::text) <= 131072);
ALTER TABLE "capture_policy" ADD CONSTRAINT "capture_policy_actor_type_check"
  CHECK ("actor_type" IN ('user', 'api_key', 'system'));
ALTER TABLE "capture_instance" ADD CONSTRAINT "capture_instance_texts_check" CHECK (
  char_length("instance") BETWEEN 1 AND 64 AND char_length("kind") BETWEEN 1 AND 40 AND char_length("version") BETWEEN 1 AND 40
  AND char_length("profile") <= 40 AND char_length("host") <= 253);
ALTER TABLE "capture_instance" ADD CONSTRAINT "capture_instance_numbers_check"
  CHECK ("sequence" >= 0 AND "dropped" >= 0 AND "policy_version" >= 0);
ALTER TABLE "capture_endpoint" ADD CONSTRAINT "capture_endpoint_endpoint_check" CHECK (char_length("endpoint") BETWEEN 1 AND 200);
ALTER TABLE "capture_count" ADD CONSTRAINT "capture_count_endpoint_check" CHECK (char_length("endpoint") BETWEEN 1 AND 200);
ALTER TABLE "capture_count" ADD CONSTRAINT "capture_count_method_check" CHECK ("method" ~ '^[A-Z]{1,20}$' OR "method" = 'other');
ALTER TABLE "capture_count" ADD CONSTRAINT "capture_count_class_check"
  CHECK ("class" IN ('1xx', '2xx', '3xx', '4xx', '5xx', 'none'));
ALTER TABLE "capture_count" ADD CONSTRAINT "capture_count_numbers_check"
  CHECK ("calls" >= 0 AND "bytes_in" >= 0 AND "bytes_out" >= 0);
ALTER TABLE "capture_count" ADD CONSTRAINT "capture_count_hour_check"
  CHECK ("hour" = date_trunc('hour', "hour", 'UTC'));
ALTER TABLE "server_setting" ADD CONSTRAINT "server_setting_value_check"
  CHECK ("name" = 'log-level' AND "value" IN ('debug', 'info', 'warn', 'error'));

ALTER TABLE "capture_policy" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "capture_instance" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "capture_endpoint" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "capture_count" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY "own_organization" ON "capture_policy" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY "own_organization" ON "capture_instance" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY "own_organization" ON "capture_endpoint" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY "own_organization" ON "capture_count" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);

-- The history of a policy is only added to.
GRANT UPDATE ("capture_version") ON "organization" TO auditorium_application;
GRANT SELECT, INSERT ON "capture_policy" TO auditorium_application;
GRANT SELECT, INSERT, DELETE ON "capture_instance", "capture_endpoint", "capture_count" TO auditorium_application;
GRANT UPDATE ("sequence", "kind", "version", "profile", "host", "policy_version", "dropped", "dropped_at", "last_seen_at")
  ON "capture_instance" TO auditorium_application;
GRANT UPDATE ("last_hour") ON "capture_endpoint" TO auditorium_application;
GRANT UPDATE ("calls", "bytes_in", "bytes_out") ON "capture_count" TO auditorium_application;
GRANT SELECT, INSERT ON "server_setting" TO auditorium_application;
GRANT UPDATE ("value", "changed_at") ON "server_setting" TO auditorium_application;

-- The worker's list of jobs shows it before it has run.
INSERT INTO "job_run" ("name") VALUES ('capture-clean-up');
