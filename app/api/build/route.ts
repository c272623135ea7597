import { buildId } from "@/lib/http/build"

// Evaluated at every request: the response depends on the running process, not on the time of the build.
export const dynamic = "force-dynamic"

const headers = {
  "content-type": "text/plain; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
}

/** Names the current build, so that a page from another one can tell. */
export const GET = () => new Response(`${buildId}\n`, { headers })
