import type { ReactNode } from "react"
import { renderToStaticMarkup } from "react-dom/server"
import { expect, test } from "vitest"
import { presets } from "@/lib/audit/capture/policy"
import { DraftContext } from "./draft-context"
import { EnabledSection, LevelSection } from "./level-section"
import { EnvironmentContext } from "./locks"
import { IdentitySection, PartsSection } from "./parts-section"

const set = {
  "/enabled": "CLEARML__apiserver__log_calls=true",
  "/default/data": 'CLEARML__apiserver__endpoints___default__log_data=["queue"]',
  "/categories/headers": "CLEARML__apiserver__apilog__log_fields__headers__enabled=true",
  "/redactIdentity": "CLEARML__apiserver__apilog__redact_identity=true",
} as const

function shown(section: ReactNode, pointers: readonly string[], areLinesShown = false): string {
  const all = Object.entries(set).map(([pointer, line]) => ({
    pointer,
    line,
    variable: line.split("=")[0] ?? "",
  }))
  const locks = all.filter(({ pointer }) => pointers.includes(pointer))
  const draft = {
    policy: presets.ours,
    change: () => undefined,
    replace: () => undefined,
    faults: new Map<string, string>(),
    figures: null,
  }
  return renderToStaticMarkup(
    <EnvironmentContext value={{ locks, lines: all, areLinesShown }}>
      <DraftContext value={draft}>{section}</DraftContext>
    </EnvironmentContext>,
  )
}

/** Returns whether each control of the markup is disabled, in their order. */
function disabled(markup: string): readonly boolean[] {
  return [...markup.matchAll(/<(?:input|select)\b[^>]*>/g)].map(([tag]) => / disabled=""/.test(tag))
}

const sections = [
  { section: <EnabledSection />, pointer: "/enabled", locked: [true, false] },
  // Five levels, then request and response data: a level would change what is locked.
  {
    section: <LevelSection />,
    pointer: "/default/data",
    locked: [true, true, true, true, true, true, false],
  },
  {
    section: <PartsSection />,
    pointer: "/categories/headers",
    locked: [false, true, false, false, false, false],
  },
  { section: <IdentitySection />, pointer: "/redactIdentity", locked: [true, false] },
] as const

test("what the environment sets cannot be changed, and names its variable; everything else can", () => {
  for (const { section, pointer, locked } of sections) {
    const markup = shown(section, [pointer])
    expect(disabled(markup), pointer).toEqual(locked)
    expect(markup).toContain(`${set[pointer].split("=")[0]}</code> in the environment of the server`)
    expect(markup).toContain("Copy the environment line")
    expect(disabled(shown(section, [])).filter(Boolean).length).toBe(pointer === "/default/data" ? 1 : 0)
  }
})

test("each control shows its environment line when asked, and says when there is none", () => {
  for (const { section, pointer } of sections) {
    expect(shown(section, [])).not.toContain("CLEARML__")
    expect(shown(section, [], true)).toContain(set[pointer].replaceAll('"', "&quot;"))
  }
  expect(shown(<IdentitySection />, [], true)).toContain("Only ids: no environment key.")
})

test("both body flags have the caution about large payloads with a figure of this organization", () => {
  const figures = {
    days: 7,
    counted: { calls: 200, rules: [], ignored: [], neverSeen: [] },
    request: { bytes: 200_000, largest: { endpoint: "frames.add", averageBytes: 52_000 } },
    response: { bytes: 84_000_000, largest: { endpoint: "workers.status_report", averageBytes: 4_200_000 } },
  }
  const policy = { ...presets.ours, default: { call: true, data: true, resultData: ["queue"] } }
  const draft = {
    policy,
    change: () => undefined,
    replace: () => undefined,
    faults: new Map<string, string>(),
  }
  const markup = (known: typeof figures | null) =>
    renderToStaticMarkup(
      <DraftContext value={{ ...draft, figures: known }}>
        <LevelSection />
      </DraftContext>,
    )
  expect(markup(figures)).toContain("1.0 kB a call on average; most for frames.add, 52 kB a call.")
  expect(markup(figures)).toContain(
    "420 kB a call on average; most for workers.status_report, 4.2 MB a call.",
  )
  expect(markup(figures).match(/frame streaming or worker status reporting/g)?.length).toBe(2)
  expect(markup(null).match(/No call has been counted here yet\./g)?.length).toBe(2)
})
