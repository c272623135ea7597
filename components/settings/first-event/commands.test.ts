import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { commandsFor, exampleEvent } from "./commands"

/** Runs a command in a shell in which `curl` prints its arguments instead of sending them. */
function runWithoutNetwork(command: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), "commands-"))
  writeFileSync(
    path.join(directory, "curl"),
    '#!/bin/sh\nprintf "%s\\n" "$@"\nif [ -p /dev/stdin ]; then cat; fi\n',
    {
      mode: 0o755,
    },
  )
  const script = `PATH=${directory}:$PATH\n${command}`
  return execFileSync("/bin/sh", ["-c", script], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
}

test("pasted into a shell, the command for one event sends its JSON and the key to this installation", () => {
  const [one] = commandsFor("https://audit.example", "aud_live_abc")
  const lines = runWithoutNetwork(one.text)
  expect(lines).toContain("https://audit.example/api/v1/events\n")
  expect(lines).toContain("Authorization: Bearer aud_live_abc\n")
  const body: unknown = JSON.parse(lines.slice(lines.indexOf("-d\n") + 3))
  expect(body).toMatchObject({ operation: "door.open", actor: { id: "ada" }, status: "success" })
})

test("pasted into a shell, the command for many events sends one JSON object a line", () => {
  const [, many] = commandsFor("https://audit.example", null)
  const output = runWithoutNetwork(many?.text ?? "")
  expect(output).toContain("Authorization: Bearer YOUR_API_KEY\n")
  const objects = output
    .split("\n")
    .filter(line => line.startsWith("{"))
    .map(line => JSON.parse(line))
  expect(objects.map(({ status }) => status)).toEqual(["success", "denied"])
})

test("the command for a file keeps the key out of the arguments, which every user of a machine can read", () => {
  const [, , file] = commandsFor("https://audit.example", "aud_live_abc")
  expect(file?.text).toBe(
    "AUDITORIUM_KEY=aud_live_abc \\\n  npm run ingest -- events.ndjson --url https://audit.example",
  )
})

test.each(["README.md", "docs/api.md"])(
  "%s shows the same example, and exports the key before it uses it",
  file => {
    const text = readFileSync(path.resolve(import.meta.dirname, "../../..", file), "utf8")
    expect(text).toContain(`-d '${exampleEvent}'`)
    const exported = text.indexOf("export AUDITORIUM_KEY=")
    expect(exported).toBeGreaterThan(-1)
    expect(text.indexOf("$AUDITORIUM_KEY")).toBeGreaterThan(exported)
  },
)
