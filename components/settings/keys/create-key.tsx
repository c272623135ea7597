"use client"

import type { Submit } from "@/components/form/use-submit"
import { FormDialog } from "@/components/settings/form-dialog"
import { Button } from "@/components/ui/button"
import type { NewKey } from "./api-key"
import { ExpiryField, KeyNameField, NetworksField, ScopesField } from "./key-fields"
import { expiryOf, networksOf } from "./key-input"
import type { ScopeChoice } from "./scopes"

export interface CreateKeyProps {
  readonly appSlug: string
  readonly scopes: readonly ScopeChoice[]
  readonly createKey: Submit<{ readonly key: string }>
  /** Called with the key, which must be shown at once. */
  readonly onMade: (made: NewKey) => void
}

/** The button and the dialog that create a key: its permissions, its expiry and its networks. */
export function CreateKey({ appSlug, scopes, createKey, onMade }: CreateKeyProps) {
  return (
    <FormDialog
      trigger={<Button variant="primary">+ Create key</Button>}
      title="Create an API key"
      description="The app uses it to send events, or to read them, without a person signing in."
      submitLabel="Create key"
      action={createKey}
      fields={["name", "scopes", "expiresAt", "allowedNetworks"]}
      check={data => ({
        scopes: data.getAll("scopes").length === 0 ? "Choose at least one." : undefined,
      })}
      read={data => ({
        app: appSlug,
        name: String(data.get("name")).trim(),
        scopes: data.getAll("scopes").map(String),
        expiresAt: expiryOf(data, new Date()),
        allowedNetworks: networksOf(data),
      })}
      onDone={({ key }) => onMade({ key, replaced: null })}
    >
      {wrong => (
        <>
          <KeyNameField error={wrong.name} />
          <ScopesField scopes={scopes} error={wrong.scopes} />
          <ExpiryField label="Expires" error={wrong.expiresAt} />
          <NetworksField error={wrong.allowedNetworks} />
        </>
      )}
    </FormDialog>
  )
}
