import { z } from "zod"
import { newId } from "@/lib/audit/ids"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { slugInput } from "@/lib/operations/organizations/create"
import { nameInput } from "@/lib/operations/sign-in/credentials"
import type { AppSummary } from "./app"

/** Creates an app of the organization: a producer of events. */
export const createApp = operation({
  name: "application.create",
  summary: "Makes an app: a producer of events.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ slug: slugInput, name: nameInput }),
  run: async ({ caller, organization, prisma }, { slug, name }) => {
    const id = newId(caller.at.getTime())
    const { count } = await prisma.app.createMany({
      data: [{ id, organizationId: organization.id, slug, name, createdAt: caller.at }],
      skipDuplicates: true,
    })
    if (count === 0) {
      throw new AppError("conflict", `There is an app "${slug}" already.`, {
        faults: [{ pointer: "/slug", message: "Choose another: this one is taken." }],
      })
    }
    const app: AppSummary = {
      ...{ id, slug, name, builtIn: false },
      ...{ createdAt: caller.at.toISOString(), archivedAt: null },
    }
    return {
      value: app,
      event: {
        targets: [{ type: "application", id, name }],
        description: `The app ${name} was created.`,
        changes: [{ path: "", before: null, after: { slug, name } }],
      },
    }
  },
})
