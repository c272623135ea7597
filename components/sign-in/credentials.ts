import type { ActionResult } from "@/lib/http/action"

/** The credentials of a person. */
export interface Credentials {
  readonly email: string
  readonly password: string
}

/** Signs in with email and password. */
export async function signInWithPassword({ email, password }: Credentials): Promise<ActionResult<null>> {
  return signInThrough("credentials", { email, password })
}

/** Signs in with the token of a mailed link, which works once. */
export async function signInWithLink({ token }: { readonly token: string }): Promise<ActionResult<null>> {
  return signInThrough("e-mail-link", { token })
}

/**
 * Signs in through the sign-in endpoint, which sets the session cookie. Returns `ok`, or the message and the wait of the
 * refusal. Rejects when the server cannot be reached.
 */
async function signInThrough(
  way: "credentials" | "e-mail-link",
  proof: Readonly<Record<string, string>>,
): Promise<ActionResult<null>> {
  const csrf: unknown = await (await fetch("/api/auth/csrf", { cache: "no-store" })).json()
  const response = await fetch(`/api/auth/callback/${way}`, {
    method: "POST",
    cache: "no-store",
    body: new URLSearchParams({ csrfToken: textOf(csrf, "csrfToken"), ...proof, json: "true" }),
  })
  if (response.ok) return { ok: true, value: null }
  const answer: unknown = await response.json().catch(() => null)
  const wait = Number(response.headers.get("retry-after"))
  return {
    ok: false,
    code: response.status === 429 ? "rate-limited" : "unauthenticated",
    message: wordsOf(answer),
    faults: [],
    retryAfterSeconds: wait > 0 ? wait : undefined,
  }
}

/** Returns the message of a refusal, from where the response has it, or a general one. */
export function wordsOf(answer: unknown): string {
  const detail = textOf(answer, "detail")
  if (detail !== "") return detail
  const url = textOf(answer, "url")
  const words = URL.canParse(url) ? new URL(url).searchParams.get("error") : null
  return words || "Signing in did not work. Try again in a moment."
}

function textOf(value: unknown, key: string): string {
  if (typeof value !== "object" || value === null) return ""
  const found: unknown = Reflect.get(value, key)
  return typeof found === "string" ? found : ""
}
