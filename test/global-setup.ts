import type { TestProject } from "vitest/node"
import { startTestServer, type TestServer } from "./server"

declare module "vitest" {
  interface ProvidedContext {
    readonly testServer: Pick<TestServer, "ownerUrl" | "applicationUrl" | "superuserUrl">
  }
}

/** Starts one PostgreSQL for the run; each test's own database is a copy of its migrated template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { ownerUrl, applicationUrl, superuserUrl, stop } = await startTestServer()
  project.provide("testServer", { ownerUrl, applicationUrl, superuserUrl })
  return stop
}
