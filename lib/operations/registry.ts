import { addGroupApps, removeGroupApps } from "./access-control/groups/apps"
import { createGroup, updateGroup } from "./access-control/groups/change"
import { listGroupChoices } from "./access-control/groups/choices"
import { deleteGroup } from "./access-control/groups/delete"
import { findGroup } from "./access-control/groups/find"
import { listGroups } from "./access-control/groups/list"
import { addGroupMembers, removeGroupMembers } from "./access-control/groups/members"
import { addGroupRoles, removeGroupRoles } from "./access-control/groups/roles"
import { acceptInvitation, declineInvitation, findInvitation } from "./access-control/invitations/answers"
import { listInvitationAppChoices } from "./access-control/invitations/app-choices"
import { cancelInvitation, listInvitations } from "./access-control/invitations/invitations"
import { createInvitations, resendInvitation } from "./access-control/invitations/sending"
import { addMember } from "./access-control/members/add"
import { changeMember } from "./access-control/members/change"
import { listMemberChoices, listMemberChoicesForApp } from "./access-control/members/choices"
import { endMemberSessions } from "./access-control/members/end-sessions"
import { findMember } from "./access-control/members/find"
import { listMembers } from "./access-control/members/list"
import { removeMember } from "./access-control/members/remove"
import { reactivateMember, suspendMember } from "./access-control/members/status"
import { createRole, updateRole } from "./access-control/roles/change"
import {
  listRoleChoices,
  listRoleChoicesForApp,
  listRoleChoicesToHandOut,
} from "./access-control/roles/choices"
import { deleteRole } from "./access-control/roles/delete"
import { findRoleDetail, listRoleOptions, listRoles } from "./access-control/roles/roles"
import { rotateApiKey, updateApiKey } from "./apps/api-key-changes"
import { createApiKey, listApiKeys, revokeApiKey } from "./apps/api-keys"
import { archiveApp, createApp, listApps, restoreApp, updateApp } from "./apps/apps"
import {
  addCollaborator,
  listCollaborators,
  removeCollaborator,
  updateCollaborator,
} from "./apps/collaborators"
import { describeKey } from "./apps/key"
import { findAppUses } from "./apps/uses"
import { exportEvents } from "./events/event-export"
import { ingestEvents } from "./events/event-ingest"
import { countEvents, findEvent, listChoices, listLogApps, searchEvents } from "./events/events"
import { openLog } from "./events/open-log"
import type { AnyOperation } from "./operation"
import { findOrganization, updateOrganization } from "./organizations/change"
import { listJobs } from "./organizations/jobs"
import { createOrganization } from "./organizations/organizations"
import { deleteAllUserSessions, deleteUserSession, updateUserPassword } from "./sign-in/account"
import { createUserSessionByIdentity } from "./sign-in/identity"
import {
  beginIdentity,
  connectIdentity,
  disconnectIdentity,
  listIdentities,
  proveByIdentity,
} from "./sign-in/identity-own"
import { requestPasswordReset, requestSignInLink } from "./sign-in/link-requests"
import { deleteOtherUserSession, deleteOtherUserSessions, listUserSessions } from "./sign-in/own-sessions"
import { updateUser } from "./sign-in/profile"
import { proveUserSession } from "./sign-in/proof"
import { createSignInLink, createUserSession, redeemSignInLink } from "./sign-in/sign-in"
import { findUserSession } from "./sign-in/user-session"

/** All operations. A test fails for an operation that is declared and missing here. */
export const operations: readonly AnyOperation[] = [
  searchEvents,
  findEvent,
  countEvents,
  listChoices,
  listLogApps,
  openLog,
  exportEvents,
  ingestEvents,
  describeKey,
  createUserSession,
  createUserSessionByIdentity,
  beginIdentity,
  listIdentities,
  connectIdentity,
  disconnectIdentity,
  proveByIdentity,
  findUserSession,
  deleteUserSession,
  deleteAllUserSessions,
  listUserSessions,
  deleteOtherUserSession,
  deleteOtherUserSessions,
  proveUserSession,
  updateUserPassword,
  updateUser,
  requestSignInLink,
  requestPasswordReset,
  createSignInLink,
  redeemSignInLink,
  createOrganization,
  findOrganization,
  listJobs,
  updateOrganization,
  createApp,
  updateApp,
  archiveApp,
  restoreApp,
  listApps,
  findAppUses,
  createApiKey,
  updateApiKey,
  rotateApiKey,
  revokeApiKey,
  listApiKeys,
  addMember,
  listMemberChoices,
  listMemberChoicesForApp,
  listMembers,
  findMember,
  changeMember,
  suspendMember,
  reactivateMember,
  removeMember,
  endMemberSessions,
  listCollaborators,
  addCollaborator,
  updateCollaborator,
  removeCollaborator,
  listRoleChoices,
  listRoleChoicesToHandOut,
  listRoleChoicesForApp,
  listRoles,
  findRoleDetail,
  listRoleOptions,
  createRole,
  updateRole,
  deleteRole,
  listGroups,
  findGroup,
  createGroup,
  updateGroup,
  deleteGroup,
  addGroupMembers,
  removeGroupMembers,
  addGroupRoles,
  removeGroupRoles,
  addGroupApps,
  removeGroupApps,
  listGroupChoices,
  createInvitations,
  resendInvitation,
  listInvitations,
  listInvitationAppChoices,
  cancelInvitation,
  findInvitation,
  acceptInvitation,
  declineInvitation,
]
