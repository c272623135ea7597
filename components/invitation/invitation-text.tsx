import { Time } from "@/components/time/time"

/** An invitation as its page shows it. */
export interface OpenInvitation {
  readonly organizationName: string
  readonly inviterName: string | null
  readonly email: string
  readonly expiresAt: string
  readonly roles: readonly { readonly name: string; readonly description: string }[]
  readonly groups: readonly { readonly name: string }[]
  /** The apps in which the roles are given; none = every app. */
  readonly apps: readonly { readonly name: string }[]
  readonly isSignedIn: boolean
  readonly hasAccount: boolean
}

/** Who invites whom to what, what comes with it, and until when it can be answered. */
export function InvitationText({ invitation }: { readonly invitation: OpenInvitation }) {
  const { organizationName, inviterName, email, expiresAt, roles, groups, apps } = invitation
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold wrap-anywhere">Join {organizationName}</h1>
      <p className="mb-4 text-sm text-muted-foreground text-pretty wrap-anywhere">
        {inviterName ? `${inviterName} has invited you` : "You have been invited"} as{" "}
        <span className="text-foreground">{email}</span>. The invitation is open until{" "}
        <Time instant={new Date(expiresAt)} zone="UTC" format="minute" /> UTC.
      </p>
      {roles.length + groups.length > 0 ? (
        <ul aria-label="What you get" className="mb-5 grid divide-y rounded-md border text-sm">
          {roles.map(({ name, description }) => (
            <li key={name} className="px-3 py-2">
              <span className="font-medium wrap-anywhere">{name}</span>
              {apps.length > 0 ? (
                <span className="wrap-anywhere">
                  {" "}
                  in the {apps.length === 1 ? "app" : "apps"} {apps.map(app => app.name).join(", ")}
                </span>
              ) : null}
              {description ? (
                <span className="block text-xs text-muted-foreground text-pretty">{description}</span>
              ) : null}
            </li>
          ))}
          {groups.map(({ name }) => (
            <li key={`group ${name}`} className="px-3 py-2">
              <span className="text-muted-foreground">Group</span>{" "}
              <span className="font-medium wrap-anywhere">{name}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}
