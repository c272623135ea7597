import { z } from "zod"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { nameInput } from "@/lib/operations/sign-in/credentials"
import { appInput, appToChange } from "./app"

/** Renames an app. The slug stays: filters, URLs and exports use it. */
export const updateApp = operation({
  name: "application.update",
  summary: "Renames an app.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ ...appInput, name: nameInput }),
  run: async (context, { app: slug, name }) => {
    const app = await appToChange(context, slug)
    if (app.name === name) throw new AppError("conflict", `The app is called ${name} already.`)
    await context.prisma.app.update({ where: { id: app.id }, data: { name } })
    return {
      value: { id: app.id },
      event: {
        targets: [{ type: "application", id: app.id, name }],
        description: `The app ${app.name} was renamed to ${name}.`,
        changes: [{ path: "/name", before: app.name, after: name }],
      },
    }
  },
})
