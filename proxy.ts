import { type NextRequest, NextResponse } from "next/server"
import { isDevelopment } from "@/lib/env/env"

/**
 * Gives every page its content security policy with a fresh nonce. It decides nothing about access: bypassing it loses the
 * policy and gains no data.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64")
  const policy = contentSecurityPolicy(nonce, isDevelopment())
  const headers = new Headers(request.headers)
  // Next.js reads the nonce from the policy of the request and adds it to its own scripts.
  headers.set("content-security-policy", policy)
  headers.set("x-nonce", nonce)
  headers.set("x-auditorium-path", pathOf(request))
  const response = NextResponse.next({ request: { headers } })
  response.headers.set("content-security-policy", policy)
  return response
}

// Not for the API (next.config.ts has its policy; bodies would be copied on the way) nor for built files. Each exception is
// a whole first segment or a whole path: an organization may be called `favicon-ico` or `_next-image`.
export const config = {
  matcher: ["/((?!(?:api|v2)(?:/|$)|_next/static/|_next/image(?:/|$)|favicon\\.(?:ico|svg)$).*)"],
}

// Pages do not know their own url otherwise: after signing in, people are led back to it (lib/http/return-path.ts).
function pathOf({ nextUrl }: NextRequest): string {
  // Cut out of the text: a rebuilt url could exceed the limit.
  const kept = nextUrl.search
    .slice(1)
    .split("&")
    .filter(part => part !== "" && !/^_rsc(?:=|$)/.test(part))
  return kept.length === 0 ? nextUrl.pathname : `${nextUrl.pathname}?${kept.join("&")}`
}

/**
 * Returns the policy: scripts run only with the nonce, nothing frames us, forms go nowhere else. Development needs eval and
 * a socket.
 */
export function contentSecurityPolicy(nonce: string, development: boolean): string {
  const directives: Readonly<Record<string, string>> = {
    "default-src": "'self'",
    "script-src": `'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    "script-src-attr": "'none'",
    // Positions of virtual rows are style attributes, and dialogs add a style element to lock scrolling.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": `'self'${development ? " ws:" : ""}`,
    "worker-src": "'none'",
    "frame-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
  }
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ")
}
