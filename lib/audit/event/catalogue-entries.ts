import type { Act } from "./acts"

/**
 * Known operations, one per line: code, name, family, description, act. To extend the catalogue, add a line; codes and
 * names are unique. A description becomes part of events that arrive without one, so correct it only on purpose. An act is
 * display only (see `sentence.ts`): in the singular, a verb of `acts.ts` and its object.
 *
 * Names follow one rule: the Clarifai event type in lower case, with its last underscore replaced by the dot between
 * resource and verb. The one exception is type 0, whose last two words are one verb.
 */
// biome-ignore format: one operation a line
export const clarifaiOperations = [
  [0, "event_type.not_set", "unknown", "Operation not stated", "perform unnamed operation"],
  [100, "organization_member.add", "organization", "Organization members added", "add organization member"],
  [101, "organization_member.change", "organization", "Organization members' roles changed", "change the roles of organization member"],
  [102, "organization_member.remove", "organization", "Organization members removed", "remove organization member"],
  [103, "organization_member_invitation.create", "organization", "Organization member invitations created", "create organization member invitation"],
  [104, "organization_member_invitation.cancel", "organization", "Organization member invitations canceled", "cancel organization member invitation"],
  [105, "organization_member_invitation.accept", "organization", "Organization member invitations accepted", "accept organization member invitation"],
  [106, "organization_member_invitation.decline", "organization", "Organization member invitations declined", "decline organization member invitation"],
  [107, "organization_team.create", "organization", "Organization teams created", "create organization team"],
  [108, "organization_team.update", "organization", "Organization teams updated", "update organization team"],
  [109, "organization_team.delete", "organization", "Organization teams deleted", "delete organization team"],
  [110, "organization_team_member.add", "organization", "Organization team members added", "add organization team member"],
  [111, "organization_team_member.remove", "organization", "Organization team members removed", "remove organization team member"],
  [112, "organization_team_app.add", "organization", "Organization team applications added", "add organization team application"],
  [113, "organization_team_app.remove", "organization", "Organization team applications removed", "remove organization team application"],
  [200, "module.create", "module", "Modules created", "create module"],
  [201, "module.update", "module", "Modules updated", "update module"],
  [202, "module.delete", "module", "Modules deleted", "delete module"],
  [203, "module_version.create", "module", "Module versions created", "create module version"],
  [204, "module_version.update", "module", "Module versions updated", "update module version"],
  [205, "module_version.delete", "module", "Module versions deleted", "delete module version"],
  [300, "model.create", "model", "Models created", "create model"],
  [301, "model.update", "model", "Models updated", "update model"],
  [302, "model.delete", "model", "Models deleted", "delete model"],
  [303, "model_version.create", "model", "Model versions created", "create model version"],
  [304, "model_version.update", "model", "Model versions updated", "update model version"],
  [305, "model_version.delete", "model", "Model versions deleted", "delete model version"],
  [400, "workflow.create", "workflow", "Workflows created", "create workflow"],
  [401, "workflow.update", "workflow", "Workflows updated", "update workflow"],
  [402, "workflow.delete", "workflow", "Workflows deleted", "delete workflow"],
  [403, "workflow_version.create", "workflow", "Workflow versions created", "create workflow version"],
  [404, "workflow_version.update", "workflow", "Workflow versions updated", "update workflow version"],
  [405, "workflow_version.delete", "workflow", "Workflow versions deleted", "delete workflow version"],
  [600, "application.create", "application", "Applications created", "create application"],
  [601, "application.update", "application", "Applications updated", "update application"],
  [602, "application.delete", "application", "Applications deleted", "delete application"],
  [700, "collaborator.add", "collaborator", "Collaborators added", "add collaborator"],
  [701, "collaborator.update", "collaborator", "Collaborators updated", "update collaborator"],
  [702, "collaborator.remove", "collaborator", "Collaborators removed", "remove collaborator"],
  [800, "user.update", "user", "Users updated", "update user"],
  [900, "compute_cluster.create", "compute_cluster", "Compute clusters created", "create compute cluster"],
  [901, "compute_cluster.delete", "compute_cluster", "Compute clusters deleted", "delete compute cluster"],
  [902, "compute_cluster.update", "compute_cluster", "Compute clusters updated", "update compute cluster"],
  [1000, "nodepool.create", "nodepool", "Nodepools created", "create nodepool"],
  [1001, "nodepool.update", "nodepool", "Nodepools updated", "update nodepool"],
  [1002, "nodepool.delete", "nodepool", "Nodepools deleted", "delete nodepool"],
  [1100, "deployment.create", "deployment", "Deployments created", "create deployment"],
  [1101, "deployment.update", "deployment", "Deployments updated", "update deployment"],
  [1102, "deployment.delete", "deployment", "Deployments deleted", "delete deployment"],
] as const satisfies readonly (readonly [code: number, name: string, family: string, description: string, act: Act])[]

