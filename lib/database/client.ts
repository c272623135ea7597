import pg from "pg"

type AnyQuery = (...parts: readonly unknown[]) => Promise<unknown>

/**
 * A connection that runs one query at a time. Prisma sends the queries of several relations concurrently, also inside a
 * transaction, which has one connection; `pg` queues them today, but warns that it will stop doing so.
 */
export class OneAtATimeClient extends pg.Client {
  #running = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(config?: string | pg.ClientConfig) {
    super(config)
    // An override would have to repeat every overload of `query` in types; ours only needs to know which one it is.
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

/** A callback comes from `pool.query`, which has the connection for itself; a query with its own `submit` is a cursor. */
function isPromised([first, ...rest]: readonly unknown[]): boolean {
  if (typeof first === "object" && first !== null && "submit" in first) return false
  return rest.every(part => typeof part !== "function")
}
