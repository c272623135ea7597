/** The catalogue of permissions: what each lets its holder do, in words for an administrator, and what it includes. */
const catalogue = {
  "LOG-MANAGEMENT": {
    description: "See, search and export the organization's audit logs.",
    includes: ["LOG-EXPORT", "LOG-OWN"],
  },
  "LOG-EXPORT": { description: "Export the audit logs that one may see.", includes: [] },
  "LOG-OWN": { description: "See one's own actions in the audit logs.", includes: [] },
  "LOG-INGESTION": { description: "Send events.", includes: [] },
  "APP-MANAGEMENT": { description: "Manage apps and their API keys.", includes: [] },
  "CAPTURE-MANAGEMENT": { description: "Decide what is recorded of API calls.", includes: [] },
  "RETENTION-MANAGEMENT": { description: "Decide how long events are kept.", includes: [] },
  "INTEGRITY-MANAGEMENT": { description: "Verify the log and manage its keys.", includes: [] },
  "MEMBER-MANAGEMENT": { description: "Invite, suspend and remove members.", includes: [] },
  "ROLE-MANAGEMENT": { description: "Create roles and hand them out.", includes: [] },
  "ORGANIZATION-MANAGEMENT": {
    description: "Rename the organization and change its settings.",
    includes: [],
  },
} as const satisfies Record<string, { description: string; includes: readonly string[] }>

export type Permission = keyof typeof catalogue

/** Promise: every permission there is, in the order of the catalogue. */
export const permissions = Object.keys(catalogue).filter(isPermission)

/** Tells whether a text names a permission of the catalogue. */
export function isPermission(text: string): text is Permission {
  return Object.hasOwn(catalogue, text)
}

/** Promise: one sentence saying what the permission lets its holder do. */
export function describePermission(permission: Permission): string {
  return catalogue[permission].description
}

/** Promise: the given permissions and all that they include. */
export function expandPermissions(held: Iterable<Permission>): ReadonlySet<Permission> {
  const all = new Set<Permission>()
  for (const permission of held) {
    all.add(permission)
    for (const included of catalogue[permission].includes) all.add(included)
  }
  return all
}
