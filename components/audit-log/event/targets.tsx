import { ValueText } from "@/components/audit-log/values/value-text"
import type { Target } from "@/lib/audit/event/event"
import { Fact, LinkedText } from "./fact"
import { JsonBlock } from "./json-block"
import { Nothing } from "./nothing"
import type { ShownEvent } from "./shown-event"

/** The targets, in the order of the event. */
export function Targets({ shown }: { readonly shown: ShownEvent }) {
  const { targets } = shown.event
  if (targets.length === 0) return <Nothing>This event names no target.</Nothing>
  return (
    <ol className="grid gap-4">
      {targets.map((target, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same target may stand twice, and the list never changes
        <li key={index} className="grid gap-1.5">
          <TargetFacts target={target} />
        </li>
      ))}
    </ol>
  )
}

function TargetFacts({ target }: { readonly target: Target }) {
  const { type, id, name, attributes } = target
  return (
    <>
      <dl>
        <Fact label={type} value={id} filter={{ field: "target", value: `${type}:${id}` }}>
          {name ? <ValueText text={name} className="block font-medium" /> : null}
          <span className={name ? "font-data text-muted-foreground" : "font-data"}>
            <LinkedText text={id} />
          </span>
        </Fact>
      </dl>
      {attributes ? (
        <JsonBlock value={attributes} label={`Attributes of ${type} ${id}`} copyLabel="Copy the attributes" />
      ) : null}
    </>
  )
}
