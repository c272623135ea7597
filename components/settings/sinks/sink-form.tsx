"use client"

import Link from "next/link"
import { useRouter } from "next/navigation"
import { type ReactNode, type RefObject, useRef } from "react"
import { Form } from "@/components/form/form"
import { FormFailure } from "@/components/form/form-failure"
import { TextField } from "@/components/form/text-field"
import { type Submission, type Submit, useSubmit } from "@/components/form/use-submit"
import { CaptureSection } from "@/components/settings/capture/section"
import { Alert } from "@/components/ui/alert"
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
import { DraftTestSection, useDraftTest } from "./draft-test"
import { beginFrom, draftFrom, faultsOf, inputNames, settingName } from "./form-input"
import { sinkPath, sinksPath } from "./places"
import { SettingInput } from "./setting-field"
import { useBegun } from "./use-begun"

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
  const form = useRef<HTMLFormElement>(null)
  const submission = useSubmit(create, inputNames(props.kind), created => {
    toast(`Sink “${created.name}” added`)
    router.push(sinkPath(props.slug, created.id))
  })
  return (
    <SinkFields
      {...props}
      form={form}
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
export function SinkForm({ update, sink: newest, ...props }: SinkFormProps) {
  const form = useRef<HTMLFormElement>(null)
  const { begun: sink, isOvertaken, beginWith } = useBegun(newest, form)
  const submission = useSubmit(update, inputNames(props.kind), saved => {
    toast("Sink saved")
    beginWith(saved)
  })
  return (
    <SinkFields
      {...props}
      // The fields begin with what was saved.
      key={sink.version}
      form={form}
      notice={isOvertaken ? <Overtaken onTake={() => beginWith(newest)} /> : null}
      sink={sink}
      submission={submission}
      submitLabel="Save"
      onSend={data =>
        submission.submit({ id: sink.id, version: sink.version, ...draftFrom(data, props.kind, sink) })
      }
    />
  )
}

function Overtaken({ onTake }: { readonly onTake: () => void }) {
  return (
    <Alert
      tone="warning"
      role="status"
      title="Somebody else has saved this sink meanwhile"
      action={<Button onClick={onTake}>Show what was saved</Button>}
    >
      What you have typed is still here, and cannot be saved over it.
    </Alert>
  )
}

interface SinkFieldsProps extends FormProps {
  readonly form: RefObject<HTMLFormElement | null>
  readonly notice?: ReactNode
  readonly sink: SinkAnswer | null
  readonly submission: Pick<Submission<never>, "pending" | "failure" | "refuse">
  readonly submitLabel: string
  readonly onSend: (data: FormData) => void
}

function SinkFields(props: SinkFieldsProps) {
  const { slug, kind, omittable, form, notice, sink, test, submission, submitLabel, onSend } = props
  const { zone } = useOwnZone()
  const tested = useDraftTest({ kind, sink, test })
  // The faults of the button that was pressed last.
  const shown = tested.isLatest ? tested.failure : submission.failure
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
      {notice}
      <DestinationSection kind={kind} sink={sink} wrong={wrong} />
      {kind.credentials.length > 0 ? (
        <CaptureSection id="sink-credentials" title="Credentials">
          <CredentialFields kind={kind} sink={sink} wrong={wrong} />
        </CaptureSection>
      ) : null}
      <CaptureSection id="sink-content" title="What is sent">
        <ContentFields kind={kind} omittable={omittable} sink={sink} wrong={wrong} />
        {sink === null ? <BeginField error={wrong.begin} /> : null}
      </CaptureSection>
      <DraftTestSection
        tested={tested}
        proof={kind.proof}
        onTest={() => {
          if (form.current) tested.send(new FormData(form.current))
        }}
      />
      <FormFailure failure={tested.isLatest ? null : submission.failure} />
      <div className="flex flex-wrap justify-end gap-2">
        <Link href={sink ? sinkPath(slug, sink.id) : sinksPath(slug)} className={buttonVariants()}>
          Cancel
        </Link>
        <Button type="submit" variant="primary" pending={submission.pending}>
          {submitLabel}
        </Button>
      </div>
    </Form>
  )
}

type DestinationProps = Pick<SinkFieldsProps, "kind" | "sink"> & {
  readonly wrong: Readonly<Record<string, string>>
}

function DestinationSection({ kind, sink, wrong }: DestinationProps) {
  return (
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
  )
}
