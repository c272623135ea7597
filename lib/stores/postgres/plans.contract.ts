import type { Database } from "@/lib/database/database"
import type { Tx } from "@/lib/database/tx"

/** A part of a plan that reads a table or an index, or sorts. */
export interface PlanNode {
  readonly type: string
  readonly relation: string | undefined
  readonly index: string | undefined
  readonly rows: number
}

interface RawNode {
  readonly "Node Type": string
  readonly "Relation Name"?: string
  readonly "Index Name"?: string
  readonly "Plan Rows": number
  readonly Plans?: readonly RawNode[]
}

/** A statement as it was sent, and its plan. */
export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
  readonly plan: readonly PlanNode[]
}

/** Sorts of more than a few pages, which an order taken from an index avoids. */
export function sorts(plan: readonly PlanNode[]): readonly PlanNode[] {
  return plan.filter(node => node.type.includes("Sort") && node.rows > 300)
}

/** The partitions that a plan reads. */
export function partitions(plan: readonly PlanNode[]): readonly string[] {
  return [...new Set(plan.flatMap(node => (node.relation?.startsWith("event_") ? [node.relation] : [])))]
}

/** The database, with EXPLAIN run before each reading statement, by the same role with the same values. */
export function explaining(database: Database, statements: Statement[]): Database {
  return {
    ...database,
    withOrganization: (organizationId, work, options) =>
      database.withOrganization(
        organizationId,
        tx =>
          work({
            ...tx,
            async query(text, values = []) {
              if (/^(SELECT|WITH|DECLARE)/.test(text)) {
                statements.push({ text, values, plan: await planOf(tx, text, values) })
              }
              return tx.query(text, values)
            },
          }),
        options,
      ),
  }
}

/** Returns the nodes of the plan of the statement with these values. */
export async function planOf(
  tx: Tx,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly PlanNode[]> {
  const rows = await tx.query<{ "QUERY PLAN": readonly { Plan: RawNode }[] }>(
    `EXPLAIN (FORMAT JSON) ${text}`,
    values,
  )
  return rows.flatMap(row => row["QUERY PLAN"]).flatMap(({ Plan }) => nodesOf(Plan))
}

function nodesOf(node: RawNode): readonly PlanNode[] {
  const { "Node Type": type, "Relation Name": relation, "Index Name": index, "Plan Rows": rows } = node
  return [{ type, relation, index, rows }, ...(node.Plans ?? []).flatMap(nodesOf)]
}

/** Returns the name of a table or index of the ledger without its schema. */
export function plainName(name: string): string {
  return name.replace(/^ledger\./, "")
}

/** Returns a value as SQL for EXECUTE. */
export function literal(value: unknown): string {
  return typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`
}
