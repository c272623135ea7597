// @ts-check
// A real SMTP server that keeps what it receives: when no server is configured, mail is read on this machine and never
// leaves it.
import { randomBytes, timingSafeEqual } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"
import { SMTPServer } from "smtp-server"

const mostMails = 200
const mostBytes = 5_000_000
const patienceMs = 10_000

/** @typedef {{ readonly smtpUrl: string, readonly stop: () => Promise<void> }} MailCatcher */

/**
 * Starts a server on a free port of the loopback ip that accepts all mail of senders with its url and stores it in
 * `directory`, one .eml each, the newest 200, readable by this account only. Names begin with the time and so sort by it.
 * @param {string} directory
 * @returns {Promise<MailCatcher>}
 */
export async function catchMail(directory) {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
  fs.chmodSync(directory, 0o700)
  // The port is open to every account of this machine; the password is for our own processes.
  const password = randomBytes(16).toString("hex")
  const server = new SMTPServer({
    name: "localhost",
    banner: "Auditorium keeps what it gets",
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    size: mostBytes,
    socketTimeout: patienceMs,
    closeTimeout: 1_000,
    logger: false,
    onAuth: ({ username, password: given }, _, answer) =>
      isSame(given, password)
        ? answer(null, { user: username })
        : answer(new Error("The password is another one")),
    onData: (stream, _, answer) => {
      /** @type {Buffer[]} */
      const chunks = []
      stream.on("data", chunk => chunks.push(chunk))
      stream.once("error", answer)
      stream.once("end", () => {
        if (stream.sizeExceeded) return answer(refusal(552, "The mail is too large"))
        try {
          keep(directory, Buffer.concat(chunks))
          answer()
        } catch (error) {
          answer(
            refusal(452, `The mail could not be kept: ${error instanceof Error ? error.message : error}`),
          )
        }
      })
    },
  })
  // A client that disconnects in the middle must not end the console.
  server.on("error", () => {})
  const port = await listening(server)
  return {
    smtpUrl: `smtp://auditorium:${password}@127.0.0.1:${port}`,
    stop: () => new Promise(resolve => server.close(() => resolve())),
  }
}

let counted = 0

/**
 * @param {string} directory
 * @param {Buffer} mail
 */
function keep(directory, mail) {
  counted++
  const time = new Date().toISOString().replaceAll(":", "-")
  const file = path.join(directory, `${time}-${String(counted).padStart(6, "0")}.eml`)
  const draft = `${file}.part`
  fs.writeFileSync(draft, mail, { mode: 0o600 })
  fs.renameSync(draft, file)
  const kept = fs
    .readdirSync(directory)
    .filter(name => name.endsWith(".eml"))
    .sort()
  for (const name of kept.slice(0, -mostMails)) fs.rmSync(path.join(directory, name), { force: true })
}

/**
 * @param {string | null | undefined} given
 * @param {string} expected
 */
function isSame(given, expected) {
  const [one, other] = [Buffer.from(given ?? ""), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/**
 * @param {number} responseCode
 * @param {string} message
 */
function refusal(responseCode, message) {
  return Object.assign(new Error(message), { responseCode })
}

/**
 * @param {SMTPServer} server
 * @returns {Promise<number>}
 */
function listening(server) {
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      server.off("error", reject)
      const address = server.server.address()
      resolve(typeof address === "object" && address !== null ? address.port : 0)
    })
  })
}
