/** An action of Clarifai's API that leaves an entry in its audit log. */
export interface ClarifaiAction {
  /** Its name in the protocol, which begins with the method of HTTP. */
  readonly method: string
  /** Below `/v2`; `{model}` is the id of a target of that type. */
  readonly path: string
  readonly operation: string
  /** The type of event in Clarifai's log; null where none fits. */
  readonly code: number | null
  /** The type of the objects that a body names by `ids` alone; null where there are none. */
  readonly type: string | null
}

type Line = readonly [method: string, path: string, operation: string, code: number | null, type?: string]

// The paths are those of the published protocol; that of PatchAppOwner, which is in none, is by the pattern of its neighbours.
// `APP/` is `/users/{user}/apps/{app}/`, or nothing with a key of the app. `USER/` and `ORGANIZATION/` are `/users/{user}/` and
// `/organizations/{organization}/`. The first line that fits counts.

/** The actions that Clarifai documents. To add one, add a line. */
// biome-ignore format: one action a line
const documented: readonly Line[] = [
  ["PostAppDuplications", "APP/duplications", "application.duplicate", 600, "app_duplication"],
  ["PostApps", "USER/apps", "application.create", 600, "app"],
  ["PostCollaborators", "APP/collaborators", "collaborator.add", 700, "collaborator"],
  ["PostInstalledModuleVersions", "APP/installed_module_versions", "module_version.install", null, "installed_module_version"],
  ["PostModels", "APP/models", "model.create", 300, "model"],
  ["PostModelVersions", "APP/models/{model}/versions", "model_version.create", 303, "model_version"],
  ["PostModelVersionsPublish", "APP/models/{model}/publish", "model.publish", 304, "model_version"],
  ["PostModelVersionsUnPublish", "APP/models/{model}/unpublish", "model.unpublish", 304, "model_version"],
  ["PostModelVersionsUpload", "APP/models/versions/upload", "model_version.create", 303, "model_version"],
  ["PostModules", "APP/modules", "module.create", 200, "module"],
  ["PostModuleVersions", "APP/modules/{module}/versions", "module_version.create", 203, "module_version"],
  ["PostOrganizationInvitations", "ORGANIZATION/invitations", "organization_member_invitation.create", 103, "invitation"],
  ["PostOrganizationMember", "ORGANIZATION/members", "organization_member.add", 100, "user"],
  ["PostTeamApps", "ORGANIZATION/teams/{team}/apps", "organization_team_app.add", 112, "app"],
  ["PostTeams", "ORGANIZATION/teams", "organization_team.create", 107, "team"],
  ["PostTeamUsers", "ORGANIZATION/teams/{team}/users", "organization_team_member.add", 110, "user"],
  ["PostWorkflows", "APP/workflows", "workflow.create", 400, "workflow"],
  ["PostWorkflowVersionsPublish", "APP/workflows/{workflow}/publish", "workflow.publish", 404, "workflow_version"],
  ["PostWorkflowVersionsUnPublish", "APP/workflows/{workflow}/unpublish", "workflow.unpublish", 404, "workflow_version"],
  ["PatchApp", "USER/apps/{app}", "application.update", 601, "app"],
  ["PatchAppOwner", "APP/owner", "application.update", 601, "app"],
  ["PatchApps", "USER/apps", "application.update", 601, "app"],
  ["PatchCollaborators", "APP/collaborators", "collaborator.update", 701, "collaborator"],
  ["PatchModelCheckConsents", "APP/models/{model}/check_consents", "model.update", 301],
  ["PatchModelIds", "APP/models/ids", "model.update", 301, "model"],
  ["PatchModelLanguages", "APP/models/{model}/languages", "model.update", 301],
  ["PatchModels", "APP/models", "model.update", 301, "model"],
  ["PatchModelToolkits", "APP/models/{model}/toolkits", "model.update", 301],
  ["PatchModelUseCases", "APP/models/{model}/usecases", "model.update", 301],
  ["PatchModelVersions", "APP/models/{model}/versions", "model_version.update", 304, "model_version"],
  ["PatchModules", "APP/modules", "module.update", 201, "module"],
  ["PatchOrganizationInvitations", "ORGANIZATION/invitations", "organization_member_invitation.update", null, "invitation"],
  ["PatchOrganizationMember", "ORGANIZATION/members", "organization_member.change", 101, "user"],
  ["PatchTeams", "ORGANIZATION/teams", "organization_team.update", 108, "team"],
  ["PatchWorkflows", "APP/workflows", "workflow.update", 401, "workflow"],
  ["DeleteApp", "USER/apps/{app}", "application.delete", 602, "app"],
  ["DeleteCollaborators", "APP/collaborators", "collaborator.remove", 702, "collaborator"],
  ["DeleteInstalledModuleVersions", "APP/installed_module_versions", "module_version.uninstall", null, "installed_module_version"],
  ["DeleteModel", "APP/models/{model}", "model.delete", 302, "model"],
  ["DeleteModels", "APP/models", "model.delete", 302, "model"],
  ["DeleteModelVersion", "APP/models/{model}/versions/{model_version}", "model_version.delete", 305, "model_version"],
  ["DeleteModules", "APP/modules", "module.delete", 202, "module"],
  ["DeleteModuleVersions", "APP/modules/{module}/versions", "module_version.delete", 205, "module_version"],
  ["DeleteOrganizationMember", "ORGANIZATION/members/{user}", "organization_member.remove", 102, "user"],
  ["DeleteRequestingUserFromOrganization", "ORGANIZATION/leave", "organization_member.remove", 102],
  ["DeleteTeamApps", "ORGANIZATION/teams/{team}/apps", "organization_team_app.remove", 113, "app"],
  ["DeleteTeams", "ORGANIZATION/teams", "organization_team.delete", 109, "team"],
  ["DeleteTeamUsers", "ORGANIZATION/teams/{team}/users", "organization_team_member.remove", 111, "user"],
  ["DeleteWorkflow", "APP/workflows/{workflow}", "workflow.delete", 402, "workflow"],
  ["DeleteWorkflows", "APP/workflows", "workflow.delete", 402, "workflow"],
  ["DeleteWorkflowVersions", "APP/workflows/{workflow}/versions", "workflow_version.delete", 405, "workflow_version"],
]

