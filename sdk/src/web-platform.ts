import type { Platform } from "./connection"
import { fetchTransport } from "./fetch-transport"

/** A place with `fetch` and without a file system. */
export const webPlatform: Platform = {
  transport: fetchTransport,
  disk: null,
  host: null,
  onExit: () => undefined,
}
