import type { Time } from "@/sdk/src/client/time"

/** A clock that moves when somebody waits, and when a test says so. */
export class FakeTime implements Time {
  /** The waits so far, in milliseconds. */
  readonly waits: number[] = []
  /** The limits of attempts that are running. */
  readonly limits = new Map<() => void, number>()
  private at = 0

  now(): number {
    return this.at
  }

  today(): number {
    return Date.UTC(2026, 10, 30, 12) + this.at
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.waits.push(milliseconds)
    this.at += milliseconds
  }

  after(milliseconds: number, action: () => void): () => void {
    this.limits.set(action, milliseconds)
    return () => this.limits.delete(action)
  }

  /** Lets the time of every running attempt pass. */
  expire(): void {
    for (const [action, milliseconds] of [...this.limits]) {
      this.limits.delete(action)
      this.at += milliseconds
      action()
    }
  }

  random(): number {
    return 0
  }
}
