import { expect, test } from "vitest"
import type { CallStart } from "@/lib/audit/capture/call"
import { profileNamed } from "./registry"

function start(line: string, more: Partial<CallStart> = {}): CallStart {
  const [method = "", target = ""] = line.split(" ")
  const [path = "", query] = target.split("?")
  return {
    method,
    path,
    query: query ?? null,
    headers: [],
    occurredAt: "2026-11-30T08:00:00.000000Z",
    requestId: null,
    route: null,
    app: null,
    ip: null,
    peerIp: null,
    ...more,
  }
}

function endpointsOf(profile: string, lines: readonly string[]) {
  return Object.fromEntries(lines.map(line => [line, profileNamed(profile)?.endpointOf(start(line))]))
}

test("an endpoint of ClearML is its service and action, whatever slashes and version are around it", () => {
  expect(
    endpointsOf("clearml", [
      "POST /users.set_preferences",
      "POST /v2.31/users.set_preferences/",
      "POST //v2//users.set_preferences",
      "POST /api/v2.5/tasks.get_all",
      "GET /debug.ping",
    ]),
  ).toEqual({
    "POST /users.set_preferences": { endpoint: "users.set_preferences" },
    "POST /v2.31/users.set_preferences/": { endpoint: "users.set_preferences", version: "2.31" },
    "POST //v2//users.set_preferences": { endpoint: "users.set_preferences", version: "2" },
    "POST /api/v2.5/tasks.get_all": { endpoint: "tasks.get_all", version: "2.5" },
    "GET /debug.ping": { endpoint: "debug.ping" },
  })
})
