import type { Metadata } from "next"
import {
  changePasswordAction,
  proveAction,
  signOutAction,
  signOutEverywhereAction,
} from "@/app/(console)/actions"
import { ChangePasswordForm } from "@/components/account/change-password-form"
import { SettingsSection } from "@/components/account/settings-section"
import { SignOutButtons } from "@/components/account/sign-out-buttons"
import { Page } from "@/components/navigation/page"
import { PageHeader } from "@/components/navigation/page-header"
import { Refused } from "@/components/navigation/refused"
import { Shell } from "@/components/navigation/shell"
import { run } from "@/lib/http/run"
import { findUserSession, minimumPasswordCharacters } from "@/lib/operations/sign-in/user-session"

export const metadata: Metadata = { title: "Account" }

/** What belongs to the person, whatever the organization. */
export default async function AccountPage() {
  const session = await run(findUserSession, null, {})
  if (!session.ok) {
    return (
      <main>
        <Refused {...session} />
      </main>
    )
  }
  const { person, organizations } = session.value
  return (
    <Shell {...session.value} signOut={signOutAction} prove={proveAction}>
      <Page narrow>
        <PageHeader title="Account" description={`${person.name}, ${person.email}`} />
        {organizations.length === 0 ? (
          <p>
            You are not a member of an organization yet. An administrator can add you by your e-mail address.
          </p>
        ) : null}
        <SettingsSection
          id="password"
          title="Password"
          description="Changing it signs you out of every other browser."
        >
          <ChangePasswordForm
            changePassword={changePasswordAction.bind(null, null)}
            email={person.email}
            minimumCharacters={minimumPasswordCharacters}
          />
        </SettingsSection>
        <SettingsSection
          id="sessions"
          title="Sign out"
          description="If a device is lost, sign out everywhere and change the password."
        >
          <SignOutButtons signOut={signOutAction} signOutEverywhere={signOutEverywhereAction} />
        </SettingsSection>
      </Page>
    </Shell>
  )
}
