import { buildId } from "@/lib/http/build"

// Read anew at every request: the answer belongs to the process that runs, not to the moment of building.
export const dynamic = "force-dynamic"

const headers = {
  "content-type": "text/plain; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
}

/** Names the build that answers, so that a page which was loaded from another one can say so. */
export const GET = () => new Response(`${buildId}\n`, { headers })
