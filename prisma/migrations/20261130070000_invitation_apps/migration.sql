-- The apps in which the roles of an invitation are given; no row = in every app.

-- CreateTable
CREATE TABLE "invitation_app" (
    "organization_id" UUID NOT NULL,
    "invitation_id" UUID NOT NULL,
    "app_id" UUID NOT NULL,

    CONSTRAINT "invitation_app_pkey" PRIMARY KEY ("organization_id","invitation_id","app_id")
);

-- CreateIndex
CREATE INDEX "invitation_app_organization_id_app_id_idx" ON "invitation_app"("organization_id", "app_id");

-- AddForeignKey
ALTER TABLE "invitation_app" ADD CONSTRAINT "invitation_app_organization_id_invitation_id_fkey" FOREIGN KEY ("organization_id", "invitation_id") REFERENCES "invitation"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation_app" ADD CONSTRAINT "invitation_app_organization_id_app_id_fkey" FOREIGN KEY ("organization_id", "app_id") REFERENCES "app"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on written by hand: what Prisma does not know.

ALTER TABLE "invitation_app" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY "own_organization" ON "invitation_app" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);

-- No DELETE: an invitation that lost its last app would give its roles in every app.
GRANT SELECT, INSERT ON "invitation_app" TO auditorium_application;
