"use client"

import { Check } from "lucide-react"
import { Button } from "@/components/ui/button"
import { type CapturePolicy, type PresetName, presets } from "@/lib/audit/capture/policy"
import { isSame } from "./draft"
import { useDraft } from "./draft-context"
import { PasteConfiguration } from "./paste-configuration"
import { CaptureSection } from "./section"

const shown = [
  {
    name: "ours",
    label: "Auditorium",
    note: "Metadata of every call, without the paths that only make noise, and no bodies of secrets.",
  },
  {
    name: "ucp",
    label: "Docker UCP",
    note: "The 13 ignored paths of UCP, level metadata, and no bodies of its secrets and of Kubernetes secrets.",
  },
  {
    name: "clearml",
    label: "ClearML",
    note: "Every endpoint at level metadata, no ignored paths; without the bodies of credentials, frames and reports.",
  },
] as const satisfies readonly { name: PresetName; label: string; note: string }[]

/** Policies to begin with: each replaces the draft, and nothing is saved by it. */
export function PresetsSection() {
  const { policy, replace } = useDraft()
  return (
    <CaptureSection
      id="capture-presets"
      title="Begin with a preset"
      description="A preset replaces the draft below. Nothing is saved until you have reviewed it."
      actions={<PasteConfiguration />}
    >
      <ul className="grid gap-3 md:grid-cols-3">
        {shown.map(({ name, label, note }) => {
          const isUsed = matchesPreset(policy, presets[name])
          return (
            <li key={name} className="grid grid-rows-[auto_1fr_auto] gap-1 rounded-md border p-3">
              <h3 className="font-medium">{label}</h3>
              <p className="text-xs text-muted-foreground text-pretty">{note}</p>
              <div className="mt-2 flex min-h-7 items-center">
                {isUsed ? (
                  <span className="flex items-center gap-1.5 text-sm text-muted-foreground">
                    <Check aria-hidden="true" className="size-4" />
                    In use
                  </span>
                ) : (
                  <Button
                    size="sm"
                    aria-label={`Use the preset ${label}`}
                    onClick={() => replace(withOwn(policy, presets[name]))}
                  >
                    Use
                  </Button>
                )}
              </div>
            </li>
          )
        })}
      </ul>
    </CaptureSection>
  )
}

/** A preset says nothing about the license and about what is secret here: both stay. */
function withOwn({ licenseKey, secretNames }: CapturePolicy, preset: CapturePolicy): CapturePolicy {
  return { ...preset, licenseKey, secretNames }
}

function matchesPreset(policy: CapturePolicy, preset: CapturePolicy): boolean {
  return isSame(policy, withOwn(policy, preset))
}
