import { ConfirmAction } from "@/components/form/confirm-action"
import type { Submit } from "@/components/form/use-submit"
import { ProviderButton } from "@/components/sign-in/provider-button"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { OwnTime } from "@/components/zone/own-time"

/** An account at an OpenID provider that is connected with the person. */
export interface OwnIdentity {
  readonly id: string
  readonly issuer: string
  readonly email: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}

export interface IdentitiesProps {
  /** The display name and the issuer of the provider; null when there is none (any more). */
  readonly provider: { readonly name: string; readonly issuer: string } | null
  readonly identities: readonly OwnIdentity[]
  readonly hasPassword: boolean
  /** Why the last attempt failed. */
  readonly refusal: string | null
  readonly disconnect: Submit<unknown, { readonly identityId: string }>
}

/** The accounts at providers with which the person signs in: each can be disconnected, and another one connected. */
export function Identities({ provider, identities, hasPassword, refusal, disconnect }: IdentitiesProps) {
  const isConnected = identities.some(({ issuer }) => issuer === provider?.issuer)
  return (
    <div className="grid gap-4">
      {refusal === null ? null : (
        <Alert tone="failure" role="alert">
          {refusal}
        </Alert>
      )}
      {identities.length > 0 ? (
        <ul className="grid divide-y rounded-md border" aria-label="Connected accounts">
          {identities.map(identity => (
            <IdentityRow
              key={identity.id}
              identity={identity}
              name={identity.issuer === provider?.issuer ? provider.name : hostOf(identity.issuer)}
              hasPassword={hasPassword}
              disconnect={disconnect}
            />
          ))}
        </ul>
      ) : null}
      {provider !== null && !isConnected ? (
        <div className="grid justify-items-start gap-4">
          <p className="text-pretty">
            {`Connect your account at ${provider.name}, and sign in here with it from then on.`}
          </p>
          <ProviderButton purpose="connect" returnTo="/account">{`Connect ${provider.name}`}</ProviderButton>
        </div>
      ) : null}
    </div>
  )
}

interface RowProps extends Pick<IdentitiesProps, "hasPassword" | "disconnect"> {
  readonly identity: OwnIdentity
  readonly name: string
}

function IdentityRow({ identity, name, hasPassword, disconnect }: RowProps) {
  const { id, email, createdAt, lastUsedAt } = identity
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 p-3">
      <div className="grid min-w-0 flex-1 basis-52 gap-1 text-sm">
        <p className="font-medium wrap-anywhere">
          {name.charAt(0).toUpperCase()}
          {name.slice(1)}
        </p>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-xs text-muted-foreground">
          <dt>Account</dt>
          <dd className="text-foreground wrap-anywhere">{email}</dd>
          <dt>Connected</dt>
          <dd className="text-foreground">
            <OwnTime instant={createdAt} format="minute" />
          </dd>
          <dt>Last used</dt>
          <dd className="text-foreground">
            {lastUsedAt === null ? "never" : <OwnTime instant={lastUsedAt} format="minute" />}
          </dd>
        </dl>
        {hasPassword ? null : (
          <p className="text-xs text-muted-foreground text-pretty">
            To disconnect it, set a password first: else nothing would be left to prove who you are with.
          </p>
        )}
      </div>
      {hasPassword ? (
        <ConfirmAction
          trigger={<Button size="sm">Disconnect</Button>}
          title={`Disconnect ${name}?`}
          confirmLabel="Disconnect"
          destructive
          action={disconnect}
          input={{ identityId: id }}
          done="Disconnected."
        >
          <p>
            {`Signing in with ${email} there will not lead to this account any more. Your password goes on working.`}
          </p>
        </ConfirmAction>
      ) : null}
    </li>
  )
}

function hostOf(issuer: string): string {
  return URL.canParse(issuer) ? new URL(issuer).host : issuer
}
