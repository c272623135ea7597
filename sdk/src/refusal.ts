/** What a strict application answers while its calls cannot be recorded. */
export const refusal = {
  status: 503,
  headers: { "content-type": "application/problem+json", "retry-after": "5" },
  body: JSON.stringify({
    type: "about:blank",
    title: "Service Unavailable",
    status: 503,
    detail: "This call could not be recorded for the audit log. Try again later.",
  }),
} as const
