"use client"

import { useRouter } from "next/navigation"
import { ConfirmAction } from "@/components/form/confirm-action"
import type { Submit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { ChangeRoles, type ChangeRolesInput } from "./change-roles"
import { inWords, type MemberFacts, type RoleChoice } from "./member"

/** The member of an action. */
export interface MemberInput {
  readonly personId: string
  /** Set to confirm that people act on themselves. */
  readonly self?: true
}

export interface MemberActionsProps {
  readonly organizationName: string
  /** Url of the list. */
  readonly listPath: string
  readonly member: MemberFacts
  /** Null for readers without the permission to set roles. */
  readonly roleChoices: readonly RoleChoice[] | null
  readonly changeRoles: Submit<unknown, ChangeRolesInput>
  readonly suspend: Submit<unknown, MemberInput>
  readonly reactivate: Submit<unknown, MemberInput>
  readonly remove: Submit<unknown, MemberInput>
}

/** The actions on a member; each says in advance what it removes and what stays. */
export function MemberActions({ roleChoices, changeRoles, ...props }: MemberActionsProps) {
  const { member } = props
  return (
    <div className="flex flex-wrap gap-2">
      {member.isSelf ? null : member.status === "active" ? <Suspend {...props} /> : <Reactivate {...props} />}
      <Remove {...props} />
      {roleChoices === null ? null : (
        <ChangeRoles
          // The form is created from the current roles of the member.
          key={JSON.stringify(member.roles)}
          member={member}
          choices={roleChoices}
          changeRoles={changeRoles}
        />
      )}
    </div>
  )
}

type ActionProps = Omit<MemberActionsProps, "roleChoices" | "changeRoles">

function Suspend({ member, organizationName, suspend }: ActionProps) {
  return (
    <ConfirmAction
      trigger={<Button>Suspend</Button>}
      title={`Suspend ${member.name}?`}
      confirmLabel="Suspend"
      destructive
      action={suspend}
      input={{ personId: member.personId }}
      done={`${member.name} suspended`}
    >
      <p>
        From their next request on, {member.name} is refused everywhere in {organizationName}. Who belongs to
        no other organization is signed out as well.
      </p>
      <p>
        They keep their roles and groups, and have them back when they are reactivated. Open invitations that
        they sent are revoked.
      </p>
      <StayingKeys member={member} />
    </ConfirmAction>
  )
}

function Reactivate({ member, organizationName, reactivate }: ActionProps) {
  const roles = [...new Set(member.roles.map(({ name }) => name))]
  return (
    <ConfirmAction
      trigger={<Button>Reactivate</Button>}
      title={`Reactivate ${member.name}?`}
      confirmLabel="Reactivate"
      action={reactivate}
      input={{ personId: member.personId }}
      done={`${member.name} reactivated`}
    >
      <p>
        {member.name} can use {organizationName} again at once
        {roles.length > 0 ? `, with what they held: ${inWords(roles)}.` : ". They hold no role."}
      </p>
    </ConfirmAction>
  )
}

function Remove({ member, organizationName, listPath, remove }: ActionProps) {
  const router = useRouter()
  const { isSelf, name, personId } = member
  return (
    <ConfirmAction
      trigger={<Button>{isSelf ? "Leave" : "Remove"}</Button>}
      title={isSelf ? `Leave ${organizationName}?` : `Remove ${name} from ${organizationName}?`}
      confirmLabel={isSelf ? "Leave" : "Remove"}
      destructive
      action={remove}
      input={{ personId, ...(isSelf && { self: true }) }}
      done={isSelf ? `You left ${organizationName}` : `${name} removed`}
      onDone={() => (isSelf ? router.push("/") : router.push(listPath))}
    >
      <p>
        {isSelf ? "You are" : `${name} is`} refused everywhere in {organizationName} from the next request on,
        and {isSelf ? "lose" : "loses"} {lossOf(member)}. Only an invitation brings {isSelf ? "you" : "them"}{" "}
        back, and without these.
      </p>
      <p>
        {isSelf ? "Your" : "Their"} account stays, and {isSelf ? "your" : "their"} name in the events of the
        log stays as it was. Open invitations that {isSelf ? "you" : "they"} sent are revoked.
      </p>
      <StayingKeys member={member} />
    </ConfirmAction>
  )
}

function lossOf({ roles, groups }: MemberFacts): string {
  const direct = roles.flatMap(({ name, through }) => (through.kind === "directly" ? [name] : []))
  const inApps = roles.flatMap(({ name, through }) =>
    through.kind === "app" ? [`${name} in ${through.name}`] : [],
  )
  const lost = [
    ...[...direct, ...inApps].map(name => `the role ${name}`),
    ...groups.map(({ name }) => `the place in the group ${name}`),
  ]
  return lost.length === 0 ? "the membership, with no role" : inWords(lost)
}

/** Lists the API keys that keep working, because people forget them. */
function StayingKeys({ member: { keys, isSelf } }: Pick<ActionProps, "member">) {
  if (keys.length === 0) return null
  return (
    <div className="grid gap-1">
      <p>
        API keys that {isSelf ? "you" : "they"} made go on working. Revoke them on the page of their app if
        they should not:
      </p>
      <ul className="grid max-h-32 list-disc gap-0.5 overflow-y-auto pl-5 text-foreground">
        {keys.map(({ id, name, appName }) => (
          <li key={id} className="wrap-anywhere">
            {name} <span className="text-muted-foreground">of {appName}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
