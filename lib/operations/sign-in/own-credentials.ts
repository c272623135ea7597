import type { PersonPrincipal } from "@/lib/access/principal"
import { AppError } from "@/lib/errors"
import type { Work } from "@/lib/operations/core/operation"
import { type Credentials, findCredentials } from "./credentials"

export async function credentialsOf({
  caller: { principal },
  prisma,
}: Work<"signed-in">): Promise<Credentials & { readonly person: PersonPrincipal }> {
  if (principal.kind !== "person")
    throw new AppError("forbidden", "Only a person has sessions and a password.")
  const credentials = await findCredentials(prisma, { id: principal.personId })
  if (!credentials) throw new AppError("unauthenticated", "Sign in again.")
  return { ...credentials, person: principal }
}
