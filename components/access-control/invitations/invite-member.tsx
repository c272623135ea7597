"use client"

import { useState } from "react"
import type { FieldFaults } from "@/components/form/faults"
import { Form } from "@/components/form/form"
import { FormFailure, useWait } from "@/components/form/form-failure"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogFooter,
  DialogTrigger,
} from "@/components/ui/dialog"
import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import { addressFaults, judgeAddresses, sendingFault } from "./addresses"
import { ChoiceSection } from "./choice-section"
import { allAddresses, type Emails, EmailsField } from "./emails-field"
import { type InviteApp, type InviteChoice, type InviteResult, rolesIn } from "./invitation"
import { InviteResults } from "./invite-results"

/** What the dialog sends. */
export interface InviteInput {
  readonly emails: readonly string[]
  readonly roleIds: readonly string[]
  readonly groupIds: readonly string[]
  /** The apps in which the role is given; none = every app. */
  readonly appIds: readonly string[]
  readonly expiresInDays: number
}

export interface InviteMemberProps {
  /** From `role.choices`. */
  readonly roles: readonly InviteChoice[]
  /** From `organization_team.choices`. */
  readonly groups: readonly InviteChoice[]
  /** From `organization_member_invitation.app_choices`. */
  readonly apps: readonly InviteApp[]
  readonly invite: Submit<{ readonly results: readonly InviteResult[] }, InviteInput>
}

/** The button and the dialog that invite people: what they get, their emails, then the result for each email. */
export function InviteMember(props: InviteMemberProps) {
  const [open, setOpen] = useState(false)
  const [results, setResults] = useState<readonly InviteResult[] | null>(null)
  const [left, setLeft] = useState<readonly string[]>([])
  const change = (next: boolean) => {
    setOpen(next)
    if (next) {
      setResults(null)
      setLeft([])
    }
  }
  // Invalid emails are kept, to be corrected.
  const again = () => {
    setLeft(results?.filter(({ outcome }) => outcome === "not-an-address").map(({ email }) => email) ?? [])
    setResults(null)
  }
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogTrigger asChild>
        <Button variant="primary">+ Invite Member</Button>
      </DialogTrigger>
      <DialogContent
        title={results ? "Result for each e-mail address" : "Invite Member"}
        description={results ? undefined : "Each person gets an e-mail with their own link."}
        guarded={results === null}
        className="max-w-xl!"
      >
        {results ? (
          <InviteResults results={results} onMore={again} />
        ) : (
          <InviteForm {...props} initial={left} onDone={setResults} />
        )}
      </DialogContent>
    </Dialog>
  )
}

const fields = ["roleIds", "appIds", "groupIds", "emails", "expiresInDays"] as const
const oneRole = "Choose one role to give in these apps: in an app, a member holds a single role."
const lifetimes = [
  { days: 1, label: "1 day" },
  { days: 3, label: "3 days" },
  { days: 7, label: "7 days" },
] as const

interface InviteFormProps extends InviteMemberProps {
  /** Emails that are filled in at the start. */
  readonly initial: readonly string[]
  readonly onDone: (results: readonly InviteResult[]) => void
}

function InviteForm({ roles, groups, apps, invite, initial, onDone }: InviteFormProps) {
  const [roleIds, setRoleIds] = useState<readonly string[]>([])
  const [appIds, setAppIds] = useState<readonly string[]>([])
  const [groupIds, setGroupIds] = useState<readonly string[]>([])
  const [emails, setEmails] = useState<Emails>({ finished: initial, typed: "" })
  const [days, setDays] = useState(7)
  const submission = useSubmit(invite, fields, ({ results }) => onDone(results))
  const { pending, failure, submit, clear } = submission
  const waitSeconds = useWait(failure)
  // Complete emails are checked while others are typed; the one that is being typed has no fault yet.
  const wrong = addressFaults(judgeAddresses(emails.finished))
  // The one that is still being typed counts too when the form is sent.
  const check = (): FieldFaults => {
    const addresses = allAddresses(emails)
    setEmails({ finished: addresses, typed: "" })
    return {
      appIds: appIds.length > 0 && roleIds.length !== 1 ? oneRole : undefined,
      emails: sendingFault(judgeAddresses(addresses)) ?? undefined,
    }
  }
  const send = () => submit({ emails: allAddresses(emails), roleIds, groupIds, appIds, expiresInDays: days })
  return (
    <Form className="contents" submission={submission} check={check} onSend={send}>
      <DialogBody>
        <FormFailure failure={failure} waitSeconds={waitSeconds} />
        <ChoiceSection
          label="Roles"
          choices={rolesIn(
            roles,
            apps.filter(({ id }) => appIds.includes(id)),
          )}
          chosen={roleIds}
          onChange={setRoleIds}
          none="None chosen"
          empty="There are no roles."
          error={failure?.byField.roleIds}
        />
        <ChoiceSection
          label="In which apps"
          choices={apps.map(({ id, name }) => ({ id, name, description: "", refusal: null }))}
          chosen={appIds}
          onChange={setAppIds}
          none="Every app"
          empty="There are no apps."
          error={failure?.byField.appIds}
        />
        <ChoiceSection
          label="Groups"
          choices={groups}
          chosen={groupIds}
          onChange={setGroupIds}
          none="None (optional)"
          empty="There are no groups."
          error={failure?.byField.groupIds}
        />
        <EmailsField
          emails={emails}
          onChange={next => {
            if (failure?.byField.emails) clear()
            setEmails(next)
          }}
          error={wrong ?? failure?.byField.emails}
        />
        <Field
          label="The links work for"
          description="An invitation can be sent again, with a new link, whenever its time is over."
          error={failure?.byField.expiresInDays}
        >
          {control => (
            <Select
              {...control}
              name="expiresInDays"
              value={days}
              className="max-w-48"
              onChange={event => setDays(Number(event.target.value))}
            >
              {lifetimes.map(({ days: value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {roleIds.length + groupIds.length === 0 ? (
          <p className="text-xs text-muted-foreground text-pretty">
            Without a role or a group they become members who may see nothing yet.
          </p>
        ) : null}
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={pending} disabled={waitSeconds > 0}>
          Invite
        </Button>
      </DialogFooter>
    </Form>
  )
}
