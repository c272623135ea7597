import { isOwnKey } from "./own-keys"

/** A secret that can be recognised by its text alone. */
export interface Shape {
  readonly kind: string
  /** Global, linear, and ending in a class that holds every letter and digit, so that what follows a hit keeps its boundary. */
  readonly pattern: RegExp
  /** Says whether a text that matches really is one. */
  readonly check?: (text: string) => boolean
}

/** An expression for texts that hold `if`: looking for a rare text costs nearly nothing. */
export interface Hint {
  readonly if: string
  readonly then: RegExp
}

/** One version of what is secret. Tables are only added, never changed: a stored event was hidden by one of them. */
export interface FloorTable {
  readonly version: number
  /** Names in lower-case letters and digits. */
  readonly names: ReadonlySet<string>
  readonly endings: readonly string[]
  /** Names that one of the endings would take although they hold no secret. */
  readonly exceptions: ReadonlySet<string>
  /** Names whose value may be an object that says more than the secret: it is searched instead of replaced. */
  readonly searched: ReadonlySet<string>
  /** Endings of names, and the shape that is an identifier there: every record of AWS names the key that was used. */
  readonly identifiers: readonly (readonly [ending: string, kind: string])[]
  /** Parameters of an address that are secret there, and headers, in lower-case letters and digits. */
  readonly parameters: ReadonlySet<string>
  readonly headers: ReadonlySet<string>
  /** A text that none of these matches holds no shape. Several short expressions cost less than a long one. */
  readonly hints: readonly Hint[]
  readonly shapes: readonly Shape[]
}

/** Behind something that is no letter and no digit. */
const start = "(?<![A-Za-z0-9])"
const shape = (kind: string, pattern: string, check?: Shape["check"]): Shape => ({
  kind,
  pattern: new RegExp(`${start}(?:${pattern})`, "g"),
  check,
})

const shapes1: readonly Shape[] = [
  {
    kind: "private-key",
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----))*(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g,
  },
  shape("own-key", "aud_live_[0-9A-Za-z]{38,}", isOwnKey),
  shape("jwt", "eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*"),
  shape("aws", "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
  shape("github", "gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\\w{22,}"),
  shape("gitlab", "gl(?:pat|dt|rt|ptt|cbt|soat|ft|imt|agent|oas)-[\\w-]{20,}"),
  shape("slack", "xox[a-z](?:\\.xox[a-z])?-[A-Za-z0-9-]{10,}|xapp-\\d-[A-Za-z0-9-]{10,}"),
  shape("slack", "hooks\\.slack(?:-gov)?\\.com/(?:services|workflows|triggers)/[\\w/+-]{20,}"),
  shape("stripe", "[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"),
  shape("webhook", "whsec_[A-Za-z0-9+/=]{16,}"),
  shape("google", "AIza[\\w-]{35,}|GOCSPX-[\\w-]{20,}|ya29\\.[\\w-]{20,}[\\w.-]*|1//0[A-Za-z0-9][\\w-]{30,}"),
  shape("npm", "npm_[A-Za-z0-9]{36,}"),
  shape("pypi", "pypi-[\\w-]{50,}"),
  shape("sendgrid", "SG\\.[\\w-]{16,}\\.[\\w-]{16,}"),
  shape("twilio", "SK[0-9a-f]{32}(?![A-Za-z0-9])"),
  shape("anthropic", "sk-ant-[\\w-]{20,}"),
  shape("openai", "sk-(?:proj|svcacct|admin|None|or-v1)-[\\w-]{20,}|sk-[A-Za-z0-9]{32,}"),
  shape("azure", "AccountKey=[A-Za-z0-9+/]{40,}={0,2}|SharedAccessKey=[A-Za-z0-9+/]{40,}={0,2}"),
  shape("docker", "SWMTKN-1-[0-9A-Za-z]{20,}-[0-9A-Za-z]{20,}|SWMKEY-1-[\\w+/=]{20,}|dckr_pat_[\\w-]{20,}"),
  shape("vault", "hv[bsr]\\.[\\w-]{24,}"),
  shape("digitalocean", "do[opr]_v1_[0-9a-f]{64}[0-9A-Za-z]*"),
  shape("databricks", "dapi[0-9a-f]{32}(?![A-Za-z0-9])"),
  shape("hugging-face", "hf_[A-Za-z0-9]{34,}"),
  shape("atlassian", "ATATT3[\\w=-]{50,}"),
  shape("grafana", "glsa_[A-Za-z0-9]{32}_[0-9A-Za-z]{8,}"),
]

const hints1: readonly Hint[] = [
  {
    if: "",
    then: /A(?:[KSBC][IC]A|Iza|TATT3|ccountKey)|BEGIN|GOCSPX|S(?:G\.|K[0-9a-f]{8}|WM|haredAccessKey)|eyJ/,
  },
  { if: "", then: /(?:xox[a-z]|xapp|pypi|gl[a-z]{2,5}|sk)-|hooks\.slack|hv[bsr]\.|ya29\.|dapi[0-9a-f]/ },
  { if: "_", then: /_(?:live|test|pat|v1)_|_[A-Za-z0-9]{16}/ },
  { if: "//0", then: /1\/\/0/ },
]

const table1: FloorTable = {
  version: 1,
  names: new Set(
    `password passwd pwd passphrase passcode secret clientsecret secretkey token accesstoken refreshtoken idtoken apikey
     accesskey privatekey authorization proxyauthorization cookie setcookie credential credentials otp totp pin cvv cvc
     sessionid passwords passwordconfirmation passwordconfirm passwordrepeat clientassertion samlresponse codeverifier
     xregistryauth xregistryconfig registryauth xjwtpayload unlockkey signingkey`.split(/\s+/),
  ),
  endings: [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "secretkey",
    "secretaccesskey",
    "token",
    "apikey",
    "privatekey",
    "accountkey",
    "sharedaccesskey",
  ],
  exceptions: new Set(
    `clienttoken clientrequesttoken hashedtoken nexttoken pagetoken nextpagetoken continuationtoken synctoken
     oldpwd serviceaccounttoken etcpasswd`.split(/\s+/),
  ),
  searched: new Set(["credential", "credentials", "accesskey", "authorization"]),
  identifiers: [
    ["keyid", "aws"],
    ["principalid", "aws"],
    ["ids", "aws"],
  ],
  parameters: new Set([
    "sig",
    "signature",
    "xamzsignature",
    "xgoogsignature",
    "xamzcredential",
    "jwt",
    "auth",
  ]),
  headers: new Set(
    `authorization proxyauthorization cookie setcookie xapikey xauthtoken xjwtpayload xamzsecuritytoken xregistryauth
     xregistryconfig xvaulttoken`.split(/\s+/),
  ),
  hints: hints1,
  shapes: shapes1,
}

/** All tables, by version. Version 0 is no floor: events from before there was one. */
export const floorTables: readonly (FloorTable | null)[] = [null, table1]

/** The version that hides what arrives now. */
export const currentFloor = floorTables.length - 1

/** Returns a table. Throws RangeError for a version that does not exist. */
export function floorTable(version: number): FloorTable | null {
  const table = floorTables[version]
  if (table === undefined) throw new RangeError(`There is no version ${version} of what is secret.`)
  return table
}
