/** Verbs of the acts in the catalogue, some with words that belong to them, and their past forms. */
const pastOf = {
  accept: "accepted",
  add: "added",
  archive: "archived",
  "ask for": "asked for",
  cancel: "canceled",
  change: "changed",
  "change the password": "changed the password",
  "change the roles of": "changed the roles of",
  connect: "connected",
  "count the events of the audit log": "counted the events of the audit log",
  create: "created",
  decline: "declined",
  delete: "deleted",
  disconnect: "disconnected",
  duplicate: "duplicated",
  "end the sessions of": "ended the sessions of",
  "export the audit log": "exported the audit log",
  "initiate the promotion of": "initiated the promotion of",
  "list API keys": "listed API keys",
  "list applications": "listed applications",
  "list the filter values of the audit log": "listed the filter values of the audit log",
  open: "opened",
  perform: "performed",
  "prove their identity again": "proved their identity again",
  publish: "published",
  reactivate: "reactivated",
  remove: "removed",
  resend: "resent",
  restore: "restored",
  revoke: "revoked",
  rotate: "rotated",
  "search the audit log": "searched the audit log",
  "send events to the audit log": "sent events to the audit log",
  "sign in": "signed in",
  "sign out": "signed out",
  "sign out elsewhere": "signed out elsewhere",
  "sign out everywhere": "signed out everywhere",
  "sign out everywhere else": "signed out everywhere else",
  suspend: "suspended",
  train: "trained",
  update: "updated",
  use: "used",
} as const

type Verb = keyof typeof pastOf

/** What somebody does, in the infinitive: a verb alone ("sign in") or with its one object ("delete model"). */
export type Act = Verb | `${Verb} ${string}`

/** The parts of an act. */
export interface ActParts {
  /** "delete". */
  readonly verb: string
  /** "deleted". */
  readonly past: string
  /** "model"; null for an act without an object, such as "sign in". */
  readonly noun: string | null
}

/** Longest first, so that "sign out everywhere" is not read as "sign out" with a noun. */
const verbs = (Object.keys(pastOf) as readonly Verb[]).toSorted((one, other) => other.length - one.length)

/** Returns the parts of an act. */
export function partsOfAct(act: Act): ActParts {
  const verb = verbs.find(known => act === known || act.startsWith(`${known} `))
  if (verb === undefined) throw new Error(`The act ${JSON.stringify(act)} begins with no known verb.`)
  const noun = act.slice(verb.length + 1)
  return { verb, past: pastOf[verb], noun: noun === "" ? null : noun }
}

/** Returns the noun with its article: "an API key". */
export function withArticle(noun: string): string {
  const isVowelHeard = /^[aeiou]/i.test(noun) && !/^(one|uni|use)/i.test(noun)
  return `${isVowelHeard ? "an" : "a"} ${noun}`
}

/** Returns the plural of the noun: "API proxies". */
export function pluralOf(noun: string): string {
  if (/[^aeiou]y$/i.test(noun)) return `${noun.slice(0, -1)}ies`
  return /(s|x|z|ch|sh)$/i.test(noun) ? `${noun}es` : `${noun}s`
}
