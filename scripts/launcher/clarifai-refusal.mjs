// @ts-check
// Refusals of the HTTP server itself below /v2: Clarifai's clients read every response as JSON with a status of theirs.

/** The codes of lib/clarifai/codes.ts for the statuses that the server gives itself. */
const codes = new Map([
  [400, { code: 11100, description: "Bad request format" }],
  [403, { code: 11007, description: "API key does not have the required scopes" }],
  [405, { code: 11101, description: "Resource does not exist" }],
  [408, { code: 98009, description: "Request timed out" }],
  [413, { code: 11102, description: "Invalid request" }],
  [414, { code: 11102, description: "Invalid request" }],
  [431, { code: 11102, description: "Invalid request" }],
  [503, { code: 98009, description: "Request timed out" }],
])
const internal = { code: 98004, description: "Internal server issue" }

/** @param {string | undefined} target the target of a request, as far as it is known */
export function isClarifai(target = "") {
  return /^\/v2(?:[/?]|$)/.test(target)
}

/**
 * @param {{ readonly status: number, readonly title: string, readonly detail?: string }} refusal
 * @param {string} requestId
 */
export function clarifaiRefusal({ status, title, detail }, requestId) {
  const { code, description } = codes.get(status) ?? internal
  return JSON.stringify({
    status: { code, description, details: detail ?? title, req_id: requestId },
    entries: [],
  })
}
