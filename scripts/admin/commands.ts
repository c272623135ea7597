import { listMembers, listOrganizations } from "@/lib/access/directory"
import { newId } from "@/lib/audit/ids"
import { createApiKey } from "@/lib/operations/api-keys/create"
import { listApiKeys } from "@/lib/operations/api-keys/list"
import { revokeApiKey } from "@/lib/operations/api-keys/revoke"
import { createApp } from "@/lib/operations/apps/create"
import { listApps } from "@/lib/operations/apps/list"
import { endMemberSessions } from "@/lib/operations/members/end-sessions"
import { reactivateMember, suspendMember } from "@/lib/operations/members/status"
import { builtInRoles, createOrganization } from "@/lib/operations/organizations/create"
import { platform } from "@/lib/platform"
import { type Given, type Option, UsageError } from "./arguments"
import { type Answer, lines, table } from "./output"
import { actOnMember, addPerson, linkFor, linkForFirst, restoreAdministrator } from "./people"
import { writeSupportDump } from "./support-dump"
import { baseUrl, call, chosen } from "./target"

/** One command: its words, its options, and its work. */
export interface Command {
  readonly words: readonly string[]
  readonly summary: string
  readonly options: Readonly<Record<string, Option>>
  /** Throws UsageError when the options contradict each other. */
  readonly check?: (given: Given) => void
  readonly run: (given: Given) => Promise<Answer>
}

const organization = {
  hint: "SLUG",
  means: "the organization; may be left out while there is only one",
} as const satisfies Option
const email = {
  hint: "ADDRESS",
  means: "the person's e-mail address",
  required: true,
} as const satisfies Option
const personName = { hint: "NAME", means: "the person's name", required: true } as const satisfies Option

