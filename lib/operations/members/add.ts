import { z } from "zod"
import { areRolesPowerful, refuseGrantingMore } from "@/lib/access/granting"
import { newId } from "@/lib/audit/ids"
import { AppError } from "@/lib/errors"
import { requireRecentProof } from "@/lib/operations/core/authorise"
import { operation, type Work } from "@/lib/operations/core/operation"
import { emailInput, nameInput } from "@/lib/operations/sign-in/credentials"

interface ChosenRole {
  readonly id: string
  readonly name: string
  readonly permissions: readonly string[]
  readonly appIds: readonly string[]
}

/**
 * Adds a person to the organization with the named roles, or adds these roles to a member. Creates an account without
 * a password for an unknown person: a one-time link lets them set one.
 */
export const addMember = operation({
  name: "organization_member.add",
  summary: "Adds a person to the organization, with roles.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    email: emailInput,
    name: nameInput,
    roles: z.array(z.string().max(100)).min(1, "Name at least one role.").max(20),
  }),
  run: async (context, { email, name, roles: names }) => {
    const { caller, organization, prisma } = context
    const roles = await chooseRoles(context, names)
    refuseGrantingMore(caller.principal, roles)
    if (areRolesPowerful(roles)) requireRecentProof(caller)
    const person = await findOrMakePerson(context, { email, name })
    const key = { organizationId: organization.id, personId: person.id }
    const known = await prisma.membership.findUnique({ where: { organizationId_personId: key } })
    if (known?.status === "suspended") {
      throw new AppError("conflict", `${person.name} is suspended in this organization.`)
    }
    await prisma.membership.createMany({ data: [{ ...key, createdAt: caller.at }], skipDuplicates: true })
    const before = await rolesOf(context, person.id)
    await prisma.membershipRole.createMany({
      data: roles.map(role => ({ ...key, roleId: role.id })),
      skipDuplicates: true,
    })
    const after = await rolesOf(context, person.id)
    return {
      value: { person, rolesAfter: after },
      event: {
        targets: [{ type: "user", id: person.id, name: person.name }],
        description: known === null ? `${person.name} became a member.` : `${person.name} received roles.`,
        changes: [{ path: "/roles", before: known === null ? null : before, after }],
      },
    }
  },
})

async function chooseRoles(
  { prisma, organization }: Work,
  names: readonly string[],
): Promise<readonly ChosenRole[]> {
  const all = await prisma.role.findMany({
    where: { organizationId: organization.id },
    select: { id: true, name: true, permissions: true, appIds: true },
    orderBy: { name: "asc" },
  })
  const faults = names.flatMap((name, position) =>
    all.some(role => role.name === name)
      ? []
      : [
          {
            pointer: `/roles/${position}`,
            message: `There is no role "${name}". There are: ${all.map(role => role.name).join(", ")}.`,
          },
        ],
  )
  if (faults.length > 0) throw new AppError("invalid", "Not every role exists.", { faults })
  return all.filter(role => names.includes(role.name))
}

async function findOrMakePerson(
  { prisma, caller: { at } }: Work,
  { email, name }: { readonly email: string; readonly name: string },
) {
  const id = newId(at.getTime())
  await prisma.person.createMany({ data: [{ id, email, name, createdAt: at }], skipDuplicates: true })
  return prisma.person.findUniqueOrThrow({ where: { email }, select: { id: true, name: true, email: true } })
}

async function rolesOf({ prisma, organization }: Work, personId: string): Promise<string[]> {
  const held = await prisma.membershipRole.findMany({
    where: { organizationId: organization.id, personId },
    select: { role: { select: { name: true } } },
  })
  return held.map(({ role }) => role.name).sort()
}
