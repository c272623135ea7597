import { describe, expect, test } from "vitest"
import { clarifaiOperations } from "@/lib/audit/event/catalogue-entries"
import { codeOfName, eventTypes } from "./event-types"

/** As Clarifai documents them. The words of the type that is none are ours. */
const documented: Readonly<Record<string, string>> = {
  100: "ORGANIZATION_MEMBER_ADD: Organization members added",
  101: "ORGANIZATION_MEMBER_CHANGE: Organization members' roles changed",
  102: "ORGANIZATION_MEMBER_REMOVE: Organization members removed",
  103: "ORGANIZATION_MEMBER_INVITATION_CREATE: Organization member invitations created",
  104: "ORGANIZATION_MEMBER_INVITATION_CANCEL: Organization member invitations canceled",
  105: "ORGANIZATION_MEMBER_INVITATION_ACCEPT: Organization member invitations accepted",
  106: "ORGANIZATION_MEMBER_INVITATION_DECLINE: Organization member invitations declined",
  107: "ORGANIZATION_TEAM_CREATE: Organization teams created",
  108: "ORGANIZATION_TEAM_UPDATE: Organization teams updated",
  109: "ORGANIZATION_TEAM_DELETE: Organization teams deleted",
  110: "ORGANIZATION_TEAM_MEMBER_ADD: Organization team members added",
  111: "ORGANIZATION_TEAM_MEMBER_REMOVE: Organization team members removed",
  112: "ORGANIZATION_TEAM_APP_ADD: Organization team applications added",
  113: "ORGANIZATION_TEAM_APP_REMOVE: Organization team applications removed",
  200: "MODULE_CREATE: Modules created",
  201: "MODULE_UPDATE: Modules updated",
  202: "MODULE_DELETE: Modules deleted",
  203: "MODULE_VERSION_CREATE: Module versions created",
  204: "MODULE_VERSION_UPDATE: Module versions updated",
  205: "MODULE_VERSION_DELETE: Module versions deleted",
  300: "MODEL_CREATE: Models created",
  301: "MODEL_UPDATE: Models updated",
  302: "MODEL_DELETE: Models deleted",
  303: "MODEL_VERSION_CREATE: Model versions created",
  304: "MODEL_VERSION_UPDATE: Model versions updated",
  305: "MODEL_VERSION_DELETE: Model versions deleted",
  400: "WORKFLOW_CREATE: Workflows created",
  401: "WORKFLOW_UPDATE: Workflows updated",
  402: "WORKFLOW_DELETE: Workflows deleted",
  403: "WORKFLOW_VERSION_CREATE: Workflow versions created",
  404: "WORKFLOW_VERSION_UPDATE: Workflow versions updated",
  405: "WORKFLOW_VERSION_DELETE: Workflow versions deleted",
  600: "APPLICATION_CREATE: Applications created",
  601: "APPLICATION_UPDATE: Applications updated",
  602: "APPLICATION_DELETE: Applications deleted",
  700: "COLLABORATOR_ADD: Collaborators added",
  701: "COLLABORATOR_UPDATE: Collaborators updated",
  702: "COLLABORATOR_REMOVE: Collaborators removed",
  800: "USER_UPDATE: Users updated",
  900: "COMPUTE_CLUSTER_CREATE: Compute clusters created",
  901: "COMPUTE_CLUSTER_DELETE: Compute clusters deleted",
  902: "COMPUTE_CLUSTER_UPDATE: Compute clusters updated",
  1000: "NODEPOOL_CREATE: Nodepools created",
  1001: "NODEPOOL_UPDATE: Nodepools updated",
  1002: "NODEPOOL_DELETE: Nodepools deleted",
  1100: "DEPLOYMENT_CREATE: Deployments created",
  1101: "DEPLOYMENT_UPDATE: Deployments updated",
  1102: "DEPLOYMENT_DELETE: Deployments deleted",
}

describe("the event types", () => {
  test("are those of the documentation, with names and descriptions", () => {
    const known = eventTypes.map(({ code, name, description }) => [String(code), `${name}: ${description}`])
    expect(Object.fromEntries(known.slice(1))).toEqual(documented)
    expect(eventTypes[0]).toMatchObject({ code: 0, name: "EVENT_TYPE_NOT_SET" })
  })

  test("are the lines of the catalogue, and nothing else", () => {
    expect(eventTypes.map(({ code }) => code)).toEqual(clarifaiOperations.map(([code]) => code))
    expect(codeOfName("NODEPOOL_UPDATE")).toBe(1001)
    expect(codeOfName("nodepool.update")).toBeNull()
  })
})
