import { platform } from "@/lib/platform"

/** Promise: the origin at which people and programs reach this installation, without a slash at the end. */
export function baseUrl(): string {
  return platform().env.baseUrl
}
