import { z } from "zod"
import { nameInput } from "@/lib/operations/sign-in/credentials"

const controlCharacters = /[^\P{Cc}\n]/u

/** An id of a group, as lists show it. */
export const groupId = z.uuid("Give the id of a group, as the list shows it.")

/** The fields of a group's form. */
export const groupInput = {
  name: nameInput,
  description: z
    .string()
    .trim()
    .max(500, "Use at most 500 characters.")
    .refine(text => !controlCharacters.test(text), "Use plain text without control characters."),
  /** Everybody whose groups claim has this value is a member; null = nobody by claim. */
  claimValue: z
    .string()
    .trim()
    .min(1, "Give a value, or none at all.")
    .max(200, "Use at most 200 characters.")
    .refine(text => !/\p{Cc}/u.test(text), "Use a single line without control characters.")
    .nullable(),
}

// As many as a list offers. A larger change would block other writers of the log for too long.
const mostAtOnce = 1_000

/** Ids to add to a group or to remove from it, each once. */
export function idsInput(thing: "member" | "role" | "app") {
  return z
    .array(z.uuid(`Give ids of ${thing}s, as the list shows them.`))
    .min(1, `Choose at least one ${thing}.`)
    .max(mostAtOnce, `Choose at most ${mostAtOnce.toLocaleString("en")} ${thing}s at once.`)
    .transform(ids => [...new Set(ids)])
}
