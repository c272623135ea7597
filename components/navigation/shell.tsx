import Link from "next/link"
import type { ReactNode } from "react"
import type { SignOut } from "@/components/account/use-sign-out"
import { ProofProvider } from "@/components/form/proof-provider"
import type { Submit } from "@/components/form/use-submit"
import type { CreateOrganizationProps } from "@/components/organization/create-organization-dialog"
import { type RememberZone, ZoneProvider } from "@/components/zone/zone-context"
import type { Permission } from "@/lib/access/permissions"
import type { OrganizationRef } from "@/lib/access/principal"
import { AccountMenu } from "./account-menu"
import { Watches, ZoneOffer } from "./late-parts"
import { Logo } from "./logo"
import { NarrowNavigation } from "./narrow-navigation"
import { OrganizationSwitcher } from "./organization-switcher"
import { adminPlacesFor } from "./places"
import { SideNavigation } from "./side-navigation"
import { TopLink } from "./top-link"

export interface ShellProps {
  readonly person: {
    readonly name: string
    readonly email: string
    readonly hasPassword: boolean
    readonly identityProvider: string | null
    readonly timeZone: string | null
  }
  /** The organization in the url; null on pages of the person alone. */
  readonly organization: OrganizationRef | null
  /** All organizations in which the person is an active member. */
  readonly organizations: readonly OrganizationRef[]
  /** The permissions of the person in that organization. */
  readonly permissions: readonly Permission[]
  /** Creates another organization, for people with the permission. */
  readonly create?: CreateOrganizationProps
  readonly signOut: SignOut
  /** Proves the person's identity by the password. */
  readonly prove: Submit<unknown, { readonly password: string }>
  /** Mails a sign-in link: the proof of people without a password. */
  readonly requestLink: Submit<unknown, { readonly email: string; readonly returnTo: string }>
  /** Stores the zone in which the person reads times. */
  readonly rememberZone: RememberZone
  readonly children: ReactNode
}

/** The frame of the console: skip link, top navigation, left navigation, and the content of the page. */
export function Shell(props: ShellProps) {
  const { person, organization, organizations, permissions, signOut, prove, requestLink, children } = props
  const { rememberZone } = props
  const home = organization ?? organizations[0]
  const leads = organization !== null && adminPlacesFor(permissions).length > 0
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 rounded-md border bg-popover px-3 py-1.5 text-sm font-medium not-focus:sr-only"
      >
        Skip to content
      </a>
      <Watches email={person.email} />
      <header className="sticky top-0 z-30 flex h-header items-center gap-2 border-b bg-card px-3 sm:gap-3 sm:px-4">
        {leads ? <NarrowNavigation slug={organization.slug} permissions={permissions} /> : null}
        <Link
          href={home ? `/${home.slug}` : "/"}
          prefetch={false}
          className="flex items-center gap-2 rounded-sm text-sm font-semibold"
        >
          <Logo />
          <span className="max-sm:sr-only">Auditorium</span>
        </Link>
        {organization ? (
          <>
            <span aria-hidden="true" className="text-border select-none">
              /
            </span>
            <OrganizationSwitcher
              current={organization}
              organizations={organizations}
              create={permissions.includes("ORGANIZATION-MANAGEMENT") ? (props.create ?? null) : null}
            />
          </>
        ) : null}
        <nav aria-label="Top" className="ml-auto flex h-full items-center gap-4 sm:ml-3">
          {home ? <TopLink slug={home.slug} /> : null}
        </nav>
        <div className="flex items-center sm:ml-auto">
          <AccountMenu name={person.name} email={person.email} signOut={signOut} />
        </div>
      </header>
      <div className="flex flex-1">
        {leads ? (
          <div className="sticky top-header h-[calc(100dvh-var(--spacing-header))] w-rail shrink-0 overflow-y-auto border-r max-lg:hidden">
            <SideNavigation slug={organization.slug} permissions={permissions} />
          </div>
        ) : null}
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          <ProofProvider prove={prove} requestLink={requestLink} person={person}>
            <ZoneProvider timeZone={person.timeZone} remember={rememberZone}>
              {children}
              <ZoneOffer />
            </ZoneProvider>
          </ProofProvider>
        </main>
      </div>
    </div>
  )
}
