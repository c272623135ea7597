"use client"

import { useState } from "react"
import { FormFailure } from "@/components/form/form-failure"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from "@/components/ui/dialog"
import { toast } from "@/components/ui/toast"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import { ChangeList } from "./change-list"
import { changesBetween } from "./changes"
import { Conflict } from "./conflict"
import { putOnTop } from "./draft"
import { Simulation, type SimulationProps } from "./simulation"
import type { CaptureView } from "./view"

/** What a change is sent as: the whole policy, and the version that it changes. */
export interface PolicyUpdate {
  readonly policy: CapturePolicy
  readonly version: number
}

export interface ReviewDialogProps {
  readonly base: CaptureView
  readonly draft: CapturePolicy
  readonly update: Submit<CaptureView, PolicyUpdate>
  /** Reads the policy that counts now. */
  readonly read: Submit<CaptureView, object>
  readonly simulate: SimulationProps["simulate"]
  readonly onClose: () => void
  readonly onSaved: (saved: CaptureView) => void
  /** From here on the draft changes that version. */
  readonly onRebase: (theirs: CaptureView, draft: CapturePolicy) => void
}

/** The last look before a change is saved: what it changes, and what it would have meant for past calls. */
export function ReviewDialog({
  base,
  draft,
  update,
  read,
  simulate,
  onClose,
  onSaved,
  onRebase,
}: ReviewDialogProps) {
  const [theirs, setTheirs] = useState<CaptureView | null>(null)
  const sending: typeof update = async input => {
    const result = await update(input)
    if (result.ok || result.code !== "precondition-failed") return result
    const current = await read({})
    if (current.ok) setTheirs(current.value)
    return result
  }
  const { pending, failure, submit, clear } = useSubmit(sending, [], saved => {
    toast("Capture policy saved")
    onSaved(saved)
  })
  const resolve = (next: CapturePolicy) => {
    if (theirs === null) return
    onRebase(theirs, next)
    setTheirs(null)
    clear()
  }
  return (
    <Dialog open onOpenChange={open => (open ? undefined : onClose())}>
      <DialogContent
        title={theirs ? "Two versions" : "Review and save"}
        description={theirs ? undefined : "A change is in effect in every process within five seconds."}
        className="max-w-3xl!"
        guarded={false}
      >
        <DialogBody>
          {theirs ? (
            <Conflict base={base} mine={draft} theirs={theirs} />
          ) : (
            <>
              <FormFailure failure={failure} />
              <section aria-labelledby="review-changes" className="grid gap-2">
                <h3 id="review-changes" className="text-sm font-semibold">
                  What changes
                </h3>
                <ChangeList
                  changes={changesBetween(base.policy, draft)}
                  none="Nothing: the draft is the same as what is saved."
                />
              </section>
              <Simulation policy={draft} simulate={simulate} />
            </>
          )}
        </DialogBody>
        {theirs ? (
          <DialogFooter>
            <Button
              onClick={() => {
                resolve(theirs.policy)
                onClose()
              }}
            >
              Discard mine
            </Button>
            <Button
              variant="primary"
              onClick={() => resolve(putOnTop(base.policy, draft, theirs.policy).policy)}
            >
              Put mine on top and review again
            </Button>
          </DialogFooter>
        ) : (
          <DialogFooter>
            <DialogClose asChild>
              <Button>Keep editing</Button>
            </DialogClose>
            <Button
              variant="primary"
              pending={pending}
              onClick={() => submit({ policy: draft, version: base.version })}
            >
              Save
            </Button>
          </DialogFooter>
        )}
      </DialogContent>
    </Dialog>
  )
}
