"use client"

import Link from "next/link"
import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import { Form } from "@/components/form/form"
import { FormFailure } from "@/components/form/form-failure"
import { TextField } from "@/components/form/text-field"
import { type Submission, type Submit, useSubmit } from "@/components/form/use-submit"
import { CaptureSection } from "@/components/settings/capture/section"
import { Button } from "@/components/ui/button"
import { buttonVariants } from "@/components/ui/button-variants"
import { toast } from "@/components/ui/toast"
import { useOwnZone } from "@/components/zone/zone-context"
import type {
  SinkAnswer,
  SinkCreation,
  SinkKindAnswer,
  SinkKindsAnswer,
  SinkTest,
  SinkUpdate,
  TestAnswer,
} from "@/lib/operations/sinks/answers"
import { BeginField } from "./begin-field"
import { ContentFields } from "./content-fields"
import { CredentialFields } from "./credential-fields"
import { beginFrom, draftFrom, faultsOf, inputNames, settingName } from "./form-input"
import { sinkPath, sinksPath } from "./places"
import { SettingInput } from "./setting-field"
import { withoutDraft } from "./test-faults"
import { TestResult } from "./test-result"

interface FormProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly kind: SinkKindAnswer
  readonly omittable: SinkKindsAnswer["omittable"]
  readonly test: Submit<TestAnswer, SinkTest>
}

export interface NewSinkFormProps extends FormProps {
  readonly create: Submit<SinkAnswer, SinkCreation>
}

/** The form of a new sink. */
export function NewSinkForm({ create, ...props }: NewSinkFormProps) {
  const router = useRouter()
  const { zone } = useOwnZone()
  const submission = useSubmit(create, inputNames(props.kind), created => {
    toast(`Sink “${created.name}” added`)
    router.push(sinkPath(props.slug, created.id))
  })
  return (
    <SinkFields
      {...props}
      sink={null}
      submission={submission}
      submitLabel="Add sink"
      onSend={data =>
        submission.submit({ ...draftFrom(data, props.kind, null), begin: beginFrom(data, zone) })
      }
    />
  )
}

export interface SinkFormProps extends FormProps {
  readonly sink: SinkAnswer
  readonly update: Submit<SinkAnswer, SinkUpdate>
}

/** The form of an existing sink. Its kind stays. */
export function SinkForm({ update, sink, ...props }: SinkFormProps) {
  const submission = useSubmit(update, inputNames(props.kind), () => toast("Sink saved"))
  return (
    <SinkFields
      {...props}
      sink={sink}
      submission={submission}
      submitLabel="Save"
      onSend={data =>
        submission.submit({ id: sink.id, version: sink.version, ...draftFrom(data, props.kind, sink) })
      }
    />
  )
}

interface SinkFieldsProps extends FormProps {
  readonly sink: SinkAnswer | null
  readonly submission: Pick<Submission<never>, "pending" | "failure" | "refuse">
  readonly submitLabel: string
  readonly onSend: (data: FormData) => void
}

function SinkFields({ slug, kind, omittable, sink, test, submission, submitLabel, onSend }: SinkFieldsProps) {
  const { zone } = useOwnZone()
  const form = useRef<HTMLFormElement>(null)
  const tested = useTest({ kind, sink, test })
  // The faults of the last button that was pressed.
  const { pending, failure } = submission
  const shown = tested.isLatest ? tested.failure : failure
  const wrong = shown?.byField ?? {}
  const refuse: typeof submission.refuse = byField => {
    tested.leave()
    submission.refuse(byField)
  }
  return (
    <Form
      ref={form}
      className="grid grid-cols-[minmax(0,1fr)] gap-4"
      submission={{ failure: shown, refuse }}
      check={data => faultsOf(data, kind, zone)}
      onSend={data => {
        tested.leave()
        onSend(data)
      }}
    >
      <FormFailure failure={shown} />
      <CaptureSection id="sink-destination" title={kind.label} description={kind.summary}>
        <TextField
          label="Name"
          error={wrong.name}
          description="How it is called here."
          name="name"
          defaultValue={sink?.name ?? ""}
          limit={100}
          missing="Give a name."
          autoComplete="off"
          className="max-w-md"
          required
        />
        {kind.fields.map(field => (
          <SettingInput
            key={field.name}
            field={field}
            saved={sink?.settings[field.name]}
            isNew={sink === null}
            error={wrong[settingName(field.name)]}
          />
        ))}
      </CaptureSection>
      {kind.credentials.length > 0 ? (
        <CaptureSection id="sink-credentials" title="Credentials">
          <CredentialFields kind={kind} sink={sink} wrong={wrong} />
        </CaptureSection>
      ) : null}
      <CaptureSection id="sink-content" title="What is sent">
        <ContentFields kind={kind} omittable={omittable} sink={sink} wrong={wrong} />
        {sink === null ? <BeginField error={wrong.begin} /> : null}
      </CaptureSection>
      <CaptureSection
        id="sink-test"
        title="Test"
        description="Sends one made-up event, marked as a test, with what is entered above. Nothing is saved."
        actions={
          <Button
            pending={tested.pending}
            onClick={() => {
              if (form.current) tested.send(new FormData(form.current))
            }}
          >
            Send a test event
          </Button>
        }
      >
        <div aria-live="polite">
          {tested.answer ? (
            <TestResult answer={tested.answer} />
          ) : (
            <p className="text-sm text-muted-foreground text-pretty">{kind.proof}</p>
          )}
        </div>
      </CaptureSection>
      <div className="flex flex-wrap justify-end gap-2">
        <Link href={sink ? sinkPath(slug, sink.id) : sinksPath(slug)} className={buttonVariants()}>
          Cancel
        </Link>
        <Button type="submit" variant="primary" pending={pending}>
          {submitLabel}
        </Button>
      </div>
    </Form>
  )
}

type TestProps = Pick<SinkFieldsProps, "kind" | "sink" | "test">

/** The test of what is entered: its faults belong to the same inputs as those of saving. */
function useTest({ kind, sink, test }: TestProps) {
  const [answer, setAnswer] = useState<TestAnswer | null>(null)
  const [isLatest, setLatest] = useState(false)
  const { pending, failure, submit } = useSubmit(withoutDraft(test), inputNames(kind), setAnswer)
  const send = (data: FormData) => {
    setAnswer(null)
    setLatest(true)
    const draft = draftFrom(data, kind, sink)
    const named = { ...draft, name: draft.name || kind.label }
    submit(sink === null ? { draft: named } : { id: sink.id, draft: named })
  }
  return { answer, pending, failure, isLatest, send, leave: () => setLatest(false) }
}
