"use client"

import { Plus } from "lucide-react"
import { use, useDeferredValue, useMemo, useRef, useState } from "react"
import { Button } from "@/components/ui/button"
import { neverMatching } from "@/lib/audit/capture/never-matching"
import type { CapturePolicy, Rule } from "@/lib/audit/capture/policy"
import { lockedRules, moved, placed } from "./draft"
import { useDraft } from "./draft-context"
import { EnvironmentContext } from "./locks"
import { RuleDialog } from "./rule-dialog"
import { type MovedBy, RuleRow } from "./rule-row"
import { CaptureSection } from "./section"
import type { AppChoice, CaptureFigures } from "./view"

export interface RulesSectionProps {
  readonly apps: readonly AppChoice[]
  /** The policy that the figures are about. */
  readonly saved: CapturePolicy
}

/** The rules in their order: the first one that matches a call decides. */
export function RulesSection({ apps, saved }: RulesSectionProps) {
  const { policy, change, figures } = useDraft()
  const [edited, setEdited] = useState<number | null>(null)
  const [announced, setAnnounced] = useState("")
  const [dragged, setDragged] = useState<number | null>(null)
  const list = useRef<HTMLOListElement>(null)
  const { rules } = policy
  const matches = new Map(saved.rules.map((rule, index) => [rule.name, figures?.counted.rules[index] ?? 0]))
  // Rules of the environment come first, and can only be changed there.
  const fixed = lockedRules(use(EnvironmentContext).locks)
  // Comparing every rule with all before it may take a moment when there are many: typing does not wait for it.
  const compared = useDeferredValue(policy)
  const shadows = useMemo(
    () => new Map(neverMatching(compared).map(({ index, sentence }) => [index, sentence])),
    [compared],
  )
  const move = (from: number, to: number, by: MovedBy) => {
    const next = to < fixed ? rules : moved(rules, from, to)
    if (next === rules) return
    change({ rules: next })
    setAnnounced(`${rules[from]?.name} is now rule ${to + 1} of ${rules.length}.`)
    // The focus goes with the rule, so that the same key moves it on; at the end of the list its button is disabled.
    requestAnimationFrame(() => {
      const row = list.current?.children[to]
      const control = row?.querySelector<HTMLElement>(`[data-moves="${by}"]:not(:disabled)`)
      const target = control ?? row?.querySelector<HTMLElement>('[data-moves="handle"]')
      target?.focus()
    })
  }
  const remove = (index: number) => {
    change({ rules: rules.filter((_, place) => place !== index) })
    setAnnounced(`Rule ${rules[index]?.name} removed.`)
    requestAnimationFrame(() => {
      const handles = list.current?.querySelectorAll<HTMLElement>('[data-moves="handle"]') ?? []
      const next = handles[Math.min(index - fixed, handles.length - 1)]
      next?.focus()
    })
  }
  const editOf = (index: number) => ({
    index,
    isFirst: index === fixed,
    isLast: index === rules.length - 1,
    isDragged: dragged === index,
    onMove: (to: number, by: MovedBy) => move(index, to, by),
    onEdit: () => setEdited(index),
    onRemove: () => remove(index),
    onDrag: (isBegun: boolean) => setDragged(isBegun ? index : null),
    onDrop: () => {
      if (dragged !== null) move(dragged, index, "handle")
      setDragged(null)
    },
  })
  return (
    <CaptureSection
      id="capture-rules"
      title="Rules"
      description="The first rule that matches a call decides. What it leaves open comes from the default."
      actions={
        <Button onClick={() => setEdited(rules.length)}>
          <Plus aria-hidden="true" />
          Add rule
        </Button>
      }
    >
      {rules.length === 0 ? (
        <p className="text-sm text-muted-foreground">No rules: the default decides about every call.</p>
      ) : (
        <ol ref={list} className="grid divide-y rounded-md border">
          {rules.map((rule, index) => (
            <RuleRow
              // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat until it is saved, and rows have no state
              key={index}
              rule={rule}
              place={index + 1}
              policy={policy}
              matched={figures === null ? null : (matches.get(rule.name) ?? null)}
              neverSeen={neverSeenBy(rule, figures)}
              shadow={shadows.get(index)}
              edit={index < fixed ? undefined : editOf(index)}
            />
          ))}
        </ol>
      )}
      <p role="status" className="sr-only">
        {announced}
      </p>
      {edited === null ? null : (
        <RuleDialog
          index={edited}
          apps={apps}
          onClose={() => setEdited(null)}
          onDone={rule => {
            change({ rules: placed(rules, edited, rule) })
            setEdited(null)
          }}
        />
      )}
    </CaptureSection>
  )
}

/** Returns the endpoints that the rule names and no call of the last days had. */
function neverSeenBy({ when }: Rule, figures: CaptureFigures | null): readonly string[] {
  if (figures === null || figures.counted.calls === 0) return []
  return (when.endpoints ?? []).filter(endpoint => figures.counted.neverSeen.includes(endpoint))
}
