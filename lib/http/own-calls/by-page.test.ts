import { expect, test } from "vitest"
import { isSentByPage } from "./by-page"

type Request = Parameters<typeof isSentByPage>[0]["request"]

function asked(url: string, headers: Readonly<Record<string, string>> = {}, method = "GET"): boolean {
  return isSentByPage({ url, request: { headers, method } as unknown as Request })
}

test.each([
  ["/acme/admin/settings", { "next-router-prefetch": "1" }],
  ["/acme/admin/settings", { "next-router-segment-prefetch": "/_tree" }],
  ["/acme/admin/settings", { purpose: "prefetch" }],
  ["/acme/admin/settings", { "sec-purpose": "prefetch;prerender" }],
  ["/account/session", {}],
  ["/acme/admin/audit-logs/count", {}],
  ["/acme/admin/audit-logs/count?actor=count", {}],
])("an open page sends %s with %j by itself", (url, headers) => {
  expect(asked(url, headers)).toBe(true)
})

test.each([
  ["/acme/admin/settings", {}, "GET"],
  ["/acme/admin/settings", { rsc: "1" }, "GET"],
  ["/acme/admin/audit-logs/counts", {}, "GET"],
  ["/acme/admin/audit-logs?x=/account/session", {}, "GET"],
  ["/api/v1/events/search", { purpose: "audit" }, "POST"],
  // A program must not be able to read unseen.
  ["/api/v1/events/export", { "sec-purpose": "prefetch" }, "GET"],
  ["/api/v1/events", { "next-router-prefetch": "1" }, "GET"],
  ["/v2/users/me/audit_log/searches", { purpose: "prefetch" }, "GET"],
  // Nobody prefetches a change: who says so wants it unseen.
  ["/acme/admin/settings", { purpose: "prefetch" }, "POST"],
  ["/api/v1/key", { "sec-purpose": "prefetch" }, "DELETE"],
])("somebody sends %s with %j by %s", (url, headers, method) => {
  expect(asked(url, headers, method)).toBe(false)
})
