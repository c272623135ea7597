import { z } from "zod"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/operation"
import { findCredentials, nameInput, personAbout } from "./accounts"

/** Changes the name of the caller. Events that were recorded under the old one keep it. */
export const updateUser = operation({
  name: "user.update",
  summary: "Changes the name of the caller.",
  permission: "signed-in",
  effect: "write",
  input: z.strictObject({ name: nameInput }),
  run: async ({ caller: { principal }, prisma }, { name }) => {
    if (principal.kind !== "person") throw new AppError("forbidden", "Only a person has a name to change.")
    const before = (await findCredentials(prisma, { id: principal.personId }))?.account
    if (!before) throw new AppError("unauthenticated", "Sign in again.")
    if (before.name === name) {
      throw new AppError("invalid", "This is your name already.", {
        faults: [{ pointer: "/name", message: "This is your name already." }],
      })
    }
    await prisma.person.update({ where: { id: before.id }, data: { name } })
    return { before: before.name, account: { ...before, name } }
  },
  about: (_, { before, account }) => ({
    ...personAbout(account),
    description: `${before} changed their name to ${account.name}.`,
    changes: [{ path: "/name", before, after: account.name }],
  }),
})
