const headers = {
  "content-type": "text/plain; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
}

/** Says that this process answers, and asks nobody else: for a supervisor. `/api/health` says whether it can do its work. */
export const GET = () => new Response("ok\n", { headers })
