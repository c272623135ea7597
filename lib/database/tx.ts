/**
 * A transaction that acts for one organization. Only `withOrganization` and `withOrganizationPrisma` of the database create one, so that
 * the database knows for every statement whose rows it may see.
 */
export interface Tx {
  /**
   * Returns the rows of the statement, with the values for `$1` and following. `bigint` columns are numbers. Statements
   * must return times as text (`to_char`): the type of other times depends on who created the transaction.
   */
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** The database's clock when the transaction began (six digits, UTC), if it was read with BEGIN. */
  readonly beganAt?: string
}
