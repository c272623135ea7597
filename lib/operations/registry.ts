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
import { listCaptureApps } from "./capture/apps"
import { findCaptureEnvironment } from "./capture/environment"
import { findCaptureFigures } from "./capture/figures"
import { listCapturePolicyVersions } from "./capture/history"
import { fetchCapturePolicy, readCapturePolicy } from "./capture/policy"
import { listCaptureProducers } from "./capture/producers"
import { reportCaptureCounts } from "./capture/report"
import { simulateCapturePolicy } from "./capture/simulate"
import { tryCapturePolicy } from "./capture/try"
import { readUcpLogging, updateUcpLogging } from "./capture/ucp-logging"
import { updateCapturePolicy } from "./capture/update"
import type { AnyOperation } from "./core/operation"
import { exportEvents } from "./events/export"
import { ingestEvents } from "./events/ingest"
import { openLog } from "./events/open-log"
import { countEvents, findEvent, listChoices, listLogApps, searchEvents } from "./events/search"
import { addGroupApps, removeGroupApps } from "./groups/apps"
import { createGroup, updateGroup } from "./groups/change"
import { deleteGroup } from "./groups/delete"
import { findGroup } from "./groups/find"
import { listGroupChoices } from "./groups/group-choices"
import { listGroups } from "./groups/list"
import { addGroupMembers, removeGroupMembers } from "./groups/members"
import { addGroupRoles, removeGroupRoles } from "./groups/roles"
import { acceptInvitation, declineInvitation, findInvitation } from "./invitations/answers"
import { listInvitationAppChoices } from "./invitations/app-choices"
import { cancelInvitation, listInvitations } from "./invitations/invitations"
import { createInvitations, resendInvitation } from "./invitations/sending"
import { addMember } from "./members/add"
import { changeMember } from "./members/change"
import { endMemberSessions } from "./members/end-sessions"
import { findMember } from "./members/find"
import { listMembers } from "./members/list"
import { listMemberChoices, listMemberChoicesForApp } from "./members/member-choices"
import { removeMember } from "./members/remove"
import { reactivateMember, suspendMember } from "./members/status"
import { findOrganization, updateOrganization } from "./organizations/change"
import { createOrganization } from "./organizations/create"
import { listJobs } from "./organizations/jobs"
import { createRole, updateRole } from "./roles/change"
import { deleteRole } from "./roles/delete"
import { listRoleChoices, listRoleChoicesForApp, listRoleChoicesToHandOut } from "./roles/role-choices"
import { findRoleDetail, listRoleOptions, listRoles } from "./roles/roles"
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
import { createSupportDump } from "./support-dump/support-dump"

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
  readCapturePolicy,
  fetchCapturePolicy,
  updateCapturePolicy,
  readUcpLogging,
  updateUcpLogging,
  reportCaptureCounts,
  listCapturePolicyVersions,
  listCaptureProducers,
  listCaptureApps,
  findCaptureEnvironment,
  findCaptureFigures,
  simulateCapturePolicy,
  tryCapturePolicy,
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
  createSupportDump,
]
