import { defineConfig } from "prisma/config"

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  // Only `prisma generate` and `format` run through the CLI; migrations have a runner of their own.
  datasource: { url: "postgresql://localhost/unused" },
})
