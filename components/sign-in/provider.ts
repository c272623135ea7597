import type { ErrorCode } from "@/lib/errors"
import type { ActionResult } from "@/lib/http/action"
import { wordsOf } from "./credentials"

/** A flow through the OpenID provider: its purpose, and the path of this site to return to. */
export interface ProviderWay {
  readonly purpose: "sign-in" | "connect" | "prove"
  readonly returnTo: string
}

/** Returns the provider's url to open, or the refusal. Rejects when the server cannot be reached. */
export async function beginAtProvider({
  purpose,
  returnTo,
}: ProviderWay): Promise<ActionResult<{ readonly url: string }>> {
  const csrf: unknown = await (await fetch("/api/auth/csrf", { cache: "no-store" })).json()
  const response = await fetch("/api/auth/signin/openid-connect", {
    method: "POST",
    cache: "no-store",
    body: new URLSearchParams({ csrfToken: textOf(csrf, "csrfToken"), purpose, return: returnTo }),
  })
  const answer: unknown = await response.json().catch(() => null)
  const url = textOf(answer, "url")
  if (response.ok && /^https?:\/\//.test(url)) return { ok: true, value: { url } }
  const wait = Number(response.headers.get("retry-after"))
  return {
    ok: false,
    code: codeOf(answer),
    message: wordsOf(answer),
    faults: [],
    retryAfterSeconds: wait > 0 ? wait : undefined,
  }
}

// Only this refusal is distinguished: it asks for a proof of identity.
function codeOf(answer: unknown): ErrorCode {
  return textOf(answer, "code") === "proof-required" ? "proof-required" : "unavailable"
}

function textOf(value: unknown, key: string): string {
  if (typeof value !== "object" || value === null) return ""
  const found: unknown = Reflect.get(value, key)
  return typeof found === "string" ? found : ""
}
