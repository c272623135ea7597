import { carryPath, readCarriedPath } from "@/lib/access/sign-in/carried-path"
import { isOwnPath } from "@/lib/access/sign-in/own-path"

export { carryPath, isOwnPath, readCarriedPath }

/** Set by proxy.ts to the path and query string of the requested page. */
export const pathHeader = "x-auditorium-path"

/** Returns the url of the sign-in page that leads back to the requested page; never to another site. */
export function signInPath(headers: Headers, organization: string | null): string {
  const asked = headers.get(pathHeader)
  const back = asked !== null && isOwnPath(asked) && !isSecret(asked) ? asked : `/${organization ?? ""}`
  return back === "/" ? "/sign-in" : `/sign-in?return=${encodeURIComponent(carryPath(back))}`
}

// The url of an invitation contains its key: it must not become part of another url.
function isSecret(path: string): boolean {
  return path.startsWith("/invitations/")
}