/** Every command, in the order of the usage text. */
export const commands: readonly Command[] = [
  {
    words: ["organization", "create"],
    summary: "Make an organization.",
    options: {
      slug: { hint: "SLUG", means: "its part of addresses, like acme", required: true },
      name: { hint: "NAME", means: "its name for people", required: true },
    },
    run: async given => {
      const id = newId(Date.now())
      const intended = { id, slug: given.one("slug"), name: given.one("name") }
      const made = await call(createOrganization, intended, { slug: intended.slug, name: intended.name })
      return { value: made, text: `The organization ${made.name} was created: ${baseUrl()}/${made.slug}` }
    },
  },
  {
    words: ["organization", "list"],
    summary: "List the organizations.",
    options: {},
    run: async () => {
      const found = await listOrganizations(platform().database)
      return {
        value: found,
        text: table(
          ["SLUG", "NAME"],
          found.map(one => [one.slug, one.name]),
        ),
      }
    },
  },
  {
    words: ["administrator", "create"],
    summary: "Make a person an administrator; prints a one-time link if they have no password yet.",
    options: { organization, email, name: personName },
    run: given => addPerson(given, [builtInRoles.administrator.name]),
  },
  {
    words: ["administrator", "restore"],
    summary:
      "Let a locked-out administrator in again: reactivates them, gives the role back, prints a one-time link.",
    options: { organization, email },
    run: restoreAdministrator,
  },
  {
    words: ["member", "create"],
    summary: "Make a person a member with roles; prints a one-time link if they have no password yet.",
    options: {
      organization,
      email,
      name: personName,
      role: {
        hint: "ROLE",
        means: `a role's name, like "${builtInRoles.auditor.name}"; may be repeated`,
        required: true,
        several: true,
      },
    },
    run: given => addPerson(given, given.several("role")),
  },
  {
    words: ["member", "suspend"],
    summary: "Suspend a member: they keep what they hold and are refused from the next request on.",
    options: { organization, email },
    run: given => actOnMember(given, suspendMember, "is suspended"),
  },
  {
    words: ["member", "reactivate"],
    summary: "Let a suspended member in again.",
    options: { organization, email },
    run: given => actOnMember(given, reactivateMember, "is active again"),
  },
  {
    words: ["member", "sign-out"],
    summary: "Sign a member out in every browser.",
    options: { organization, email },
    run: given => actOnMember(given, endMemberSessions, "is signed out everywhere"),
  },
  {
    words: ["person", "list"],
    summary: "List the members of an organization with their roles.",
    options: { organization },
    run: async given => {
      const members = await listMembers(platform().database, (await chosen(given)).id)
      const rows = members.map(one => [
        one.email,
        one.name,
        one.status,
        one.roles.join(", "),
        one.hasPassword ? "yes" : "no",
      ])
      return { value: members, text: table(["E-MAIL", "NAME", "STATUS", "ROLES", "PASSWORD"], rows) }
    },
  },
  {
    words: ["link"],
    summary: "Print a one-time link by which a person sets a password; older links of theirs become void.",
    options: {
      email: { hint: "ADDRESS", means: "the person's e-mail address" },
      first: {
        hint: "",
        means: "the first administrator, as long as no administrator has a password",
        bare: true,
      },
    },
    check: given => {
      if (given.has("email") === given.has("first")) {
        throw new UsageError("Say for whom: either --email ADDRESS or --first.")
      }
    },
    run: given => (given.has("first") ? linkForFirst() : linkFor(given.one("email"))),
  },
  {
    words: ["support-dump"],
    summary: "Write a zip file for somebody who helps: versions, settings, state and log, without secrets.",
    options: {
      organization,
      out: { hint: "FILE", means: "the file to write; it must not exist yet", required: true },
    },
    run: writeSupportDump,
  },
  {
    words: ["app", "create"],
    summary: "Make an app: a producer of events.",
    options: {
      organization,
      slug: { hint: "SLUG", means: "its name in addresses and filters, like billing", required: true },
      name: { hint: "NAME", means: "its name for people", required: true },
    },
    run: async given => {
      const made = await call(createApp, await chosen(given), {
        slug: given.one("slug"),
        name: given.one("name"),
      })
      return { value: made, text: `The app ${made.name} was created.` }
    },
  },
  {
    words: ["app", "list"],
    summary: "List the apps of an organization.",
    options: { organization },
    run: async given => {
      const apps = await call(listApps, await chosen(given), {})
      const rows = apps.map(app => [
        app.slug,
        app.name,
        app.builtIn ? "built in" : app.archivedAt ? "archived" : "",
      ])
      return { value: apps, text: table(["SLUG", "NAME", ""], rows) }
    },
  },
  {
    words: ["key", "create"],
    summary: "Make an API key; it is printed once and cannot be shown again.",
    options: {
      organization,
      app: { hint: "SLUG", means: "the app whose events the key sends", required: true },
      name: { hint: "NAME", means: "what the key is for", required: true },
      scope: {
        hint: "SCOPE",
        means: "what it may do: LOG-INGESTION to send events, LOG-MANAGEMENT to read them; may be repeated",
        required: true,
        several: true,
      },
      expires: {
        hint: "DAY",
        means: "its last day, like 2027-01-31, within one year; else it works until it is revoked",
      },
    },
    run: async given => {
      const input = {
        app: given.one("app"),
        name: given.one("name"),
        scopes: given.several("scope"),
        expiresAt: given.maybe("expires") ?? null,
      }
      const made = await call(createApiKey, await chosen(given), input)
      return {
        value: made,
        text: lines(`The key ${made.name} of the app ${made.app.name}; it is not shown again:`, "", made.key),
      }
    },
  },
  {
    words: ["key", "list"],
    summary: "List API keys: what they may do, and when they were last used.",
    options: { organization, app: { hint: "SLUG", means: "only the keys of this app" } },
    run: async given => {
      const keys = await call(listApiKeys, await chosen(given), { app: given.maybe("app") })
      const rows = keys.map(key => [
        key.id,
        key.app.slug,
        key.name,
        `${key.prefix}...${key.lastFour}`,
        key.scopes.join(" "),
        key.isIdle ? "active, unused for 90 days" : key.state,
        key.expiresAt ?? "never",
        key.lastUsedAt ?? "never",
      ])
      return {
        value: keys,
        text: table(["ID", "APP", "NAME", "KEY", "SCOPES", "STATE", "EXPIRES", "LAST USED"], rows),
      }
    },
  },
  {
    words: ["key", "revoke"],
    summary: "Revoke an API key; it is refused within five seconds.",
    options: {
      organization,
      id: { hint: "ID", means: "the key's id, as the list shows it", required: true },
    },
    run: async given => {
      const revoked = await call(revokeApiKey, await chosen(given), { id: given.one("id") })
      return { value: revoked, text: `The key ${revoked.name} of the app ${revoked.app.name} is revoked.` }
    },
  },
]
