import { createApiKey } from "@/lib/operations/api-keys/create"
import { describeKey } from "@/lib/operations/api-keys/describe"
import { listApiKeys } from "@/lib/operations/api-keys/list"
import { revokeApiKey } from "@/lib/operations/api-keys/revoke"
import { rotateApiKey } from "@/lib/operations/api-keys/rotate"
import { updateApiKey } from "@/lib/operations/api-keys/update"
import { archiveApp, restoreApp } from "@/lib/operations/apps/archive"
import { createApp } from "@/lib/operations/apps/create"
import { findAppUses } from "@/lib/operations/apps/find-uses"
import { listApps } from "@/lib/operations/apps/list"
import { updateApp } from "@/lib/operations/apps/update"
import { addCollaborator } from "@/lib/operations/collaborators/add"
import { listCollaborators } from "@/lib/operations/collaborators/list"
import { removeCollaborator } from "@/lib/operations/collaborators/remove"
import { updateCollaborator } from "@/lib/operations/collaborators/update"
import { countEvents } from "@/lib/operations/events/count"
import { findEvent } from "@/lib/operations/events/find"
import { listLogApps } from "@/lib/operations/events/list-apps"
import { listChoices } from "@/lib/operations/events/list-choices"
import { searchEvents } from "@/lib/operations/events/search"
import { acceptInvitation } from "@/lib/operations/invitations/accept"
import { cancelInvitation } from "@/lib/operations/invitations/cancel"
import { createInvitations } from "@/lib/operations/invitations/create"
import { declineInvitation } from "@/lib/operations/invitations/decline"
import { findInvitation } from "@/lib/operations/invitations/find"
import { listInvitations } from "@/lib/operations/invitations/list"
import { resendInvitation } from "@/lib/operations/invitations/resend"
import { findRoleDetail } from "@/lib/operations/roles/find"
import { listRoles } from "@/lib/operations/roles/list"
import { listRoleOptions } from "@/lib/operations/roles/list-options"
import { updateUserPassword } from "@/lib/operations/sign-in/change-password"
import { proveUserSession } from "@/lib/operations/sign-in/prove"
import { deleteAllUserSessions, deleteUserSession } from "@/lib/operations/sign-in/sign-out"
import { updateUser } from "@/lib/operations/sign-in/update-profile"
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
import { searchAsClarifai } from "./clarifai/search"
import { createClarifaiUserId, deleteClarifaiUserId, listClarifaiUserIds } from "./clarifai/user-ids"
import type { AnyOperation } from "./core/operation"
import { exportEvents } from "./events/export"
import { ingestEvents } from "./events/ingest"
import { openLog } from "./events/open-log"
import { addGroupApps, removeGroupApps } from "./groups/apps"
import { createGroup, updateGroup } from "./groups/change"
import { deleteGroup } from "./groups/delete"
import { findGroup } from "./groups/find"
import { listGroupChoices } from "./groups/group-choices"
import { listGroups } from "./groups/list"
import { addGroupMembers, removeGroupMembers } from "./groups/members"
import { addGroupRoles, removeGroupRoles } from "./groups/roles"
import { listInvitationAppChoices } from "./invitations/app-choices"
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
import { createSignInLink, createUserSession, redeemSignInLink } from "./sign-in/sign-in"
import { findUserSession } from "./sign-in/user-session"
import { cancelReplay } from "./sinks/cancel-replay"
import { countSinkRange } from "./sinks/count-range"
import { createSink } from "./sinks/create"
import { listDeadLetters } from "./sinks/dead-letters"
import { deleteSink } from "./sinks/delete"
import { listDeliveries } from "./sinks/deliveries"
import { findSink } from "./sinks/find"
import { listSinkKinds } from "./sinks/kinds"
import { listSinks } from "./sinks/list"
import { pauseSink } from "./sinks/pause"
import { replaySink } from "./sinks/replay"
import { resumeSink } from "./sinks/resume"
import { retryDeadLetters } from "./sinks/retry"
import { testSink } from "./sinks/test"
import { updateSink } from "./sinks/update"
import { createSupportDump } from "./support-dump/support-dump"

/** All operations. A test fails for an operation that is declared and missing here. */
export const operations: readonly AnyOperation[] = [
  searchEvents,
  findEvent,
  countEvents,
  listChoices,
  listLogApps,
  openLog,
  searchAsClarifai,
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
  listSinks,
  findSink,
  listSinkKinds,
  createSink,
  updateSink,
  deleteSink,
  pauseSink,
  resumeSink,
  testSink,
  countSinkRange,
  replaySink,
  cancelReplay,
  listDeliveries,
  listDeadLetters,
  retryDeadLetters,
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
  listClarifaiUserIds,
  createClarifaiUserId,
  deleteClarifaiUserId,
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
