import { z } from "zod"

/**
 * The id of a person, as lists show it. A person who is not a member here is not found, whether they exist elsewhere
 * or not.
 */
export const personIdInput = z.uuid("Give the id of a member, as the list shows it.")

/** Words to search for; none = everybody. */
export const searchInput = z.string().trim().max(200, "Use at most 200 characters.").optional()
