import { platform } from "@/lib/platform"

/** Returns the public origin of this installation, without a slash at the end. */
export function baseUrl(): string {
  return platform().env.baseUrl
}
