import { Monitor } from "lucide-react"
import { ConfirmAction } from "@/components/form/confirm-action"
import type { Submit } from "@/components/form/use-submit"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import { OwnTime } from "@/components/zone/own-time"
import { browserInWords } from "./browser-words"
import { SignOutButton, SignOutEverywhere } from "./sign-out-buttons"
import type { SignOut } from "./use-sign-out"

/** One browser in which the person is signed in. */
export interface OwnSession {
  readonly id: string
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly ip: string | null
  readonly userAgent: string | null
  readonly method: string
  /** True for the browser that shows the page. */
  readonly isThisOne: boolean
}

export interface OwnSessionsProps {
  readonly sessions: readonly OwnSession[]
  readonly signOut: SignOut
  readonly signOutEverywhere: SignOut
  readonly signOutThere: Submit<unknown, { readonly sessionId: string }>
  readonly signOutElsewhere: Submit<unknown, Readonly<Record<string, never>>>
}

const methods: Readonly<Record<string, string>> = {
  password: "password",
  "sign-in-link": "e-mail link",
  "openid-connect": "OpenID Connect",
}

/** The sessions of the person: this browser first, then the others, each with a button that ends it. */
export function OwnSessions(props: OwnSessionsProps) {
  const { sessions, signOut, signOutEverywhere, signOutThere, signOutElsewhere } = props
  const others = sessions.filter(session => !session.isThisOne)
  const ordered = [...sessions.filter(session => session.isThisOne), ...others]
  return (
    <div className="grid gap-4">
      <ul className="grid divide-y rounded-md border" aria-label="Sessions">
        {ordered.map(session => (
          <SessionRow key={session.id} session={session} signOut={signOut} signOutThere={signOutThere} />
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        {others.length > 0 ? (
          <ConfirmAction
            trigger={<Button>Sign out everywhere else</Button>}
            title="Sign out everywhere else?"
            confirmLabel="Sign out everywhere else"
            action={signOutElsewhere}
            input={{}}
            done="Signed out everywhere else."
          >
            <p>
              {others.length === 1 ? "The other browser has" : `The ${others.length} other browsers have`} to
              sign in again. You stay signed in here. API keys go on working.
            </p>
          </ConfirmAction>
        ) : null}
        <SignOutEverywhere signOutEverywhere={signOutEverywhere} />
      </div>
    </div>
  )
}

type RowProps = Pick<OwnSessionsProps, "signOut" | "signOutThere"> & { readonly session: OwnSession }

function SessionRow({ session, signOut, signOutThere }: RowProps) {
  const words = browserInWords(session.userAgent)
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 p-3">
      <Monitor aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
      <div className="grid min-w-0 flex-1 basis-52 gap-1 text-sm">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium wrap-anywhere">
          {words}
          {session.isThisOne ? <Badge tone="primary">This browser</Badge> : null}
        </p>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-xs text-muted-foreground">
          <dt>Signed in</dt>
          <dd className="text-foreground">
            <OwnTime instant={session.createdAt} format="minute" /> by{" "}
            {methods[session.method] ?? session.method}
          </dd>
          <dt>Last seen</dt>
          <dd className="text-foreground">
            <OwnTime instant={session.lastSeenAt} format="minute" />
          </dd>
          <dt>Address</dt>
          <dd className="font-data text-foreground wrap-anywhere">{session.ip ?? "unknown"}</dd>
        </dl>
      </div>
      {session.isThisOne ? (
        <SignOutButton signOut={signOut} />
      ) : (
        <ConfirmAction
          trigger={<Button size="sm">Sign out there</Button>}
          title={`Sign out of ${words}?`}
          confirmLabel="Sign out there"
          action={signOutThere}
          input={{ sessionId: session.id }}
          done="Signed out there."
        >
          <p>That browser has to sign in again. You stay signed in here and everywhere else.</p>
        </ConfirmAction>
      )}
    </li>
  )
}
