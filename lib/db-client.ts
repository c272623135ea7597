import pg from "pg"

type AnyQuery = (...parts: readonly unknown[]) => Promise<unknown>

/**
 * A connection that is asked one thing at a time. Prisma sends the queries of several relations together, also inside a
 * transaction, which has one connection; `pg` puts them in a row by itself today, warns of it, and will not do so for ever.
 */
export class OneAtATimeClient extends pg.Client {
  #running = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(config?: string | pg.ClientConfig) {
    super(config)
    // An override would have to repeat every form of `query` in types; ours asks only which one it is.
    const query = super.query.bind(this) as unknown as AnyQuery
    Object.defineProperty(this, "query", {
      value: (...parts: readonly unknown[]) =>
        isPromised(parts) ? this.#inTurn(query, parts) : query(...parts),
    })
  }

  #inTurn(query: AnyQuery, parts: readonly unknown[]): Promise<unknown> {
    const ask = () => query(...parts)
    const answer = this.#running === 0 ? ask() : this.#last.then(ask)
    this.#running++
    this.#last = answer.then(
      () => void this.#running--,
      () => void this.#running--,
    )
    return answer
  }
}

/** A callback belongs to `pool.query`, which has the connection for itself; a query with a `submit` of its own is a cursor. */
function isPromised([first, ...rest]: readonly unknown[]): boolean {
  if (typeof first === "object" && first !== null && "submit" in first) return false
  return rest.every(part => typeof part !== "function")
}
