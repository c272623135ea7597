import type { Metadata } from "next"
import type { ComponentProps } from "react"
import { requestPasswordResetAction, requestSignInLinkAction } from "@/app/(auth)/sign-in/actions"
import {
  disconnectIdentityAction,
  endSessionsElsewhereAction,
  endSessionThereAction,
  updateProfileAction,
} from "@/app/(console)/account/actions"
import {
  changePasswordAction,
  proveAction,
  rememberZoneAction,
  signOutAction,
  signOutEverywhereAction,
} from "@/app/(console)/actions"
import { ChangePasswordForm } from "@/components/account/change-password-form"
import { FirstPassword } from "@/components/account/first-password"
import { Identities } from "@/components/account/identities"
import { OwnOrganizations } from "@/components/account/own-organizations"
import { OwnSessions } from "@/components/account/own-sessions"
import { ProfileForm } from "@/components/account/profile-form"
import { SettingsSection } from "@/components/account/settings-section"
import { Page } from "@/components/navigation/page"
import { PageHeader } from "@/components/navigation/page-header"
import { Refused } from "@/components/navigation/refused"
import { Shell } from "@/components/navigation/shell"
import { run } from "@/lib/http/run"
import { identityProvider } from "@/lib/http/sign-in/identity-provider"
import { listIdentities } from "@/lib/operations/sign-in/identity-own"
import { identityRefusalWords } from "@/lib/operations/sign-in/identity-refusals"
import { listUserSessions } from "@/lib/operations/sign-in/own-sessions"
import { findUserSession, minimumPasswordCharacters } from "@/lib/operations/sign-in/user-session"

export const metadata: Metadata = { title: "Account" }

interface PageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

/** The settings of the person, in all organizations. */
export default async function AccountPage({ searchParams }: PageProps) {
  const session = await run(findUserSession, null, {})
  if (!session.ok) return <NotShown {...session} />
  const own = await run(listUserSessions, null, {})
  if (!own.ok) return <NotShown {...own} />
  const connected = await run(listIdentities, null, {})
  if (!connected.ok) return <NotShown {...connected} />
  const provider = identityProvider()
  const { refused } = await searchParams
  const refusal =
    provider && typeof refused === "string" ? identityRefusalWords(refused, provider.name) : null
  const { person, organizations } = session.value
  return (
    <Shell
      {...session.value}
      signOut={signOutAction}
      prove={proveAction}
      rememberZone={rememberZoneAction}
      requestLink={requestSignInLinkAction}
    >
      <Page narrow>
        <PageHeader title="Account" description="Yours in every organization." />
        <SettingsSection
          id="profile"
          title="Profile"
          description="Colleagues read this name beside what you do. What is in a log already keeps the name of its time."
        >
          <ProfileForm
            key={person.name}
            updateProfile={updateProfileAction.bind(null, null)}
            name={person.name}
            email={person.email}
          />
        </SettingsSection>
        <SettingsSection
          id="password"
          title="Password"
          description={
            person.hasPassword
              ? "Changing it signs you out of every other browser, and a mail tells you so."
              : "A second way to sign in, beside the one that you use."
          }
        >
          {person.hasPassword ? (
            <ChangePasswordForm
              changePassword={changePasswordAction.bind(null, null)}
              email={person.email}
              minimumCharacters={minimumPasswordCharacters}
            />
          ) : (
            <FirstPassword requestReset={requestPasswordResetAction} email={person.email} />
          )}
        </SettingsSection>
        {provider !== null || connected.value.identities.length > 0 ? (
          <SettingsSection
            id="identities"
            title="Connected accounts"
            description="Accounts elsewhere by which you sign in here."
          >
            <Identities
              {...connected.value}
              provider={provider}
              refusal={refusal}
              disconnect={disconnectIdentityAction.bind(null, null)}
            />
          </SettingsSection>
        ) : null}
        <SettingsSection
          id="sessions"
          title="Sessions"
          description="Where you are signed in. A browser that you do not know? Sign out there and change the password."
        >
          <OwnSessions
            sessions={own.value.sessions}
            signOut={signOutAction}
            signOutEverywhere={signOutEverywhereAction}
            signOutThere={endSessionThereAction.bind(null, null)}
            signOutElsewhere={endSessionsElsewhereAction.bind(null, null)}
          />
        </SettingsSection>
        <SettingsSection
          id="organizations"
          title="Organizations"
          description="Where you are a member. Each organization assigns its own roles."
        >
          <OwnOrganizations organizations={organizations} />
        </SettingsSection>
      </Page>
    </Shell>
  )
}

function NotShown(refused: ComponentProps<typeof Refused>) {
  return (
    <main>
      <Refused {...refused} />
    </main>
  )
}