/** Others of its actions that a type of event fits. */
// biome-ignore format: one action a line
const further: readonly Line[] = [
  ["PatchAppsIds", "USER/apps/ids", "application.update", 601, "app"],
  ["PatchUser", "/users/{user}", "user.update", 800, "user"],
  ["PatchWorkflowIds", "APP/workflows/ids", "workflow.update", 401, "workflow"],
  ["PatchWorkflowVersions", "APP/workflows/{workflow}/versions", "workflow_version.update", 404, "workflow_version"],
  ["PostAcceptOrganizationInvitation", "USER/organization_invitation_accept/{invitation}", "organization_member_invitation.accept", 105],
  ["PostDeclineOrganizationInvitation", "USER/organization_invitation_decline/{invitation}", "organization_member_invitation.decline", 106],
  ["PostComputeClusters", "USER/compute_clusters", "compute_cluster.create", 900, "compute_cluster"],
  ["PatchComputeClusters", "USER/compute_clusters", "compute_cluster.update", 902, "compute_cluster"],
  ["DeleteComputeClusters", "USER/compute_clusters", "compute_cluster.delete", 901, "compute_cluster"],
  ["PostNodepools", "USER/compute_clusters/{compute_cluster}/nodepools", "nodepool.create", 1000, "nodepool"],
  ["PatchNodepools", "USER/compute_clusters/{compute_cluster}/nodepools", "nodepool.update", 1001, "nodepool"],
  ["DeleteNodepools", "USER/compute_clusters/{compute_cluster}/nodepools", "nodepool.delete", 1002, "nodepool"],
  ["PostDeployments", "USER/deployments", "deployment.create", 1100, "deployment"],
  ["PatchDeployments", "USER/deployments", "deployment.update", 1101, "deployment"],
  ["DeleteDeployments", "USER/deployments", "deployment.delete", 1102, "deployment"],
]

export const documentedActions: readonly ClarifaiAction[] = documented.map(actionOfLine)
export const clarifaiActions: readonly ClarifaiAction[] = [...documentedActions, ...further.map(actionOfLine)]

function actionOfLine([method, path, operation, code, type]: Line): ClarifaiAction {
  return { method, path, operation, code, type: type ?? null }
}

/** What a patch of invitations does is said by the status that they get; 104 to 106 are its types of event. */
export const invitationStatuses: Readonly<Record<string, readonly [operation: string, code: number]>> = {
  ACCEPTED: ["organization_member_invitation.accept", 105],
  2: ["organization_member_invitation.accept", 105],
  CANCELLED: ["organization_member_invitation.cancel", 104],
  3: ["organization_member_invitation.cancel", 104],
  DECLINED: ["organization_member_invitation.decline", 106],
  4: ["organization_member_invitation.decline", 106],
}

const types =
  `app model model_version workflow workflow_version module module_version installed_module_version team user role
  collaborator invitation compute_cluster nodepool deployment app_duplication`.split(/\s+/)

/** Members of bodies that hold objects of a type, or their ids, by other names than the type and its plural. */
const otherNames: Readonly<Record<string, string>> = {
  organization_members: "user",
  member_id: "user",
  destination_app: "app",
  destination_app_id: "app",
  existing_app_id: "app",
  new_app_id: "app",
}

/** Members whose objects have no id of their own that counts: what is in them does. */
const containers = new Set(["publications", "team_users", "upload_config", "user_app_id"])
/** Ids of the action's own type. */
const ownIds = new Set(["ids", "version_id", "version_ids"])

const known = new Map<string, string>([
  ...types.flatMap(type =>
    [type, `${type}s`, `${type}_id`, `${type}_ids`].map(name => [name, type] as const),
  ),
  ...Object.entries(otherNames),
])

/**
 * Returns the type of the objects that a member of a body holds; null for one that only contains such members, undefined for one that
 * is nothing of this kind. `within` is the type of the object that has the member.
 */
export function listedAs(
  name: string,
  within: string | null,
  action: ClarifaiAction,
): string | null | undefined {
  if (containers.has(name)) return null
  if (ownIds.has(name)) return action.type ?? undefined
  // A workflow has its `version`. Who owns an object is not what a call is about.
  if (name === "version" && within !== null) return known.get(`${within}_version`)
  if (name === "user_id") return undefined
  return known.get(name)
}
