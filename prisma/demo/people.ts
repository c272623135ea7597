import type { ActorInput } from "@/lib/audit/event/input"

/** An actor of the demo organization. */
export interface DemoActor {
  readonly actor: ActorInput & { readonly id: string }
  /** Hours ahead of UTC where they work. */
  readonly utcOffsetHours: number
  readonly addresses: readonly [string, ...string[]]
  readonly userAgent: string
  /** How much they do, compared with the others. */
  readonly weight: number
  readonly apps: readonly [string, ...string[]]
  /** Works around the clock. */
  readonly automatic: boolean
}

const chrome =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
const edge =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"

function person(
  name: string,
  role: string,
  where: Pick<DemoActor, "utcOffsetHours" | "addresses" | "userAgent" | "weight" | "apps">,
): DemoActor {
  const id = name.toLowerCase().replaceAll(" ", ".")
  return {
    actor: { type: "user", id, name, email: `${id}@acme.example`, role },
    automatic: false,
    ...where,
  }
}

function machine(
  id: string,
  name: string,
  addresses: readonly [string, ...string[]],
  weight: number,
  apps: readonly [string, ...string[]],
): DemoActor {
  return {
    actor: { type: "service_account", id, name },
    utcOffsetHours: 0,
    addresses,
    userAgent: "acme-automation/4.2",
    weight,
    apps,
    automatic: true,
  }
}

/** The cast, people first. Their ips are from the ranges reserved for documentation. */
export const cast: readonly [DemoActor, ...DemoActor[]] = [
  person("Priya Natarajan", "Platform Lead", {
    utcOffsetHours: 1,
    addresses: ["198.51.100.14", "2001:db8:4a::14"],
    userAgent: chrome,
    weight: 9,
    apps: ["model-hub", "api-gateway"],
  }),
  person("Jonas Lindqvist", "Machine Learning Engineer", {
    utcOffsetHours: 1,
    addresses: ["198.51.100.23", "203.0.113.77"],
    userAgent: firefox,
    weight: 12,
    apps: ["model-hub"],
  }),
  person("Mei Okafor", "Machine Learning Engineer", {
    utcOffsetHours: 1,
    addresses: ["198.51.100.31"],
    userAgent: chrome,
    weight: 11,
    apps: ["model-hub"],
  }),
  person("Tomás Rivera", "API Engineer", {
    utcOffsetHours: -5,
    addresses: ["192.0.2.44", "2001:db8:91::44"],
    userAgent: chrome,
    weight: 10,
    apps: ["api-gateway", "fleet-console"],
  }),
  person("Hannah Weiss", "Security Engineer", {
    utcOffsetHours: 1,
    addresses: ["198.51.100.8"],
    userAgent: firefox,
    weight: 5,
    apps: ["identity", "api-gateway"],
  }),
  person("Samuel Adeyemi", "Fleet Operator", {
    utcOffsetHours: 0,
    addresses: ["203.0.113.12"],
    userAgent: edge,
    weight: 8,
    apps: ["fleet-console"],
  }),
  person("Lucía Fernández", "Fleet Operator", {
    utcOffsetHours: -5,
    addresses: ["192.0.2.61"],
    userAgent: edge,
    weight: 8,
    apps: ["fleet-console"],
  }),
  person("Oliver Brandt", "Billing Analyst", {
    utcOffsetHours: 1,
    addresses: ["198.51.100.52"],
    userAgent: edge,
    weight: 4,
    apps: ["billing"],
  }),
  person("Grace Kim", "Engineering Manager", {
    utcOffsetHours: -8,
    addresses: ["192.0.2.90", "2001:db8:91::90"],
    userAgent: chrome,
    weight: 4,
    apps: ["identity", "api-gateway", "model-hub"],
  }),
  person("Marek Dvořák", "Contractor", {
    utcOffsetHours: 1,
    addresses: ["203.0.113.140"],
    userAgent: chrome,
    weight: 3,
    apps: ["api-gateway"],
  }),
  person("Ines Moreau", "Support", {
    utcOffsetHours: 1,
    addresses: ["198.51.100.77"],
    userAgent: firefox,
    weight: 4,
    apps: ["identity", "billing"],
  }),
  person("Arjun Mehta", "Data Engineer", {
    utcOffsetHours: 5.5,
    addresses: ["203.0.113.201"],
    userAgent: chrome,
    weight: 7,
    apps: ["model-hub", "fleet-console"],
  }),
  machine("svc-training", "Training scheduler", ["10.20.0.11", "10.20.0.12"], 9, ["model-hub"]),
  machine("svc-deploy", "Deployment pipeline", ["10.20.4.2"], 7, ["api-gateway", "model-hub"]),
  machine("svc-telemetry", "Fleet telemetry", ["ingest.fleet.internal"], 8, ["fleet-console"]),
]

/** Returns the actor with that id. Throws for an id that is not in the cast. */
export function castMember(id: string): DemoActor {
  const found = cast.find(member => member.actor.id === id)
  if (!found) throw new Error(`Nobody in the demo organization has the id ${id}.`)
  return found
}

export const demoApps = [
  { slug: "model-hub", name: "Model Hub" },
  { slug: "api-gateway", name: "API Gateway" },
  { slug: "fleet-console", name: "Fleet Console" },
  { slug: "identity", name: "Identity" },
  { slug: "billing", name: "Billing" },
] as const
