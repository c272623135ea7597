"use client"

import { ConfirmAction } from "@/components/form/confirm-action"
import type { Submit } from "@/components/form/use-submit"
import { FormDialog } from "@/components/settings/form-dialog"
import { Button } from "@/components/ui/button"
import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import { toast } from "@/components/ui/toast"
import { type ApiKeyRow, type KeyText, maskedKey, type NewKey } from "./api-key"
import { ExpiryField, KeyNameField, NetworksField } from "./key-fields"
import { expiryOf, networksOf } from "./key-input"

/** What the dialog of a key sends. */
export interface KeyChange extends Omit<KeyText, "expiresAt"> {
  readonly id: string
  /** A day or an instant; null for never, undefined to leave it unchanged. */
  readonly expiresAt: string | null | undefined
  /** The values of the key when the dialog was opened. */
  readonly expected: KeyText
}

/** The actions on a key. */
export interface KeyDeeds {
  readonly updateKey: Submit<unknown, KeyChange>
  readonly rotateKey: Submit<{
    readonly key: string
    readonly replaced: { readonly lastFour: string; readonly expiresAt: string }
  }>
  readonly revokeKey: Submit
  /** Called with the new key of a rotation, which must be shown at once. */
  readonly onMade: (made: NewKey) => void
}

export interface KeyActionsProps extends KeyDeeds {
  readonly apiKey: ApiKeyRow
  readonly appName: string
  /** The app is archived: its keys can only be revoked. */
  readonly archived: boolean
  /** True when another key already replaces it. */
  readonly replaced: boolean
}

/** The buttons at the end of a key's row. */
export function KeyActions({ apiKey, appName, archived, replaced, ...deeds }: KeyActionsProps) {
  return (
    <span className="flex flex-wrap gap-1.5 sm:flex-nowrap sm:justify-end">
      {archived || replaced ? null : (
        <RotateKey apiKey={apiKey} rotateKey={deeds.rotateKey} onMade={deeds.onMade} />
      )}
      {archived ? null : (
        // The form is created from the current values of the key.
        <EditKey key={JSON.stringify(textOf(apiKey))} apiKey={apiKey} updateKey={deeds.updateKey} />
      )}
      <RevokeKey apiKey={apiKey} appName={appName} revokeKey={deeds.revokeKey} />
    </span>
  )
}

interface OneKey {
  readonly apiKey: ApiKeyRow
}

const overlaps = [
  { hours: "0", label: "At once" },
  { hours: "1", label: "After 1 hour" },
  { hours: "24", label: "After 24 hours" },
  { hours: "72", label: "After 3 days" },
  { hours: "168", label: "After 1 week" },
] as const

function RotateKey({ apiKey, rotateKey, onMade }: OneKey & Pick<KeyDeeds, "rotateKey" | "onMade">) {
  return (
    <FormDialog
      trigger={
        <Button size="sm" aria-label={`Rotate key ${apiKey.name}`}>
          Rotate
        </Button>
      }
      title={`Rotate the key “${apiKey.name}”`}
      description="A new key takes its place, with the same name, permissions and allowed IP addresses. Both work until the old one expires."
      submitLabel="Rotate key"
      action={rotateKey}
      fields={["overlapHours", "expiresAt"]}
      read={data => ({
        id: apiKey.id,
        overlapHours: Number(data.get("overlapHours")),
        expiresAt: expiryOf(data, new Date()),
      })}
      onDone={({ key, replaced }) => onMade({ key, replaced })}
    >
      {wrong => (
        <>
          <Field
            label="The old key ends"
            error={wrong.overlapHours}
            description="Time to put the new key where the old one is used. A key that expires sooner ends then."
          >
            {control => (
              <Select {...control} name="overlapHours" defaultValue="24" className="max-w-60">
                {overlaps.map(({ hours, label }) => (
                  <option key={hours} value={hours}>
                    {label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <ExpiryField label="The new key expires" error={wrong.expiresAt} />
        </>
      )}
    </FormDialog>
  )
}

function EditKey({ apiKey, updateKey }: OneKey & Pick<KeyDeeds, "updateKey">) {
  return (
    <FormDialog
      trigger={
        <Button size="sm" aria-label={`Edit key ${apiKey.name}`}>
          Edit
        </Button>
      }
      title={`Edit the key “${apiKey.name}”`}
      description="The key itself and what it may do stay. A change acts everywhere within five seconds."
      submitLabel="Save"
      action={updateKey}
      fields={["name", "expiresAt", "allowedNetworks"]}
      read={data => ({
        id: apiKey.id,
        name: String(data.get("name")).trim(),
        expiresAt: expiryOf(data, new Date()),
        allowedNetworks: networksOf(data),
        expected: textOf(apiKey),
      })}
      onDone={() => toast("Key changed")}
    >
      {wrong => (
        <>
          <KeyNameField name={apiKey.name} error={wrong.name} />
          <ExpiryField label="Expires" kept={apiKey.expiresAt} error={wrong.expiresAt} />
          <NetworksField networks={apiKey.allowedNetworks} error={wrong.allowedNetworks} />
        </>
      )}
    </FormDialog>
  )
}

function textOf({ name, expiresAt, allowedNetworks }: ApiKeyRow): KeyText {
  return { name, expiresAt, allowedNetworks }
}

function RevokeKey({
  apiKey,
  appName,
  revokeKey,
}: OneKey & Pick<KeyDeeds, "revokeKey"> & { readonly appName: string }) {
  return (
    <ConfirmAction
      trigger={
        <Button size="sm" aria-label={`Revoke key ${apiKey.name}`}>
          Revoke
        </Button>
      }
      title={`Revoke the key “${apiKey.name}”?`}
      confirmLabel="Revoke key"
      destructive
      action={revokeKey}
      input={{ id: apiKey.id }}
      done={`Key “${apiKey.name}” revoked`}
    >
      <p>
        <code className="font-data text-foreground">{maskedKey(apiKey)}</code> of {appName} is refused
        everywhere within five seconds. Whatever still uses it stops sending or reading events.
      </p>
      <p>Events that it has sent stay in the log. A revoked key cannot be brought back.</p>
    </ConfirmAction>
  )
}
