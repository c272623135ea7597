import type pg from "pg"
import type { Database } from "@/lib/db"
import type { Dataset } from "./dataset"
import type { Finding } from "./measure"

/** What stands before the web process is started. */
export interface Ground {
  readonly server: { readonly applicationUrl: string; readonly ownerUrl: string }
  readonly bare: pg.Pool
  readonly database: Database
  readonly dataset: Dataset
  readonly directory: string
}

export async function measureServed(_ground: Ground, _rounds: number): Promise<Finding[]> {
  return []
}
