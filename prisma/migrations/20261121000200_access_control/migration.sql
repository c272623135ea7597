-- Access control: groups, collaborators, invitations, identities, mail on its way.

-- AlterTable
ALTER TABLE "api_key" ADD COLUMN     "allowed_networks" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "replaces_id" UUID;

-- AlterTable
ALTER TABLE "membership" ADD COLUMN     "last_seen_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "role" ALTER COLUMN "permissions" SET DEFAULT ARRAY[]::TEXT[],
ALTER COLUMN "app_ids" SET DEFAULT ARRAY[]::UUID[];

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "method" TEXT NOT NULL DEFAULT 'password',
ADD COLUMN     "proven_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "sign_in_link" ADD COLUMN     "purpose" TEXT NOT NULL DEFAULT 'password';

-- CreateTable
CREATE TABLE "collaborator" (
    "organization_id" UUID NOT NULL,
    "app_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "collaborator_pkey" PRIMARY KEY ("organization_id","app_id","person_id")
);

-- CreateTable
CREATE TABLE "member_group" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "claim_value" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_group_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "group_member" (
    "organization_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "from_claim" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "group_member_pkey" PRIMARY KEY ("organization_id","group_id","person_id")
);

-- CreateTable
CREATE TABLE "group_role" (
    "organization_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,

    CONSTRAINT "group_role_pkey" PRIMARY KEY ("organization_id","group_id","role_id")
);

