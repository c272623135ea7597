import type { CapturePolicy } from "@/lib/audit/capture/policy"
import type { Log } from "./log"
import { later } from "./timer"
import type { ApiAnswer, Transport } from "./transport"

export interface CurrentPolicy {
  readonly policy: CapturePolicy
  /** Null until the server has answered once, ever. */
  readonly version: number | null
  /** The slug of the app that the key belongs to. */
  readonly app: string | null
  readonly from: "server" | "disk" | "none"
}

/** Where the last good policy is kept. Neither of the two throws. */
export interface PolicyFile {
  read(): Promise<string | null>
  write(text: string): Promise<void>
}

export interface PolicyClientOptions {
  readonly transport: Transport
  /** Throws for what is not a policy. */
  readonly parse: (value: unknown) => CapturePolicy
  /** What holds while no policy was ever received. */
  readonly fallback: CapturePolicy
  readonly file: PolicyFile | null
  readonly log: Log
  readonly everyMs?: number
  readonly random?: () => number
}

/**
 * Knows the policy of the organization: asks the server again and again, with the ETag of the last answer, and keeps the last good
 * one also when the server is away or sends something that is none.
 */
export class PolicyClient {
  readonly #options: PolicyClientOptions
  #current: CurrentPolicy
  #etag: string | undefined
  #stop: (() => void) | null = null
  #isStopped = false
  #ready: Promise<void> | null = null
  #isReady = false

  constructor(options: PolicyClientOptions) {
    this.#options = options
    this.#current = { policy: options.fallback, version: null, app: null, from: "none" }
  }

  get current(): CurrentPolicy {
    return this.#current
  }

  /** Tells whether the disk and the server have been asked once, whatever they answered. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** Begins to ask. Resolves when disk and server have been asked once. */
  start(): Promise<void> {
    this.#ready ??= this.#first()
    return this.#ready
  }

  stop(): void {
    this.#isStopped = true
    this.#stop?.()
  }

  /** Asks the server once. Never rejects. */
  async refresh(): Promise<void> {
    try {
      await this.#ask()
    } catch (error) {
      this.#options.log(`The policy cannot be fetched: ${error instanceof Error ? error.message : error}`)
    }
  }

  async #first(): Promise<void> {
    await this.#readFile()
    await this.refresh()
    this.#isReady = true
    this.#plan()
  }

  #plan(): void {
    if (this.#isStopped) return
    const { everyMs = 30_000, random = Math.random } = this.#options
    // Processes that were started together do not ask together.
    this.#stop = later(everyMs * (0.9 + random() / 5), () => {
      void this.refresh().then(() => this.#plan())
    })
  }

  async #ask(): Promise<void> {
    const headers: Record<string, string> = this.#etag === undefined ? {} : { "if-none-match": this.#etag }
    const answer = await this.#options.transport({ method: "GET", path: "api/v1/capture/policy", headers })
    if (answer.status === 304) return
    if (answer.status !== 200) throw new Error(`the server answered ${answer.status}`)
    this.#take(answer.body, answer.headers.etag, "server")
    await this.#askForApp()
    await this.#options.file?.write(fileOf(answer))
  }

  /** Only rules that name apps need to know which one this is. */
  async #askForApp(): Promise<void> {
    const { app, policy } = this.#current
    if (app !== null || policy.rules.every(({ when }) => when.apps === undefined)) return
    const answer = await this.#options.transport({ method: "GET", path: "api/v1/key" })
    const slug = answer.status === 200 ? JSON.parse(answer.body)?.app?.slug : undefined
    if (typeof slug === "string") this.#current = { ...this.#current, app: slug }
  }

  async #readFile(): Promise<void> {
    const text = (await this.#options.file?.read()) ?? null
    if (text === null) return
    try {
      const { etag, body } = JSON.parse(text)
      if (typeof body === "string") this.#take(body, typeof etag === "string" ? etag : undefined, "disk")
    } catch (error) {
      this.#options.log(
        `The policy on disk cannot be used: ${error instanceof Error ? error.message : error}`,
      )
    }
  }

  #take(body: string, etag: string | undefined, from: "server" | "disk"): void {
    const { policy, version } = JSON.parse(body)
    this.#current = {
      policy: this.#options.parse(policy),
      version: typeof version === "number" ? version : null,
      app: this.#current.app,
      from,
    }
    this.#etag = etag
  }
}

function fileOf(answer: ApiAnswer): string {
  return JSON.stringify({ etag: answer.headers.etag, body: answer.body })
}
