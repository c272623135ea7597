import { Refused } from "@/components/navigation/refused"
import { Collaborators, type CollaboratorsProps } from "@/components/settings/collaborators/collaborators"
import { run } from "@/lib/http/run"
import { permissionsIn } from "@/lib/operations/collaborators/collaborator"
import { listCollaborators } from "@/lib/operations/collaborators/list"
import { listMemberChoicesForApp } from "@/lib/operations/members/member-choices"
import { listRoleChoicesForApp } from "@/lib/operations/roles/role-choices"
import {
  addCollaboratorAction,
  findPeopleForAppAction,
  removeCollaboratorAction,
  updateCollaboratorAction,
} from "./collaborator-actions"

interface CollaboratorsSectionProps {
  /** Slug of the organization. */
  readonly organization: string
  readonly app: CollaboratorsProps["app"] & { readonly id: string }
}

/** The holders of a role in this app only, and the actions on them. */
export async function CollaboratorsSection({ organization, app }: CollaboratorsSectionProps) {
  const collaborators = await run(listCollaborators, organization, { app: app.slug })
  if (!collaborators.ok) return <Refused {...collaborators} />
  const members = await run(listMemberChoicesForApp, organization, {})
  if (!members.ok) return <Refused {...members} />
  const roles = await run(listRoleChoicesForApp, organization, { appId: app.id })
  if (!roles.ok) return <Refused {...roles} />
  return (
    <Collaborators
      app={app}
      collaborators={collaborators.value}
      choices={{
        people: { ...members.value, find: findPeopleForAppAction.bind(null, organization) },
        taken: collaborators.value.map(({ personId }) => personId),
        // Roles without any permission in one app are not offered.
        roles: roles.value.filter(role => permissionsIn(app, role).length > 0),
      }}
      add={addCollaboratorAction.bind(null, organization)}
      update={updateCollaboratorAction.bind(null, organization)}
      remove={removeCollaboratorAction.bind(null, organization)}
    />
  )
}