/** Operations of this console for which the list above has no name. */
// biome-ignore format: one operation a line
export const consoleOperations = [
  ["event.search", "audit_log", "Audit log searched", "search the audit log"],
  ["event.find", "audit_log", "Event of the audit log opened", "open event"],
  ["event.export", "audit_log", "Audit log exported", "export the audit log"],
  ["event.count", "audit_log", "Events of the audit log counted", "count the events of the audit log"],
  ["event.choices", "audit_log", "Filter values of the audit log listed", "list the filter values of the audit log"],
  ["event.ingest", "audit_log", "Events sent to the audit log", "send events to the audit log"],
  ["user_session.create", "sign_in", "User sign-in", "sign in"],
  ["user_session.delete", "sign_in", "User sign-out", "sign out"],
  ["user_session.delete_all", "sign_in", "User sign-out everywhere", "sign out everywhere"],
  ["user_password.update", "sign_in", "User password changed", "change the password"],
  ["sign_in_link.create", "sign_in", "One-time sign-in link created", "create one-time sign-in link"],
  ["sign_in_link.redeem", "sign_in", "One-time sign-in link used", "use one-time sign-in link"],
  ["user_session.delete_other", "sign_in", "User signed out elsewhere", "sign out elsewhere"],
  ["user_session.delete_others", "sign_in", "User signed out everywhere else", "sign out everywhere else"],
  ["user_session.prove", "sign_in", "User proved who they are again", "prove their identity again"],
  ["user_password.request_reset", "sign_in", "Password reset asked for", "ask for password reset"],
  ["sign_in_link.request", "sign_in", "Sign-in link asked for", "ask for sign-in link"],
  ["identity.connect", "sign_in", "Identity provider connected", "connect identity provider"],
  ["identity.disconnect", "sign_in", "Identity provider disconnected", "disconnect identity provider"],
  ["organization.create", "organization", "Organization created", "create organization"],
  ["organization.update", "organization", "Organization changed", "change organization"],
  ["organization_member.suspend", "organization", "Organization member suspended", "suspend organization member"],
  ["organization_member.reactivate", "organization", "Organization member reactivated", "reactivate organization member"],
  ["organization_member.end_sessions", "organization", "Sessions of an organization member ended", "end the sessions of organization member"],
  ["organization_member_invitation.resend", "organization", "Organization member invitation sent again", "resend organization member invitation"],
  ["organization_team_role.add", "organization", "Organization team roles added", "add organization team role"],
  ["organization_team_role.remove", "organization", "Organization team roles removed", "remove organization team role"],
  ["role.create", "role", "Role created", "create role"],
  ["role.update", "role", "Role changed", "change role"],
  ["role.delete", "role", "Role deleted", "delete role"],
  ["application.archive", "application", "Application archived", "archive application"],
  ["application.restore", "application", "Application restored", "restore application"],
  ["application.list", "application", "Applications listed", "list applications"],
  ["api_key.create", "api_key", "API key created", "create API key"],
  ["api_key.update", "api_key", "API key changed", "change API key"],
  ["api_key.rotate", "api_key", "API key rotated", "rotate API key"],
  ["api_key.revoke", "api_key", "API key revoked", "revoke API key"],
  ["api_key.list", "api_key", "API keys listed", "list API keys"],
] as const satisfies readonly (readonly [name: string, family: string, description: string, act: Act])[]

/**
 * Operations of the platforms whose events the log is meant for, where Clarifai has no type for them: application and model
 * hubs, API gateways with their projects, proxies and on-premises keys.
 */
// biome-ignore format: one operation a line
export const platformOperations = [
  ["application.duplicate", "application", "Applications duplicated", "duplicate application"],
  ["model.train", "model", "Models trained", "train model"],
  ["model.publish", "model", "Models published", "publish model"],
  ["workflow.publish", "workflow", "Workflows published", "publish workflow"],
  ["workflow.remove", "workflow", "Workflows removed", "remove workflow"],
  ["project.create", "project", "Projects created", "create project"],
  ["project.update", "project", "Projects updated", "update project"],
  ["project.delete", "project", "Projects deleted", "delete project"],
  ["project_configuration.create", "project_configuration", "Project configurations created", "create project configuration"],
  ["project_configuration.update", "project_configuration", "Project configurations updated", "update project configuration"],
  ["project_configuration.delete", "project_configuration", "Project configurations deleted", "delete project configuration"],
  ["api_proxy.create", "api_proxy", "API proxies created", "create API proxy"],
  ["api_proxy.update", "api_proxy", "API proxies updated", "update API proxy"],
  ["api_proxy.delete", "api_proxy", "API proxies deleted", "delete API proxy"],
  ["api_proxy.promote", "api_proxy", "API proxy promotions initiated", "initiate the promotion of API proxy"],
  ["api_proxy_version.create", "api_proxy_version", "API proxy versions created", "create API proxy version"],
  ["on_premises_key.create", "on_premises_key", "On-premises keys created", "create on-premises key"],
  ["on_premises_key.update", "on_premises_key", "On-premises keys updated", "update on-premises key"],
  ["on_premises_key.rotate", "on_premises_key", "On-premises keys rotated", "rotate on-premises key"],
  ["on_premises_key.revoke", "on_premises_key", "On-premises keys revoked", "revoke on-premises key"],
  ["on_premises_key.delete", "on_premises_key", "On-premises keys deleted", "delete on-premises key"],
] as const satisfies readonly (readonly [name: string, family: string, description: string, act: Act])[]
