"use client"

import { ClipboardPaste } from "lucide-react"
import { useState } from "react"
import { Form } from "@/components/form/form"
import { FormFailure } from "@/components/form/form-failure"
import type { Failure } from "@/components/form/use-submit"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogFooter,
  DialogTrigger,
} from "@/components/ui/dialog"
import { Field } from "@/components/ui/field"
import { Textarea } from "@/components/ui/textarea"
import { toast } from "@/components/ui/toast"
import { AppError } from "@/lib/errors"
import { useDraft } from "./draft-context"

const example = `log_calls: true
endpoints {
  _default { log_data: true }
  workers.status_report.log_data: ["queue", "tags"]
}`

/** The button and the dialog that put the keys of an `apiserver.conf`, or environment lines, into the draft. */
export function PasteConfiguration() {
  const [open, setOpen] = useState(false)
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button>
          <ClipboardPaste aria-hidden="true" />
          Paste an apiserver.conf
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Paste an apiserver.conf"
        description="ClearML's keys of apiserver.conf, or its environment lines. They go into the draft; everything else stays."
        className="max-w-2xl!"
      >
        <PasteForm onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  )
}

function PasteForm({ onDone }: { readonly onDone: () => void }) {
  const { policy, replace } = useDraft()
  const [text, setText] = useState("")
  const [failure, setFailure] = useState<Failure | null>(null)
  const [warnings, setWarnings] = useState<readonly string[]>([])
  const fail = (message: string | null, byField: Failure["byField"]) =>
    setFailure({ message, byField, retryAfterSeconds: undefined })
  const put = async () => {
    // The reader of HOCON is loaded when it is needed.
    const loaded = await import("@/lib/audit/capture/pasted-file").catch(() => null)
    if (loaded === null) return fail("The reader could not be loaded. Try again.", {})
    const read = readOrRefuse(() => loaded.withPastedFile(text, policy))
    if (typeof read === "string") return fail(null, { text: read })
    const isSeen = read.warnings.join() === warnings.join()
    setFailure(null)
    setWarnings(read.warnings)
    // Keys that have no effect are shown first; the same button then goes on.
    if (!isSeen) return
    replace(read.policy)
    toast("Put into the draft. Nothing is saved yet.")
    onDone()
  }
  return (
    <Form
      className="contents"
      submission={{ failure, refuse: byField => fail(null, byField) }}
      onSend={() => void put()}
    >
      <DialogBody>
        <FormFailure failure={failure} />
        <Field label="Configuration" error={failure?.byField.text}>
          {control => (
            <Textarea
              {...control}
              name="text"
              required
              data-missing="Paste a configuration."
              rows={12}
              value={text}
              placeholder={example}
              className="font-data"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              onChange={event => setText(event.target.value)}
            />
          )}
        </Field>
        {warnings.length > 0 ? (
          <Alert tone="warning" role="status" title="Some of it has no effect">
            <ul className="grid gap-1">
              {warnings.map(warning => (
                <li key={warning}>{sentence(warning)}</li>
              ))}
            </ul>
          </Alert>
        ) : null}
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary">
          {warnings.length > 0 ? "Put the rest into the draft" : "Put into the draft"}
        </Button>
      </DialogFooter>
    </Form>
  )
}

/** Returns what was read, or the sentences about what is wrong with it. */
function readOrRefuse<Read>(read: () => Read): Read | string {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "invalid") throw error
    return error.faults.map(({ message }) => sentence(message)).join(" ")
  }
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
