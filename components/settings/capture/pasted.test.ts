import { expect, test } from "vitest"
import { presets } from "@/lib/audit/capture/policy"
import { readPasted } from "./pasted"

const { ucp } = presets

test("pasted keys change what they name, and nothing else of the draft", () => {
  const { policy, problems, warnings } = readPasted(
    `apiserver {
      endpoints {
        _default { log_result_data: true }
        workers.status_report.log_data: ["queue", "tags"]
      }
      apilog.log_fields.headers.enabled = yes
    }`,
    ucp,
  )
  expect([problems, warnings]).toEqual([[], []])
  const [first, ...others] = policy?.rules ?? []
  expect(first).toEqual({
    name: "workers.status_report",
    when: { endpoints: ["workers.status_report"] },
    then: { data: ["queue", "tags"] },
  })
  expect(others).toEqual(ucp.rules)
  expect({ ...policy, rules: ucp.rules }).toEqual({
    ...ucp,
    default: { call: true, data: false, resultData: true },
    categories: { ...ucp.categories, headers: true },
  })
})

test("pasted twice, a configuration makes its rules once", () => {
  const text =
    "CLEARML__apiserver__endpoints__tasks__get_all__log_call=false\nCLEARML__apiserver__log_calls=true"
  const once = readPasted(text, ucp).policy
  expect(once?.rules.length).toBe(ucp.rules.length + 1)
  expect(readPasted(text, once ?? ucp).policy).toEqual(once)
})

test("what cannot be read is refused with its line, and the draft stays", () => {
  const { policy, problems } = readPasted('log_calls: true\ninclude "other.conf"', ucp)
  expect(policy).toBe(null)
  expect(problems.join()).toContain("line 2")
  expect(readPasted("log_calls: maybe", ucp).problems.join()).toContain("maybe")
})

test("a key that is not known is said, with the nearest one", () => {
  const { policy, warnings } = readPasted("apilog.redact_identiti: true", ucp)
  expect(policy).toEqual(ucp)
  expect(warnings.join()).toContain("redact_identity")
})
