import { isApiKey } from "@/lib/access/keys/api-keys"
import type { KeyScheme } from "@/lib/access/keys/key-scheme"
import { AppError } from "@/lib/errors"

/** Throws AppError `unauthenticated` for a key in the url, which proxies and histories store. */
export function refuseKeyInUrl(url: URL, scheme: KeyScheme): void {
  for (const [name, value] of url.searchParams) {
    if (!/^(api[-_]?key|key|access[-_]?token|token)$/i.test(name) && !isApiKey(value)) continue
    throw new AppError(
      "unauthenticated",
      `Send the API key in ${scheme.usage}, never in the address. Revoke this key: addresses are kept in logs.`,
    )
  }
}
