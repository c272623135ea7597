import { carryPath, readCarriedPath } from "@/lib/access/sign-in/carried-path"
import { isOwnPath } from "@/lib/access/sign-in/own-path"

export { carryPath, isOwnPath, readCarriedPath }

/** Set by proxy.ts to the path and query string of the page that is asked for. */
export const pathHeader = "x-auditorium-path"

/** Returns the address of the sign-in page that leads back to where the person wanted to go; never to another site. */
export function signInPath(headers: Headers, organization: string | null): string {
  const asked = headers.get(pathHeader)
  const back = asked !== null && isOwnPath(asked) && !isSecret(asked) ? asked : `/${organization ?? ""}`
  return back === "/" ? "/sign-in" : `/sign-in?return=${encodeURIComponent(carryPath(back))}`
}

// The address of an invitation is its key: it must not become part of another address.
function isSecret(path: string): boolean {
  return path.startsWith("/invitations/")
}
