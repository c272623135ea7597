"use client"

import { useMemo, useState } from "react"
import type { Submit } from "@/components/form/use-submit"
import { environmentLinesOf } from "@/lib/audit/capture/environment-lines"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import { changesBetween } from "./changes"
import { DetailsSection } from "./details-section"
import { withLocked } from "./draft"
import { DraftContext } from "./draft-context"
import { IgnoreSection } from "./ignore-section"
import { EnabledSection, LevelSection } from "./level-section"
import { EnvironmentContext } from "./locks"
import { IdentitySection, PartsSection } from "./parts-section"
import { PresetsSection } from "./presets-section"
import { type PolicyUpdate, ReviewDialog } from "./review-dialog"
import { faultsOf } from "./rule-form"
import { RulesSection } from "./rules-section"
import { SaveBar } from "./save-bar"
import type { SimulationProps } from "./simulation"
import { Summary } from "./summary"
import { TrySection, type TrySectionProps } from "./try-section"
import { useCaptureDraft } from "./use-capture-draft"
import type { AppChoice, CaptureFigures, CaptureView } from "./view"

export interface CaptureEditorProps {
  /** Of the organization. */
  readonly slug: string
  readonly capture: CaptureView
  /** Null when nothing has been counted. */
  readonly figures: CaptureFigures | null
  readonly apps: readonly AppChoice[]
  readonly update: Submit<CaptureView, PolicyUpdate>
  readonly read: Submit<CaptureView, object>
  readonly simulate: SimulationProps["simulate"]
  readonly tryCall: TrySectionProps["tryCall"]
}

/** The whole policy on one page. Everything changes a draft, which is reviewed before it is saved. */
export function CaptureEditor({ slug, capture, figures, apps, ...actions }: CaptureEditorProps) {
  const { base, draft, isChanged, set, discard, rebase } = useCaptureDraft(slug, capture)
  const [isReviewed, setReviewed] = useState(false)
  const [areLinesShown, setLinesShown] = useState(false)
  const faults = useMemo(() => faultsOf(draft), [draft])
  const lines = useMemo(() => environmentLinesOf(draft), [draft])
  const change = (part: Partial<CapturePolicy>) => set({ ...draft, ...part })
  const replace = (policy: CapturePolicy) => set(withLocked(policy, base))
  const environment = { locks: base.locks, lines, areLinesShown }
  return (
    <EnvironmentContext value={environment}>
      <DraftContext value={{ policy: draft, change, replace, faults, figures }}>
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 **:scroll-mb-20 lg:grid-cols-[minmax(0,1fr)_19rem] lg:gap-6">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <EnabledSection />
            <LevelSection />
          </div>
          <div className="lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:self-stretch">
            <Summary
              policy={draft}
              isChanged={isChanged}
              lines={lines.map(({ line }) => line)}
              areLinesShown={areLinesShown}
              onShowLines={setLinesShown}
            />
          </div>
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <PresetsSection />
            <IgnoreSection saved={base.policy} />
            <RulesSection apps={apps} saved={base.policy} />
            <PartsSection />
            <IdentitySection />
            <DetailsSection />
            <TrySection apps={apps} tryCall={actions.tryCall} />
          </div>
        </div>
        <SaveBar
          changes={changesBetween(base.policy, draft).length}
          faults={faults.size}
          onDiscard={discard}
          onReview={() => setReviewed(true)}
        />
        {isReviewed ? (
          <ReviewDialog
            base={base}
            draft={draft}
            update={actions.update}
            read={actions.read}
            simulate={actions.simulate}
            onClose={() => setReviewed(false)}
            onSaved={saved => {
              rebase(saved, saved.policy)
              setReviewed(false)
            }}
            onRebase={rebase}
          />
        ) : null}
      </DraftContext>
    </EnvironmentContext>
  )
}
