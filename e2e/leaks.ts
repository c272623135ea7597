import { tmpdir } from "node:os"
import { expect } from "@playwright/test"

const root = new URL("..", import.meta.url).pathname.replace(/\/$/, "")

const inner: readonly RegExp[] = [
  /node_modules/,
  // A frame of a stack.
  /\bat (?:async )?(?:\S+ \()?[^\s()]+:\d+:\d+/,
  /\b(SELECT|INSERT|UPDATE|DELETE) .*\b(FROM|INTO|SET)\b/,
  /\b(ledger\.|pg_|prisma)/i,
  /\baud_live_\w{20}/,
]

/** Fails when the body of a refusal contains internals: a stack, a statement, a path, a key. */
export function expectNoLeak(body: string): void {
  for (const pattern of inner) expect(body).not.toMatch(pattern)
  for (const folder of [root, process.cwd(), `${tmpdir()}/`]) expect(body).not.toContain(folder)
}
