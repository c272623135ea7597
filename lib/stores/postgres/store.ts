import type { Scope, Selection } from "@/lib/audit/query/selection"
import type { EventStore } from "@/lib/audit/store"
import type { Database } from "@/lib/database/database"
import type { Tx } from "@/lib/database/tx"
import { choicesSelection, readChoices, typedSelection } from "./choices"
import { type Conditions, conditionsOf, isLetterText, seesAll } from "./conditions"
import { countEvents } from "./count"
import { findEvent, findRaw } from "./find"
import { codeState, letterState, textState } from "./known-database"
import { readTimePage } from "./page"
import { readPositionAt } from "./position"
import { readRecordedPage } from "./recorded"
import { eventOf, storedOf } from "./rows"
import { streamEvents } from "./stream"

/** Returns the store that reads the ledger's own tables, as the application role and only through its views. */
export function postgresStore(database: Database): EventStore {
  const [knowsLetters, hasCodes] = [letterState(database), codeState(database)]
  const find = <T>({ organizationId }: Scope, work: (tx: Tx) => Promise<T>) =>
    database.withOrganization(organizationId, work, { readOnly: true, repeatableRead: true })
  /** For reads that may take as long as a statement may, depending on the query. */
  const search = <T>({ organizationId }: Scope, work: (tx: Tx) => Promise<T>) =>
    database.withOrganization(organizationId, work, {
      readOnly: true,
      repeatableRead: true,
      purpose: "search",
    })
  const select = async (scope: Scope, selection: Selection): Promise<Conditions> =>
    conditionsOf(scope, selection, {
      knowsLetters: isLetterText(selection.text) && (await knowsLetters()),
      hasCodes: !asksForCodes(selection) || (await hasCodes()),
    })

  return {
    async search(scope, selection, { limit, after }) {
      const conditions = await select(scope, selection)
      const { window, order, asOf } = selection
      return search(scope, tx =>
        order === "recorded"
          ? readRecordedPage(tx, { window, conditions, asOf, limit, after, seesAll: seesAll(scope) })
          : readTimePage(tx, { window, order, conditions, asOf, limit, after }),
      )
    },
    async positionAt(scope, selection, skip) {
      const conditions = await select(scope, selection)
      const { window, order, asOf } = selection
      return search(scope, tx => readPositionAt(tx, { window, order, conditions, asOf, skip }))
    },
    find: (scope, id) => find(scope, tx => findEvent(tx, scope, id)),
    findRaw: (scope, events) => find(scope, tx => findRaw(tx, scope, events)),
    async *stream(scope, selection, signal) {
      const conditions = await select(scope, selection)
      const streaming = { organizationId: scope.organizationId, selection, conditions }
      for await (const rows of streamEvents(database, streaming, signal)) yield rows.map(eventOf)
    },
    async *streamStored(scope, selection, signal) {
      const conditions = await select(scope, selection)
      const streaming = { organizationId: scope.organizationId, selection, conditions }
      for await (const rows of streamEvents(database, streaming, signal)) yield rows.map(storedOf)
    },
    async count(scope, selection, limit) {
      const conditions = await select(scope, selection)
      const { window, asOf } = selection
      return search(scope, tx => countEvents(tx, { window, conditions, asOf, limit }))
    },
    async choices(scope, request) {
      // PostgreSQL would refuse such a text as a value; no event contains it.
      if (request.typed.includes("\0") || !request.typed.isWellFormed()) {
        return { choices: [], counted: 0, whole: true }
      }
      const typed = typedSelection(request)
      const conditions = {
        plain: await select(scope, choicesSelection(request)),
        typed: typed && (await select(scope, typed)),
      }
      return search(scope, tx => readChoices(tx, scope, request, conditions))
    },
    searchesWholeTexts: textState(database),
  }
}

function asksForCodes({ include, exclude }: Selection): boolean {
  return include.code !== undefined || exclude.code !== undefined
}
