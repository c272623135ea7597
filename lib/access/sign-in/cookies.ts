/** Cookie options: inaccessible to scripts, not sent with requests from other sites, for the whole site. */
export interface CookieAttributes {
  readonly httpOnly: true
  readonly sameSite: "lax"
  readonly path: "/"
  readonly secure: boolean
}

interface NamedCookie {
  readonly name: string
  readonly options: CookieAttributes
}

const names = {
  sessionToken: "auditorium.session",
  csrfToken: "auditorium.csrf",
  callbackUrl: "auditorium.return",
  pkceCodeVerifier: "auditorium.pkce",
  state: "auditorium.state",
  nonce: "auditorium.nonce",
  intent: "auditorium.intent",
} as const

type Cookies = Readonly<Record<keyof typeof names, NamedCookie>>

/**
 * Returns all cookies of the sign-in. With an https url they are Secure and have the prefix `__Host-`, which keeps other
 * hosts of the domain from setting them; with http (loopback) browsers would refuse both.
 */
export function authCookies(baseUrl: string): Cookies {
  const secure = new URL(baseUrl).protocol === "https:"
  const cookie = (name: string): NamedCookie => ({
    name: secure ? `__Host-${name}` : name,
    options: { httpOnly: true, sameSite: "lax", path: "/", secure },
  })
  return {
    sessionToken: cookie(names.sessionToken),
    csrfToken: cookie(names.csrfToken),
    callbackUrl: cookie(names.callbackUrl),
    pkceCodeVerifier: cookie(names.pkceCodeVerifier),
    state: cookie(names.state),
    nonce: cookie(names.nonce),
    intent: cookie(names.intent),
  }
}

/** Returns the value of a cookie in a Cookie header, or null. The first one of several with the name counts. */
export function readCookie(header: string | null, name: string): string | null {
  for (const part of header?.split(";") ?? []) {
    const separator = part.indexOf("=")
    if (separator !== -1 && part.slice(0, separator).trim() === name) return part.slice(separator + 1).trim()
  }
  return null
}
