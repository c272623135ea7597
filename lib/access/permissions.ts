/** The areas of permissions, in the order in which a form shows them. */
export const permissionGroups = ["Logs", "Apps", "People", "Organization"] as const

export type PermissionGroup = (typeof permissionGroups)[number]

interface Entry {
  /** Its name in plain words, besides its code. */
  readonly name: string
  readonly group: PermissionGroup
  /** One sentence that an administrator understands. */
  readonly description: string
  readonly includes: readonly string[]
  /** Set while its screens are planned for a later release; it can be given already. */
  readonly comesLater?: true
  /** Set when its holders can make others more powerful: giving it requires a recent proof of identity. */
  readonly powerful?: true
}

/** The catalogue of permissions: what each lets its holder do, in words for an administrator, and what it includes. */
const catalogue = {
  "LOG-MANAGEMENT": {
    name: "Read all logs",
    group: "Logs",
    description: "See, search and export the organization's audit logs.",
    includes: ["LOG-EXPORT", "LOG-OWN"],
  },
  "LOG-EXPORT": {
    name: "Export logs",
    group: "Logs",
    description: "Export the audit logs that one may see: with nothing else, one's own actions.",
    includes: ["LOG-OWN"],
  },
  "LOG-OWN": {
    name: "Read one’s own actions",
    group: "Logs",
    description: "See one's own actions in the audit logs.",
    includes: [],
  },
  "LOG-INGESTION": {
    name: "Send events",
    group: "Logs",
    description: "Send events into the audit logs.",
    includes: [],
  },
  "APP-MANAGEMENT": {
    name: "Manage apps and their keys",
    group: "Apps",
    description: "Make, rename and archive apps, and manage their API keys and collaborators.",
    includes: [],
  },
  "CAPTURE-MANAGEMENT": {
    name: "Decide what is recorded",
    group: "Logs",
    description: "Decide what is recorded of API calls.",
    includes: [],
  },
  "SINK-MANAGEMENT": {
    name: "Manage sinks",
    group: "Logs",
    description: "Send copies of the whole log to other systems. Needs the permission to read all logs.",
    includes: [],
    powerful: true,
  },
  "RETENTION-MANAGEMENT": {
    name: "Decide how long logs are kept",
    group: "Logs",
    description: "Decide how long events are kept.",
    includes: [],
    comesLater: true,
  },
  "INTEGRITY-MANAGEMENT": {
    name: "Verify the log",
    group: "Logs",
    description: "Verify that nobody changed the log, and manage the keys that prove it.",
    includes: [],
    comesLater: true,
  },
  "MEMBER-MANAGEMENT": {
    name: "Manage members",
    group: "People",
    description: "Invite members, suspend, reactivate and remove them, and end their sessions.",
    includes: [],
    powerful: true,
  },
  "ROLE-MANAGEMENT": {
    name: "Manage roles and groups",
    group: "People",
    description: "Create roles and groups, and decide who holds which role.",
    includes: [],
    powerful: true,
  },
  "ORGANIZATION-MANAGEMENT": {
    name: "Manage the organization",
    group: "Organization",
    description: "Rename the organization, and make new ones.",
    includes: [],
    powerful: true,
  },
} as const satisfies Record<string, Entry>

export type Permission = keyof typeof catalogue

/** The description of a permission. */
export interface PermissionDescription {
  readonly permission: Permission
  readonly name: string
  readonly group: PermissionGroup
  readonly description: string
  /** All permissions that it includes. */
  readonly includes: readonly Permission[]
  /** True while its screens are planned for a later release. */
  readonly comesLater: boolean
}

const entries: Readonly<Record<Permission, Entry>> = catalogue

/** All permissions, in the order of the catalogue. */
export const permissions = Object.keys(catalogue).filter(isPermission)

/** Returns whether a text is a permission of the catalogue. */
export function isPermission(text: string): text is Permission {
  return Object.hasOwn(catalogue, text)
}

/** Returns the name of the permission in plain words. */
export function permissionName(permission: Permission): string {
  return entries[permission].name
}

/** Returns one sentence about what the permission lets its holder do. */
export function describePermission(permission: Permission): string {
  return entries[permission].description
}

/** Returns the whole catalogue, in order, to choose from. */
export function describePermissions(): readonly PermissionDescription[] {
  return permissions.map(permission => {
    const { name, group, description, includes, comesLater } = entries[permission]
    return {
      ...{ permission, name, group },
      description,
      includes: includes.filter(isPermission),
      comesLater: comesLater === true,
    }
  })
}

/** Returns the permissions and all that they include. */
export function expandPermissions(held: Iterable<Permission>): ReadonlySet<Permission> {
  const all = new Set<Permission>()
  for (const permission of held) {
    all.add(permission)
    for (const included of catalogue[permission].includes) all.add(included)
  }
  return all
}

/** Returns whether giving it requires a recent proof of identity: its holder can make others more powerful. */
export function isPowerful(permission: Permission): boolean {
  return entries[permission].powerful === true
}

/**
 * Returns the permission to ask an administrator for: the first one of the catalogue that includes it, else the permission
 * itself.
 */
export function permissionToAskFor(permission: Permission): Permission {
  return permissions.find(wider => entries[wider].includes.includes(permission)) ?? permission
}
