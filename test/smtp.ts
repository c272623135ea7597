import { once } from "node:events"
import PostalMime, { type Email } from "postal-mime"
import { SMTPServer } from "smtp-server"

/** The response of a test server that refuses the mail. */
interface SmtpAnswer {
  readonly code: number
  readonly message: string
}

interface SmtpOptions {
  /** 0 or absent uses a free one. */
  readonly port?: number
  /** Offers STARTTLS, with a certificate that no client trusts. */
  readonly untrusted?: boolean
  readonly login?: { readonly user: string; readonly password: string }
  /** Called for each recipient and each mail; null accepts it. */
  readonly answer?: (about: "recipient" | "mail", count: number) => SmtpAnswer | null
  /** Accepts the connection and then never responds to the mail. */
  readonly silent?: boolean
}

/** A real SMTP server on the loopback ip. */
export interface TestSmtp {
  readonly port: number
  readonly mails: readonly Email[]
  /** Resolves when a client has begun to send a mail. */
  readonly begun: Promise<void>
  readonly close: () => Promise<void>
}

/** Starts a server that accepts mail as the options say, until it is closed. */
export async function startSmtp({
  port = 0,
  untrusted,
  login,
  answer,
  silent,
}: SmtpOptions = {}): Promise<TestSmtp> {
  const mails: Email[] = []
  const counts = { recipient: 0, mail: 0 }
  let begin = () => {}
  const begun = new Promise<void>(resolve => {
    begin = resolve
  })
  const refusal = (about: keyof typeof counts) => {
    const said = answer?.(about, ++counts[about]) ?? null
    return said === null ? null : Object.assign(new Error(said.message), { responseCode: said.code })
  }
  const server = new SMTPServer({
    disabledCommands: untrusted ? [] : ["STARTTLS"],
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    onAuth: ({ username, password }, _, done) =>
      username === login?.user && password === login?.password
        ? done(null, { user: username })
        : done(new Error(`The password ${password} is wrong`)),
    onRcptTo: (_address, _session, done) => {
      begin()
      if (!silent) done(refusal("recipient"))
    },
    onData: (stream, _, done) => {
      const chunks: Buffer[] = []
      stream.on("data", chunk => chunks.push(chunk))
      stream.once("end", async () => {
        const refused = refusal("mail")
        if (refused === null) mails.push(await PostalMime.parse(Buffer.concat(chunks)))
        done(refused)
      })
    },
  })
  server.on("error", () => {})
  server.listen(port, "127.0.0.1")
  await once(server.server, "listening")
  const address = server.server.address()
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    mails,
    begun,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}
