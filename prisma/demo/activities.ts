import type { ChangeInput, EventInput, TargetInput } from "@/lib/audit/event/input"
import type { Random } from "./random"

/** The event of one kind of action, besides who, when and where. */
export interface Activity {
  readonly operation: string
  /** The description where the catalogue of operations has none. */
  readonly description?: string
  readonly weight: number
  /** Share of attempts that fail or are denied. */
  readonly failing: number
  readonly describe: (random: Random) => Partial<EventInput>
}

const models = [
  "gripper-vision",
  "pallet-detector",
  "route-planner",
  "weld-inspector",
  "speech-intent",
] as const
const workflows = ["night-training", "label-review", "edge-rollout", "quality-gate"] as const
const proxies = ["orders-v2", "fleet-positions", "invoices", "partner-catalog", "device-registry"] as const
const projects = ["atlas", "borealis", "cobalt", "delta-arm"] as const
const robots = ["AR-1042", "AR-1043", "AR-2207", "AR-2210", "AR-3301", "AR-3318"] as const
const environments = ["production", "staging", "development"] as const

function named(type: string, name: string): TargetInput {
  return { type, id: name.toLowerCase(), name }
}

function only(type: string, names: readonly [string, ...string[]], sentence: (name: string) => string) {
  return (random: Random): Partial<EventInput> => {
    const name = random.pick(names)
    return { targets: [named(type, name)], details: [sentence(name)] }
  }
}

function changed(
  type: string,
  names: readonly [string, ...string[]],
  change: (random: Random) => ChangeInput,
) {
  return (random: Random): Partial<EventInput> => {
    const name = random.pick(names)
    return { targets: [named(type, name)], changes: [change(random)] }
  }
}

const modelHub: readonly Activity[] = [
  {
    operation: "model_version.create",
    weight: 16,
    failing: 0.04,
    describe: random => {
      const model = random.pick(models)
      const version = random.hex(32)
      return {
        targets: [named("model", model), { type: "model_version", id: version }],
        details: [`Create version '${version}' of model '${model}'`],
        metadata: {
          trainingMinutes: random.between(4, 180),
          accelerator: random.pick(["a10", "l4", "h100"]),
        },
      }
    },
  },
  {
    operation: "model.create",
    weight: 3,
    failing: 0.02,
    describe: only("model", models, name => `Create model '${name}'`),
  },
  {
    operation: "model.update",
    weight: 6,
    failing: 0.03,
    describe: changed("model", models, random => ({
      path: "/visibility",
      before: "private",
      after: random.pick(["organization", "private", "public"]),
    })),
  },
  {
    operation: "model.delete",
    weight: 1,
    failing: 0.15,
    describe: only("model", models, name => `Delete model '${name}'`),
  },
  {
    operation: "workflow_version.create",
    weight: 8,
    failing: 0.02,
    describe: random => {
      const workflow = random.pick(workflows)
      const version = random.hex(32)
      return {
        targets: [named("workflow", workflow), { type: "workflow_version", id: version }],
        details: [`Create workflow version '${version}' for workflow '${workflow}'`],
      }
    },
  },
  {
    operation: "deployment.update",
    weight: 4,
    failing: 0.06,
    describe: changed("deployment", ["edge-eu", "edge-us", "factory-7"], random => ({
      path: "/replicas",
      before: random.between(1, 4),
      after: random.between(1, 8),
    })),
  },
  {
    operation: "collaborator.add",
    weight: 1,
    failing: 0.05,
    describe: only(
      "user",
      ["jonas.lindqvist", "mei.okafor", "arjun.mehta"],
      name => `Add collaborator '${name}'`,
    ),
  },
]

const apiGateway: readonly Activity[] = [
  {
    operation: "project.create",
    weight: 1,
    failing: 0.02,
    describe: only("project", projects, name => `Create project '${name}'`),
  },
  {
    operation: "project.update",
    weight: 3,
    failing: 0.02,
    describe: changed("project", projects, random => ({
      path: "/requestsPerMinute",
      before: 600,
      after: random.pick([300, 900, 1200, 2400]),
    })),
  },
  {
    operation: "api_proxy.update",
    weight: 9,
    failing: 0.03,
    describe: random => {
      const proxy = random.pick(proxies)
      return {
        targets: [named("api_proxy", proxy), named("project", random.pick(projects))],
        changes: [
          { path: "/timeoutSeconds", before: random.pick([10, 30]), after: random.pick([15, 45, 60]) },
          { path: "/retries", before: 0, after: random.between(1, 3) },
        ],
        environment: random.pick(environments),
      }
    },
  },
  {
    operation: "api_proxy.create",
    weight: 2,
    failing: 0.03,
    describe: only("api_proxy", proxies, name => `Create API proxy '${name}'`),
  },
  {
    operation: "api_proxy_version.create",
    weight: 6,
    failing: 0.03,
    describe: random => {
      const proxy = random.pick(proxies)
      const version = `1.${random.between(0, 40)}.${random.between(0, 9)}`
      return {
        targets: [
          named("api_proxy", proxy),
          { type: "api_proxy_version", id: `${proxy}@${version}`, name: version },
        ],
        details: [`Create version ${version} of API proxy '${proxy}'`],
      }
    },
  },
  {
    operation: "api_proxy.promote",
    weight: 4,
    failing: 0.08,
    describe: random => {
      const proxy = random.pick(proxies)
      return {
        targets: [named("api_proxy", proxy)],
        details: [`Promote API proxy '${proxy}' from staging to production`],
        environment: "production",
      }
    },
  },
  {
    operation: "api_proxy.delete",
    weight: 1,
    failing: 0.2,
    describe: only("api_proxy", proxies, name => `Delete API proxy '${name}'`),
  },
  {
    operation: "on_premises_key.rotate",
    weight: 1,
    failing: 0.05,
    describe: only("on_premises_key", ["onprem-primary", "onprem-backup"], name => `Rotate key '${name}'`),
  },
]

