import type { EventInput } from "@/lib/audit/event/input"
import type { DemoEvent } from "./days"
import { castMember } from "./people"
import { random } from "./random"

const hourMs = 60 * 60 * 1000

interface Stop {
  readonly who: string
  readonly app: string
  readonly operation: string
  readonly targets: readonly (readonly [type: string, name: string])[]
  readonly more?: Partial<EventInput>
}

const denied = {
  status: "denied",
  statusCode: "403",
  statusMessage: "The actor lacks the permission for this action.",
} satisfies Partial<EventInput>
const failed = {
  status: "failure",
  statusCode: "500",
  statusMessage: "The service did not answer in time.",
} satisfies Partial<EventInput>

function change(path: string, before: string | number, after: string | number) {
  return { changes: [{ path, before, after }] } satisfies Partial<EventInput>
}

const models = { who: "jonas.lindqvist", app: "model-hub" } as const
const gateway = { who: "tomás.rivera", app: "api-gateway" } as const
const keys = { who: "hannah.weiss", app: "api-gateway" } as const

/**
 * Rare operations that an everyday month need not contain: each once, so that a new user finds everything that can be
 * recorded.
 */
const stops: readonly Stop[] = [
  { ...models, operation: "application.duplicate", targets: [["application", "Warehouse vision"]] },
  { ...models, operation: "model.train", targets: [["model", "pallet-detector"]] },
  { ...models, operation: "model.publish", targets: [["model", "pallet-detector"]] },
  { ...models, operation: "model.unpublish", targets: [["model", "pallet-detector"]] },
  { ...models, operation: "workflow.publish", targets: [["workflow", "quality-gate"]] },
  { ...models, operation: "workflow.unpublish", targets: [["workflow", "quality-gate"]] },
  { ...models, operation: "module_version.install", targets: [["module_version", "2.1.0"]] },
  { ...models, operation: "module_version.uninstall", targets: [["module_version", "2.0.3"]] },
  {
    ...models,
    operation: "organization_member_invitation.update",
    targets: [["organization_member_invitation", "new colleague"]],
  },
  { ...models, operation: "workflow.remove", targets: [["workflow", "label-review"]] },
  { ...gateway, operation: "project.create", targets: [["project", "ember"]] },
  {
    ...gateway,
    operation: "project.update",
    targets: [["project", "ember"]],
    more: change("/requestsPerMinute", 600, 900),
  },
  {
    ...gateway,
    operation: "project_configuration.create",
    targets: [
      ["project_configuration", "staging"],
      ["project", "ember"],
    ],
  },
  {
    ...gateway,
    operation: "project_configuration.update",
    targets: [
      ["project_configuration", "staging"],
      ["project", "ember"],
    ],
    more: change("/logLevel", "info", "warn"),
  },
  {
    ...gateway,
    operation: "project_configuration.delete",
    targets: [
      ["project_configuration", "staging"],
      ["project", "ember"],
    ],
    more: denied,
  },
  {
    ...gateway,
    operation: "api_proxy.create",
    targets: [
      ["api_proxy", "returns"],
      ["project", "ember"],
    ],
  },
  {
    ...gateway,
    operation: "api_proxy.update",
    targets: [
      ["api_proxy", "returns"],
      ["project", "ember"],
    ],
    more: change("/timeoutSeconds", 10, 30),
  },
  {
    ...gateway,
    operation: "api_proxy_version.create",
    targets: [
      ["api_proxy_version", "1.4.0"],
      ["api_proxy", "returns"],
    ],
  },
  {
    ...gateway,
    operation: "api_proxy.promote",
    targets: [["api_proxy", "returns"]],
    more: { environment: "production" },
  },
  { ...gateway, operation: "api_proxy.delete", targets: [["api_proxy", "returns"]], more: failed },
  { ...gateway, operation: "project.delete", targets: [["project", "ember"]] },
  { ...keys, operation: "on_premises_key.create", targets: [["on_premises_key", "onprem-eu-2"]] },
  {
    ...keys,
    operation: "on_premises_key.update",
    targets: [["on_premises_key", "onprem-eu-2"]],
    more: change("/expires", "2026-12-31", "2027-06-30"),
  },
  { ...keys, operation: "on_premises_key.rotate", targets: [["on_premises_key", "onprem-eu-2"]] },
  { ...keys, operation: "on_premises_key.revoke", targets: [["on_premises_key", "onprem-eu-1"]] },
  { ...keys, operation: "on_premises_key.delete", targets: [["on_premises_key", "onprem-eu-1"]] },
]

/** Returns one event of each rare operation, in the days before `endMs`, the same for the same `endMs`. */
export function tourEvents(endMs: number): DemoEvent[] {
  const chance = random(21)
  return stops.map(({ who, app, operation, targets, more }, index) => {
    const actor = castMember(who)
    return {
      app,
      occurredAtMs: endMs - (stops.length - index) * 22 * hourMs + chance.between(0, hourMs),
      input: {
        operation,
        actor: actor.actor,
        targets: targets.map(([type, name]) => ({ type, id: name.toLowerCase().replaceAll(" ", "-"), name })),
        source: { ip: actor.addresses[0], userAgent: actor.userAgent },
        requestId: `req-${chance.hex(20)}`,
        status: "success",
        ...more,
      },
    }
  })
}
