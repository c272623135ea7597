import { z } from "zod"
import type { Change } from "@/lib/audit/event/event"
import { isZone } from "@/lib/audit/time/zone"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { findCredentials, nameInput, personAbout } from "./credentials"

const timeZoneInput = z
  .string()
  .max(64, { abort: true })
  .refine(isZone, "Choose a time zone by its name, such as Europe/Berlin.")

/** Changes the name or the time zone of the caller. Events recorded under the old name keep it. */
export const updateUser = operation({
  name: "user.update",
  summary: "Changes the name of the caller, or the zone in which they read times.",
  permission: "signed-in",
  effect: "write",
  input: z
    .strictObject({ name: nameInput.optional(), timeZone: timeZoneInput.optional() })
    .refine(
      ({ name, timeZone }) => name !== undefined || timeZone !== undefined,
      "Give what is to be changed.",
    ),
  run: async ({ caller: { principal }, prisma }, { name, timeZone }) => {
    if (principal.kind !== "person") throw new AppError("forbidden", "Only a person has a name to change.")
    const before = (await findCredentials(prisma, { id: principal.personId }))?.account
    if (!before) throw new AppError("unauthenticated", "Sign in again.")
    if (before.name === name) {
      throw new AppError("invalid", "This is your name already.", {
        faults: [{ pointer: "/name", message: "This is your name already." }],
      })
    }
    const { timeZone: zoneBefore } = await prisma.person.findUniqueOrThrow({
      where: { id: before.id },
      select: { timeZone: true },
    })
    await prisma.person.update({ where: { id: before.id }, data: { name, timeZone } })
    const changes: Change[] = [
      ...(name === undefined ? [] : [{ path: "/name", before: before.name, after: name }]),
      ...(timeZone === undefined ? [] : [{ path: "/timeZone", before: zoneBefore, after: timeZone }]),
    ]
    const account = { ...before, name: name ?? before.name }
    return {
      value: null,
      event: {
        ...personAbout(account),
        description:
          name === undefined
            ? `${before.name} reads times in ${timeZone} from now on.`
            : `${before.name} changed their name to ${account.name}.`,
        changes,
      },
    }
  },
})
