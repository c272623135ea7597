import { CircleAlert, CircleCheck } from "lucide-react"
import { Button } from "@/components/ui/button"
import { DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog"
import { type InviteResult, outcomeWords } from "./invitation"

export interface InviteResultsProps {
  readonly results: readonly InviteResult[]
  readonly onMore: () => void
}

/** The result for each invited email. */
export function InviteResults({ results, onMore }: InviteResultsProps) {
  const invited = results.filter(({ outcome }) => outcome === "invited").length
  return (
    <>
      <DialogBody>
        <p role="status" className="text-muted-foreground">
          {invited} of {results.length} {results.length === 1 ? "address was" : "addresses were"} invited.
        </p>
        <ul aria-label="Results" className="grid divide-y rounded-md border bg-card">
          {results.map(({ email, outcome }) => (
            <li key={email} className="flex items-start gap-2.5 px-3 py-2">
              {outcome === "invited" ? (
                <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-success" />
              ) : (
                <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-denied" />
              )}
              <span className="grid min-w-0">
                <span className="font-medium wrap-anywhere">{email}</span>
                <span className="text-sm text-muted-foreground text-pretty">{outcomeWords[outcome]}</span>
              </span>
            </li>
          ))}
        </ul>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onMore}>Invite more</Button>
        <DialogClose asChild>
          <Button variant="primary">Done</Button>
        </DialogClose>
      </DialogFooter>
    </>
  )
}
