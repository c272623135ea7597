/** Verbs of the acts in the catalogue, some with words that belong to them, and their past forms. */
const pastOf = {
  accept: "accepted",
  add: "added",
  archive: "archived",
  "ask for": "asked for",
  "attach to": "attached to",
  build: "built",
  "call an HTTP endpoint": "called an HTTP endpoint",
  cancel: "canceled",
  "cancel a replay to": "canceled a replay to",
  change: "changed",
  "change the password": "changed the password",
  "change the preferences": "changed the preferences",
  "change the roles of": "changed the roles of",
  clone: "cloned",
  commit: "committed",
  connect: "connected",
  "count the events of the audit log": "counted the events of the audit log",
  create: "created",
  "create a token of": "created a token of",
  "create credentials": "created credentials",
  decline: "declined",
  delete: "deleted",
  "deliver again to": "delivered again to",
  "deliver expired events to": "delivered expired events to",
  "deliver refused events to": "delivered refused events to",
  "deliver to": "delivered to",
  dequeue: "dequeued",
  disable: "disabled",
  disconnect: "disconnected",
  duplicate: "duplicated",
  edit: "edited",
  enable: "enabled",
  "end the sessions of": "ended the sessions of",
  enqueue: "enqueued",
  evict: "evicted",
  export: "exported",
  "export the audit log": "exported the audit log",
  "forward a port of": "forwarded a port of",
  import: "imported",
  "initialize a swarm": "initialized a swarm",
  "initiate the promotion of": "initiated the promotion of",
  inspect: "inspected",
  install: "installed",
  "join a swarm": "joined a swarm",
  kill: "killed",
  "leave the swarm": "left the swarm",
  list: "listed",
  "list API keys": "listed API keys",
  "list applications": "listed applications",
  "list the filter values of the audit log": "listed the filter values of the audit log",
  "list the models": "listed the models",
  "list the projects": "listed the projects",
  "list the tasks": "listed the tasks",
  load: "loaded",
  "log in": "logged in",
  "log in to a registry": "logged in to a registry",
  open: "opened",
  patch: "patched",
  pause: "paused",
  perform: "performed",
  "prove their identity again": "proved their identity again",
  publish: "published",
  pull: "pulled",
  push: "pushed",
  reactivate: "reactivated",
  "read the log of": "read the log of",
  "record calls": "recorded calls",
  "record events": "recorded events",
  remove: "removed",
  rename: "renamed",
  "report the status of a worker": "reported the status of a worker",
  resend: "resent",
  reset: "reset",
  restart: "restarted",
  restore: "restored",
  resume: "resumed",
  revoke: "revoked",
  "revoke credentials": "revoked credentials",
  rotate: "rotated",
  "search the audit log": "searched the audit log",
  "send events to the audit log": "sent events to the audit log",
  "send refused events again to": "sent refused events again to",
  "sign in": "signed in",
  "sign out": "signed out",
  "sign out elsewhere": "signed out elsewhere",
  "sign out everywhere": "signed out everywhere",
  "sign out everywhere else": "signed out everywhere else",
  start: "started",
  "start a command in": "started a command in",
  "start a replay to": "started a replay to",
  stop: "stopped",
  suspend: "suspended",
  tag: "tagged",
  test: "tested",
  train: "trained",
  uninstall: "uninstalled",
  "unlock the swarm": "unlocked the swarm",
  unpublish: "unpublished",
  update: "updated",
  "update the swarm": "updated the swarm",
  upgrade: "upgraded",
  use: "used",
  "use the API of this console": "used the API of this console",
  watch: "watched",
} as const

/** A verb, perhaps with words that belong to it. */
export type Verb = keyof typeof pastOf

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
