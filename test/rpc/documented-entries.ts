/** What Clarifai's page shows as the answer to its examples: ten entries of one person, newest first. */

const user = {
  id: "alfrick",
  first_name: "Alfrick",
  last_name: "Opidi",
  company_name: "Clarifai",
  job_title: "Dev",
  job_role: "Data Science / Machine Learning",
  intention: "Train a custom model",
  created_at: "2024-01-11T05:36:46.977773Z",
  visibility: { gettable: 10 },
}

type Target = Readonly<Record<string, object>>
const app = (id: string): Target => ({ app: { id } })
const workflow = (id: string): Target => ({ workflow: { id, use_cases: [], check_consents: [] } })
const version = (id: string): Target => ({ workflow_version: { id } })
const model = (id: string): Target => ({
  model: {
    id,
    app_id: "",
    toolkits: [],
    use_cases: [],
    languages: [],
    languages_full: [],
    check_consents: [],
  },
})

const descriptions: Readonly<Record<number, string>> = {
  300: "Models created",
  400: "Workflows created",
  403: "Workflow versions created",
  600: "Applications created",
}

type Row = readonly [
  time: string,
  operation: number,
  detail: string,
  request: string,
  targets: readonly Target[],
]
const versionOf = (id: string, of: string) => `Create workflow version '${id}' for workflow '${of}'`
const versions = [
  "a72a9f65cb2648888b724291a0ba8cef",
  "12668c6aa7d149979d01ae716967a6c9",
  "eecdf9bb1e8b4394b9a6337814c4eb5d",
] as const
const requests = [
  "webportal-74e9a38774c449a598b67b369ae0064a",
  "webportal-7f53926068b3479bbc5631109ac64377",
  "webportal-f488464806a042698840233f070adeec",
  "webportal-9ca7bd88f14f412189312ca4e86dd965",
  "webportal-0c244223c21b4ee18800c1741ca7be5a",
] as const

// biome-ignore format: one entry a line
const rows: readonly Row[] = [
  ["2025-01-17T12:04:55.449860Z", 403, versionOf(versions[0], "workflow-838250"), requests[0], [workflow("workflow-838250"), version(versions[0]), app("testapp1")]],
  ["2025-01-17T12:04:55.430103Z", 400, "Create workflow 'workflow-838250'", requests[0], [workflow("workflow-838250"), app("testapp1")]],
  ["2025-01-17T12:00:06.599812Z", 300, "Create model 'visual-classifier-one2'", requests[1], [model("visual-classifier-one2"), app("testapp1")]],
  ["2025-01-17T11:54:44.706982Z", 300, "Create model 'dogs-vs-cats'", requests[2], [model("dogs-vs-cats"), app("testapp1")]],
  ["2025-01-17T11:51:52.065958Z", 403, versionOf(versions[1], "Universal"), requests[3], [app("test-app2"), workflow("Universal"), version(versions[1])]],
  ["2025-01-17T11:51:52.056626Z", 400, "Create workflow 'Universal'", requests[3], [workflow("Universal"), app("test-app2")]],
  ["2025-01-17T11:51:52.014376Z", 600, "Create application 'test-app2'", requests[3], [app("test-app2")]],
  ["2025-01-15T07:01:35.378946Z", 403, versionOf(versions[2], "Universal"), requests[4], [workflow("Universal"), version(versions[2]), app("testapp1")]],
  ["2025-01-15T07:01:35.366665Z", 400, "Create workflow 'Universal'", requests[4], [workflow("Universal"), app("testapp1")]],
  ["2025-01-15T07:01:35.105312Z", 600, "Create application 'testapp1'", requests[4], [app("testapp1")]],
]

/** The entries as the HTTP form documents them. */
export const documentedEntries = rows.map(([timestamp, operation, detail, req_id, targets]) => ({
  timestamp,
  user,
  operation,
  description: descriptions[operation],
  targets,
  details: [detail],
  success: true,
  req_id,
  source_ip: "3.234.120.41",
}))

/** The whole answer, as a file that our importer reads. */
export const documentedAnswer = {
  status: { code: 10_000, description: "Ok", req_id: "c0c3788f56734a07ac468cffc9f96b82" },
  entries: documentedEntries,
}
