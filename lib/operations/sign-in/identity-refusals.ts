import { type About, OperationFailure } from "@/lib/operations/core/operation"

/** Why a flow through the OpenID provider failed, in words for the person; `{name}` is the provider's. */
const words = {
  cancelled: "You went back from {name} before it was done. Nothing was changed.",
  expired: "This took too long, or was begun in another window. Begin again.",
  failed: "What {name} answered could not be accepted. Begin again.",
  unverified: "{name} does not say that your e-mail address is verified. Verify it there, then begin again.",
  domain: "Addresses of your e-mail's domain cannot be used here. Choose another account at {name}.",
  "not-invited":
    "There is no account for your e-mail address here, and no open invitation. Ask an administrator to invite you.",
  "connect-first":
    "There is an account with your e-mail address already. Sign in to it as before, then connect {name} under Account.",
  taken: "This account at {name} is connected with somebody else here.",
  another: "Another account at {name} is connected already. Disconnect that one first.",
  session: "You are not signed in any more as when you began. Sign in, then begin again.",
  proof: "Too much time has passed since you proved who you are. Begin again.",
  "other-person": "That was another account at {name} than the one that is connected with you.",
  "not-asked": "{name} did not ask you again who you are, so this proves nothing new.",
  unavailable: "{name} cannot be reached at the moment. Try again in a few minutes.",
} as const

export type IdentityRefusalReason = keyof typeof words

/**
 * A refusal whose reason reaches the browser as one word of a closed list, so that no url can put text on our pages.
 */
export class IdentityRefusal extends OperationFailure {
  readonly reason: IdentityRefusalReason

  constructor(reason: IdentityRefusalReason, about: About) {
    super("forbidden", words[reason].replaceAll("{name}", "the provider"), {
      about: { ...about, metadata: { ...about.metadata, method: "openid-connect", reason } },
      status: "denied",
    })
    this.reason = reason
  }
}

/** Returns the text of a refusal as a page shows it; null for an unknown reason. */
export function identityRefusalWords(reason: string, providerName: string): string | null {
  const found = Object.entries(words).find(([known]) => known === reason)?.[1]
  const name = providerName.charAt(0).toUpperCase() + providerName.slice(1)
  return found?.replace(/^\{name\}/, name).replaceAll("{name}", providerName) ?? null
}
