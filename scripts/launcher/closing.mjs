// @ts-check

/**
 * @typedef {object} Closing
 * @property {string} baseUrl
 * @property {string} auditLogsUrl
 * @property {string | null} mailUrl where caught mail is read
 * @property {{ readonly link: string, readonly email: string, readonly expiresAt: string } | null} first the first administrator's way in
 * @property {boolean} hasPeople false when somebody has to be made by command first
 * @property {boolean} development
 * @property {string} took
 */

/**
 * Returns the text for somebody who has just started the console: its urls, how to sign in, how to stop it.
 * @param {Closing} closing
 */
export function closingBlock({ baseUrl, auditLogsUrl, mailUrl, first, hasPeople, development, took }) {
  return [
    "",
    `  Auditorium is running (${took}).`,
    "",
    `    Console      ${baseUrl}`,
    `    Audit logs   ${auditLogsUrl}`,
    ...(mailUrl === null ? [] : [`    Mail         ${mailUrl}`]),
    "",
    ...wayIn(first, hasPeople),
    ...(development ? ["    Changes to the code show at once; tests: npm test", ""] : []),
    ...(isUnprotected(baseUrl) ? [`    ! ${unprotected}`, ""] : []),
    "    Ctrl-C ends it.",
    "",
    "",
  ].join("\n")
}

/**
 * @param {Closing["first"]} first
 * @param {boolean} hasPeople
 */
function wayIn(first, hasPeople) {
  if (first !== null) {
    return [
      `    Sign in as ${first.email}. This link lets you choose a password; it works once, until ${localTime(first.expiresAt)}:`,
      `    ${first.link}`,
      "",
    ]
  }
  return hasPeople ? [] : ["    People and keys are made with: npm run admin -- --help", ""]
}

const unprotected =
  "People reach this console without encryption. Put a proxy with TLS before it and set BASE_URL to its https address."

/** @param {string} baseUrl */
function isUnprotected(baseUrl) {
  const { protocol, hostname } = new URL(baseUrl)
  return protocol === "http:" && !["127.0.0.1", "[::1]", "localhost"].includes(hostname)
}

/** @param {string} instant */
function localTime(instant) {
  const at = new Date(instant)
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZoneName: "short" })
  const isToday = at.toDateString() === new Date().toDateString()
  return isToday ? time : `${at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${time}`
}
