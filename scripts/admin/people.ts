import { listAdministrators, listMembers, organizationsOfPerson } from "@/lib/access/directory"
import { AppError } from "@/lib/errors"
import type { AnyOperation } from "@/lib/operations/core/operation"
import { addMember } from "@/lib/operations/members/add"
import { reactivateMember } from "@/lib/operations/members/status"
import { builtInRoles } from "@/lib/operations/organizations/create"
import { createSignInLink } from "@/lib/operations/sign-in/sign-in"
import { platform } from "@/lib/platform"
import type { Given } from "./arguments"
import { type Answer, lines } from "./output"
import { baseUrl, call, chosen } from "./target"

/** Adds a member with these roles, and creates a link when they have no password. */
export async function addPerson(given: Given, roles: readonly string[]): Promise<Answer> {
  const target = await chosen(given)
  const input = { email: given.one("email"), name: given.one("name"), roles }
  const { person, rolesAfter } = await call(addMember, target, input)
  const said = `${person.name} is a member of ${target.name} with: ${rolesAfter.join(", ")}.`
  const members = await listMembers(platform().database, target.id)
  const value = { ...person, organization: target.slug, roles: rolesAfter, link: null, expiresAt: null }
  if (members.some(member => member.personId === person.id && member.hasPassword))
    return { value, text: said }
  const link = await makeLink(person.email)
  return { value: { ...value, ...link }, text: lines(said, ...linkLines(link)) }
}

/**
 * Restores access of a locked out administrator, whatever the reason: no longer a member, suspended, without the role,
 * without the password, or after too many attempts. Removes nothing from anybody.
 */
export async function restoreAdministrator(given: Given): Promise<Answer> {
  const target = await chosen(given)
  const { id, email, name } = await findPerson(given.one("email"))
  const before = await listMembers(platform().database, target.id)
  const isSuspended = before.some(member => member.personId === id && member.status === "suspended")
  if (isSuspended) await call(reactivateMember, target, { personId: id })
  const { rolesAfter } = await call(addMember, target, {
    email,
    name,
    roles: [builtInRoles.administrator.name],
  })
  const link = await makeLink(email)
  const said = `${name} is an active member of ${target.name} with: ${rolesAfter.join(", ")}.`
  return {
    value: { id, name, organization: target.slug, roles: rolesAfter, ...link },
    text: lines(said, ...linkLines(link)),
  }
}

/** Changes one member, named by their email. */
export async function actOnMember(given: Given, operation: AnyOperation, words: string): Promise<Answer> {
  const target = await chosen(given)
  const { id, email, name } = await findPerson(given.one("email"))
  await call(operation, target, { personId: id })
  return { value: { id, email, name, organization: target.slug }, text: `${name} ${words}.` }
}

/** Creates a link for the first administrator, while none has a password. */
export async function linkForFirst(): Promise<Answer> {
  const administrators = await listAdministrators(platform().database)
  const [first] = administrators
  if (!first) {
    throw new AppError(
      "not-found",
      "There is no administrator yet. Create one with: npm run admin -- administrator create",
    )
  }
  if (administrators.some(administrator => administrator.hasPassword)) {
    const text =
      "An administrator has a password already: no link was created. For one person: npm run admin -- link --email ADDRESS"
    return { value: { link: null, email: null, expiresAt: null }, text }
  }
  return linkFor(first.email)
}

/** Creates a link for the owner of the email. */
export async function linkFor(address: string): Promise<Answer> {
  const link = await makeLink(address)
  return { value: link, text: lines(...linkLines(link)) }
}

interface Link {
  readonly link: string
  readonly email: string
  readonly expiresAt: string
}

async function makeLink(address: string): Promise<Link> {
  const { database } = platform()
  const person = await findPerson(address)
  const [home] = await organizationsOfPerson(database, person.id)
  if (!home) throw new AppError("conflict", `${person.name} is no active member of any organization.`)
  const { token, expiresAt } = await call(createSignInLink, home, { email: person.email })
  return {
    link: `${baseUrl()}/sign-in/link?token=${token}`,
    email: person.email,
    expiresAt: expiresAt.toISOString(),
  }
}

async function findPerson(address: string) {
  const person = await platform().database.prisma.person.findUnique({
    where: { email: address.trim().toLowerCase() },
    select: { id: true, email: true, name: true },
  })
  if (!person) throw new AppError("not-found", `Nobody has the e-mail address ${address}.`)
  return person
}

function linkLines({ link, email: address, expiresAt }: Link): readonly string[] {
  return [
    `One-time link for ${address}, until ${expiresAt}:`,
    "",
    link,
    "",
    `It begins with BASE_URL, ${baseUrl()}; set that variable if people reach the console elsewhere.`,
  ]
}
