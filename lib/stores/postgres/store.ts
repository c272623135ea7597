import type { AuditQuery, Scope } from "@/lib/audit/query/query"
import type { EventStore } from "@/lib/audit/store"
import type { Database, Tx } from "@/lib/db"
import { choicesQuery, readChoices, typedQuery } from "./choices"
import { isLetterQuestion, type Selection, seesAll, selectionOf, type TextIndex } from "./conditions"
import { countEvents } from "./count"
import { findEvent, findRaw } from "./find"
import { readTimePage } from "./page"
import { readRecordedPage } from "./recorded"
import { eventOf, storedOf } from "./rows"
import { streamEvents } from "./stream"
import { textState } from "./text-state"

/** Returns the store that reads the ledger's own tables, as the application role and only through its views. */
export function postgresStore(database: Database): EventStore {
  const textIndex = textIndexOf(database)
  const find = <T>({ organizationId }: Scope, work: (tx: Tx) => Promise<T>) =>
    database.withOrganization(organizationId, work, { readOnly: true, repeatableRead: true })
  /** For reads that may take as long as a statement may, depending on the query. */
  const search = <T>({ organizationId }: Scope, work: (tx: Tx) => Promise<T>) =>
    database.withOrganization(organizationId, work, {
      readOnly: true,
      repeatableRead: true,
      purpose: "search",
    })
  const select = async (scope: Scope, query: AuditQuery): Promise<Selection> =>
    selectionOf(scope, query, isLetterQuestion(query.text) ? await textIndex() : { knowsLetters: false })

  return {
    async search(scope, query, { limit, after }) {
      const selection = await select(scope, query)
      const { window, order, asOf } = query
      return search(scope, tx =>
        order === "recorded"
          ? readRecordedPage(tx, { window, selection, asOf, limit, after, seesAll: seesAll(scope) })
          : readTimePage(tx, { window, order, selection, asOf, limit, after }),
      )
    },
    find: (scope, id) => find(scope, tx => findEvent(tx, scope, id)),
    findRaw: (scope, events) => find(scope, tx => findRaw(tx, scope, events)),
    async *stream(scope, query, signal) {
      const selection = await select(scope, query)
      const streaming = { organizationId: scope.organizationId, query, selection }
      for await (const rows of streamEvents(database, streaming, signal)) yield rows.map(eventOf)
    },
    async *streamStored(scope, query, signal) {
      const selection = await select(scope, query)
      const streaming = { organizationId: scope.organizationId, query, selection }
      for await (const rows of streamEvents(database, streaming, signal)) yield rows.map(storedOf)
    },
    async count(scope, query, limit) {
      const selection = await select(scope, query)
      const { window, asOf } = query
      return search(scope, tx => countEvents(tx, { window, selection, asOf, limit }))
    },
    async choices(scope, request) {
      // PostgreSQL would refuse such a text as a value; no event contains it.
      if (request.typed.includes("\0") || !request.typed.isWellFormed()) {
        return { choices: [], counted: 0, whole: true }
      }
      const typed = typedQuery(request)
      const selections = {
        plain: await select(scope, choicesQuery(request)),
        typed: typed && (await select(scope, typed)),
      }
      return search(scope, tx => readChoices(tx, scope, request, selections))
    },
    searchesWholeTexts: textState(database),
  }
}

/** Asks the database once, at the first need, which characters it considers letters. */
function textIndexOf(database: Database): () => Promise<TextIndex> {
  let known: TextIndex | null = null
  return async () => {
    if (!known) {
      const rows = await database.queryDirectly<{ knows: boolean }>(
        "SELECT 'ж語' ~ '^[[:alpha:]]{2}$' AS knows",
      )
      known = { knowsLetters: rows[0]?.knows ?? false }
    }
    return known
  }
}