-- CreateTable
CREATE TABLE "group_app" (
    "organization_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "app_id" UUID NOT NULL,

    CONSTRAINT "group_app_pkey" PRIMARY KEY ("organization_id","group_id","app_id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "accepted_by_id" UUID,
    "declined_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "mail_id" UUID,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation_role" (
    "organization_id" UUID NOT NULL,
    "invitation_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,

    CONSTRAINT "invitation_role_pkey" PRIMARY KEY ("organization_id","invitation_id","role_id")
);

-- CreateTable
CREATE TABLE "invitation_group" (
    "organization_id" UUID NOT NULL,
    "invitation_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,

    CONSTRAINT "invitation_group_pkey" PRIMARY KEY ("organization_id","invitation_id","group_id")
);

-- CreateTable
CREATE TABLE "mail_message" (
    "id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "sealed_content" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "mail_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "identity_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "collaborator_organization_id_person_id_idx" ON "collaborator"("organization_id", "person_id");

-- CreateIndex
CREATE INDEX "collaborator_organization_id_role_id_idx" ON "collaborator"("organization_id", "role_id");

-- CreateIndex
CREATE UNIQUE INDEX "member_group_organization_id_name_key" ON "member_group"("organization_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "member_group_organization_id_claim_value_key" ON "member_group"("organization_id", "claim_value");

-- CreateIndex
CREATE UNIQUE INDEX "member_group_organization_id_id_key" ON "member_group"("organization_id", "id");

-- CreateIndex
CREATE INDEX "group_member_organization_id_person_id_idx" ON "group_member"("organization_id", "person_id");

-- CreateIndex
CREATE INDEX "group_role_organization_id_role_id_idx" ON "group_role"("organization_id", "role_id");

-- CreateIndex
CREATE INDEX "group_app_organization_id_app_id_idx" ON "group_app"("organization_id", "app_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation"("token_hash");

-- CreateIndex
CREATE INDEX "invitation_organization_id_email_idx" ON "invitation"("organization_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_organization_id_id_key" ON "invitation"("organization_id", "id");

-- CreateIndex
CREATE INDEX "invitation_role_organization_id_role_id_idx" ON "invitation_role"("organization_id", "role_id");

-- CreateIndex
CREATE INDEX "invitation_group_organization_id_group_id_idx" ON "invitation_group"("organization_id", "group_id");

-- CreateIndex
CREATE INDEX "mail_message_next_attempt_at_idx" ON "mail_message"("next_attempt_at");

-- CreateIndex
CREATE INDEX "identity_person_id_idx" ON "identity"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "identity_issuer_subject_key" ON "identity"("issuer", "subject");

-- AddForeignKey
ALTER TABLE "collaborator" ADD CONSTRAINT "collaborator_organization_id_app_id_fkey" FOREIGN KEY ("organization_id", "app_id") REFERENCES "app"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collaborator" ADD CONSTRAINT "collaborator_organization_id_person_id_fkey" FOREIGN KEY ("organization_id", "person_id") REFERENCES "membership"("organization_id", "person_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collaborator" ADD CONSTRAINT "collaborator_organization_id_role_id_fkey" FOREIGN KEY ("organization_id", "role_id") REFERENCES "role"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_group" ADD CONSTRAINT "member_group_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_member" ADD CONSTRAINT "group_member_organization_id_group_id_fkey" FOREIGN KEY ("organization_id", "group_id") REFERENCES "member_group"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_member" ADD CONSTRAINT "group_member_organization_id_person_id_fkey" FOREIGN KEY ("organization_id", "person_id") REFERENCES "membership"("organization_id", "person_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_role" ADD CONSTRAINT "group_role_organization_id_group_id_fkey" FOREIGN KEY ("organization_id", "group_id") REFERENCES "member_group"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_role" ADD CONSTRAINT "group_role_organization_id_role_id_fkey" FOREIGN KEY ("organization_id", "role_id") REFERENCES "role"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_app" ADD CONSTRAINT "group_app_organization_id_group_id_fkey" FOREIGN KEY ("organization_id", "group_id") REFERENCES "member_group"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_app" ADD CONSTRAINT "group_app_organization_id_app_id_fkey" FOREIGN KEY ("organization_id", "app_id") REFERENCES "app"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_accepted_by_id_fkey" FOREIGN KEY ("accepted_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_mail_id_fkey" FOREIGN KEY ("mail_id") REFERENCES "mail_message"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation_role" ADD CONSTRAINT "invitation_role_organization_id_invitation_id_fkey" FOREIGN KEY ("organization_id", "invitation_id") REFERENCES "invitation"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation_role" ADD CONSTRAINT "invitation_role_organization_id_role_id_fkey" FOREIGN KEY ("organization_id", "role_id") REFERENCES "role"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation_group" ADD CONSTRAINT "invitation_group_organization_id_invitation_id_fkey" FOREIGN KEY ("organization_id", "invitation_id") REFERENCES "invitation"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation_group" ADD CONSTRAINT "invitation_group_organization_id_group_id_fkey" FOREIGN KEY ("organization_id", "group_id") REFERENCES "member_group"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity" ADD CONSTRAINT "identity_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "api_key"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- From here on by hand: what Prisma does not know of. The drift test covers what stands above.

-- A list that is not there and one that is empty would be two ways to say the same.
UPDATE "role" SET "app_ids" = '{}' WHERE "app_ids" IS NULL;
UPDATE "role" SET "permissions" = '{}' WHERE "permissions" IS NULL;
ALTER TABLE "role" ALTER COLUMN "app_ids" SET NOT NULL, ALTER COLUMN "permissions" SET NOT NULL;
ALTER TABLE "api_key" ALTER COLUMN "allowed_networks" SET NOT NULL;

-- Choices and forms that no program may get around.
ALTER TABLE "session" ADD CONSTRAINT "session_method_check" CHECK ("method" IN ('password', 'sign-in-link', 'openid-connect'));
ALTER TABLE "sign_in_link" ADD CONSTRAINT "sign_in_link_purpose_check" CHECK ("purpose" IN ('password', 'sign-in'));
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_email_check" CHECK ("email" = lower("email"));
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_token_hash_check" CHECK (octet_length("token_hash") = 32);
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_end_check" CHECK (num_nonnulls("accepted_at", "declined_at", "revoked_at") <= 1);
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_accepted_check" CHECK ("accepted_by_id" IS NULL OR "accepted_at" IS NOT NULL);
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_lifetime_check" CHECK ("expires_at" <= "created_at" + interval '366 days');
ALTER TABLE "mail_message" ADD CONSTRAINT "mail_message_end_check" CHECK (num_nonnulls("sent_at", "failed_at") <= 1);
-- What was sent or given up keeps no secret; what is on its way has something to send.
ALTER TABLE "mail_message" ADD CONSTRAINT "mail_message_content_check"
  CHECK (("sealed_content" IS NULL) = ("sent_at" IS NOT NULL OR "failed_at" IS NOT NULL));

-- Row-level security on what belongs to one organization. Invitation, identity and mail_message join the directory: they
-- are found by a hash, a subject or a time before any organization is known.
ALTER TABLE "collaborator" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "member_group" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "group_member" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "group_role" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "group_app" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "invitation_role" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "invitation_group" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY "own_organization" ON "collaborator" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY "own_organization" ON "member_group" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY "own_organization" ON "group_member" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY "own_organization" ON "group_role" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY "own_organization" ON "group_app" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY "own_organization" ON "invitation_role" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY "own_organization" ON "invitation_group" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);

-- Who holds which role, and through what: directly, through a group, or in one app. The one place that says so. It looks
-- with the eyes of whoever asks, so row-level security holds in it as in its tables.
CREATE VIEW "held_role" WITH (security_invoker = true) AS
  SELECT "organization_id", "person_id", "role_id", NULL::uuid AS "group_id", NULL::uuid AS "collaborator_app_id",
    '{}'::uuid[] AS "assignment_app_ids"
  FROM "membership_role"
  UNION ALL
  SELECT member."organization_id", member."person_id", held."role_id", member."group_id", NULL::uuid,
    ARRAY(SELECT limited."app_id" FROM "group_app" limited
          WHERE limited."organization_id" = member."organization_id" AND limited."group_id" = member."group_id"
          ORDER BY 1)
  FROM "group_member" member
  JOIN "group_role" held ON held."organization_id" = member."organization_id" AND held."group_id" = member."group_id"
  UNION ALL
  SELECT "organization_id", "person_id", "role_id", NULL::uuid, "app_id", ARRAY["app_id"]
  FROM "collaborator";

-- What the application may do: add, read, change what changes, and take away what is only a link between two things.
GRANT SELECT, INSERT ON "collaborator", "member_group", "group_member", "group_role", "group_app", "invitation",
  "invitation_role", "invitation_group", "mail_message", "identity" TO auditorium_application;
GRANT SELECT ON "held_role" TO auditorium_application;
GRANT UPDATE ("last_seen_at") ON "membership" TO auditorium_application;
GRANT UPDATE ("allowed_networks") ON "api_key" TO auditorium_application;
GRANT UPDATE ("proven_at", "method") ON "session" TO auditorium_application;
GRANT UPDATE ("role_id") ON "collaborator" TO auditorium_application;
GRANT UPDATE ("name", "description", "claim_value") ON "member_group" TO auditorium_application;
GRANT UPDATE ("from_claim") ON "group_member" TO auditorium_application;
GRANT UPDATE ("token_hash", "expires_at", "accepted_at", "accepted_by_id", "declined_at", "revoked_at", "mail_id")
  ON "invitation" TO auditorium_application;
GRANT UPDATE ("sealed_content", "attempts", "next_attempt_at", "sent_at", "failed_at", "last_error")
  ON "mail_message" TO auditorium_application;
GRANT UPDATE ("last_used_at") ON "identity" TO auditorium_application;
GRANT DELETE ON "membership", "membership_role", "role", "collaborator", "member_group", "group_member", "group_role",
  "group_app", "invitation_role", "invitation_group", "mail_message", "identity" TO auditorium_application;
