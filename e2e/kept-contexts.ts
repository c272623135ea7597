import type { Browser, BrowserContext, Page } from "@playwright/test"

interface Kept {
  readonly context: BrowserContext
  /** Keeps the process of the pages, with what it has compiled, between two tests. */
  readonly parked: Page
}

/**
 * The browsers of a worker that are used again: what one of them has loaded and compiled stays, and everything else of a test
 * is deleted before the next. A page in a new browser costs about twice the CPU.
 */
export class KeptContexts {
  private readonly free = new Map<string, Kept[]>()
  private readonly used = new Map<BrowserContext, { readonly kept: Kept; readonly kind: string }>()

  constructor(private readonly browser: Browser) {}

  /**
   * Returns a browser without cookies and storage, which nobody else uses until it is given back. Browsers of one kind have the
   * same options.
   */
  async take(kind: string): Promise<BrowserContext> {
    const kept = this.free.get(kind)?.pop() ?? (await this.open())
    this.used.set(kept.context, { kept, kind })
    return kept.context
  }

  /** Closes its pages and deletes what they left, but for files of the console in its cache. */
  async giveBack(context: BrowserContext): Promise<void> {
    const found = this.used.get(context)
    if (found === undefined) return
    this.used.delete(context)
    const { kept, kind } = found
    try {
      await clean(kept)
    } catch {
      // The test has closed it, or its browser has ended.
      await context.close().catch(() => {})
      return
    }
    this.free.set(kind, [...(this.free.get(kind) ?? []), kept])
  }

  private async open(): Promise<Kept> {
    const context = await this.browser.newContext()
    const parked = await context.newPage()
    // A file of the console: its pages and this one share their process.
    await parked.goto("/favicon.svg")
    return { context, parked }
  }
}

async function clean({ context, parked }: Kept): Promise<void> {
  await context.unrouteAll({ behavior: "ignoreErrors" })
  await Promise.all(context.pages().map(page => (page === parked ? undefined : page.close())))
  await context.setOffline(false)
  await context.clearCookies()
  await context.clearPermissions()
  await parked.evaluate(() => {
    localStorage.clear()
    sessionStorage.clear()
  })
}