const fleetConsole: readonly Activity[] = [
  {
    operation: "robot.restart",
    description: "Robots restarted",
    weight: 6,
    failing: 0.07,
    describe: random => ({
      targets: [
        named("robot", random.pick(robots)),
        named("site", random.pick(["Gdańsk", "Rotterdam", "Puebla"])),
      ],
      metadata: { reason: random.pick(["firmware", "stuck", "operator request"]) },
    }),
  },
  {
    operation: "robot_configuration.update",
    description: "Robot configurations updated",
    weight: 7,
    failing: 0.04,
    describe: changed("robot", robots, random => ({
      path: "/maxSpeedMetersPerSecond",
      before: 1.2,
      after: random.pick([0.8, 1.5, 1.6, 2]),
    })),
  },
  {
    operation: "firmware.install",
    description: "Firmware installed",
    weight: 4,
    failing: 0.09,
    describe: only("robot", robots, name => `Install firmware on ${name}`),
  },
  {
    operation: "telemetry.export",
    description: "Telemetry exported",
    weight: 5,
    failing: 0.01,
    describe: random => ({
      targets: [named("site", random.pick(["Gdańsk", "Rotterdam", "Puebla"]))],
      metadata: { rows: random.between(1000, 90000) },
      http: { method: "GET", path: "/v1/telemetry", status: 200, durationMs: random.between(80, 2400) },
    }),
  },
]

const identity: readonly Activity[] = [
  {
    operation: "user_session.create",
    weight: 22,
    failing: 0.06,
    describe: () => ({ targets: [], metadata: { method: "password" } }),
  },
  { operation: "user_session.delete", weight: 9, failing: 0, describe: () => ({ targets: [] }) },
  {
    operation: "organization_member.change",
    weight: 1,
    failing: 0.06,
    describe: changed("user", ["jonas.lindqvist", "oliver.brandt", "ines.moreau"], random => ({
      path: "/roles",
      before: ["Member"],
      after: ["Member", random.pick(["Auditor", "Fleet Operator", "Billing"])],
    })),
  },
  {
    operation: "organization_member_invitation.create",
    weight: 1,
    failing: 0.02,
    describe: only(
      "invitation",
      ["new.hire@acme.example", "auditor@partner.example"],
      name => `Invite ${name}`,
    ),
  },
  {
    operation: "organization_team_member.add",
    weight: 1,
    failing: 0.02,
    describe: only("team", ["Fleet", "Research", "Platform"], name => `Add a member to team ${name}`),
  },
  {
    operation: "api_key.create",
    weight: 2,
    failing: 0.04,
    describe: only("api_key", ["ci-deploy", "reporting", "partner-sync"], name => `Create API key '${name}'`),
  },
]

const billing: readonly Activity[] = [
  {
    operation: "invoice.approve",
    description: "Invoices approved",
    weight: 5,
    failing: 0.03,
    describe: random => ({
      targets: [{ type: "invoice", id: `INV-${random.between(10000, 19999)}` }],
      metadata: { currency: "EUR", amountCents: random.between(9900, 4_900_000) },
    }),
  },
  {
    operation: "invoice.export",
    description: "Invoices exported",
    weight: 3,
    failing: 0.01,
    describe: random => ({ targets: [{ type: "report", id: `invoices-${random.between(1, 12)}` }] }),
  },
  {
    operation: "payment_method.update",
    description: "Payment methods updated",
    weight: 1,
    failing: 0.1,
    describe: () => ({
      targets: [{ type: "payment_method", id: "card-primary", name: "Primary card" }],
      changes: [{ path: "/lastFour", before: "4242", after: "1881" }],
    }),
  },
]

/** What people do in each app of the demo organization, by the app's slug. */
export const activities: Readonly<Record<string, readonly Activity[]>> = {
  "model-hub": modelHub,
  "api-gateway": apiGateway,
  "fleet-console": fleetConsole,
  identity,
  billing,
}
