import { randomUUID } from "node:crypto"
import type pg from "pg"
import type { Database } from "@/lib/database/database"
import { type SinkDelivery, sinkDelivery } from "@/lib/delivery/sinks/delivery"
import { makeSink, noOutbound } from "@/lib/delivery/sinks/fixtures/delivering"
import { createLog } from "@/lib/log"
import type { Outbound } from "@/lib/outbound/outbound"
import type { AnySinkKind } from "@/lib/sinks/kinds"

/** A migrated server of its own. */
export interface SinkBench {
  readonly database: Database
  readonly superuser: pg.Client
  readonly applicationUrl: string
  /** For files, deleted afterwards. */
  readonly folder: string
}

export interface BenchOrganization {
  readonly id: string
  readonly appId: string
}

export async function makeOrganization({ database }: SinkBench): Promise<BenchOrganization> {
  const organization = { id: randomUUID(), appId: randomUUID() }
  await database.withOrganizationPrisma(organization.id, async ({ prisma }) => {
    await prisma.organization.create({
      data: { id: organization.id, slug: `bench-${organization.id.slice(0, 8)}`, name: "Bench" },
    })
    await prisma.app.create({
      data: { id: organization.appId, organizationId: organization.id, slug: "shop", name: "Shop" },
    })
  })
  return organization
}

/** Returns the deliveries of a worker that knows these kinds. */
export function benchDelivery(
  { database, folder }: Pick<SinkBench, "database" | "folder">,
  kinds: readonly AnySinkKind[],
  outbound: Outbound = noOutbound,
): SinkDelivery {
  return sinkDelivery({
    database,
    parts: {
      kindNamed: name => kinds.find(kind => kind.name === name) ?? null,
      ...{ outbound, serverSink: null, openCredentials: () => ({}), baseUrl: "https://audit.example.com" },
      directoryOf: (sinkId, organizationId) => `${folder}/sinks/${organizationId}/${sinkId}`,
    },
    now: () => new Date(),
    random: Math.random,
    log: createLog({
      level: () => "warn",
      now: () => new Date(),
      write: line => void process.stderr.write(line),
    }),
  })
}

export function addSink(bench: SinkBench, organization: BenchOrganization, kind: string): Promise<string> {
  return makeSink(bench, organization, { kind, at: new Date() })
}

/** Ticks every 500 ms, as the job does, until `isDone`. Returns how long that took, in milliseconds. */
export async function work(
  delivery: SinkDelivery,
  isDone: () => boolean | Promise<boolean>,
): Promise<number> {
  const began = performance.now()
  while (!(await isDone())) {
    const from = performance.now()
    await delivery.tick(new Date())
    await new Promise(resolve => setTimeout(resolve, Math.max(0, 500 - (performance.now() - from))))
  }
  return performance.now() - began
}
