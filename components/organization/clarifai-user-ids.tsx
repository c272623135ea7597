"use client"

import { ConfirmAction } from "@/components/form/confirm-action"
import { TextField } from "@/components/form/text-field"
import type { Submit } from "@/components/form/use-submit"
import { FormDialog } from "@/components/settings/form-dialog"
import { Button } from "@/components/ui/button"
import { CopyButton } from "@/components/ui/copy-button"
import { toast } from "@/components/ui/toast"

export interface ClarifaiUserIdsProps {
  readonly userIds: readonly { readonly value: string; readonly createdBy: string }[]
  readonly add: Submit<{ readonly value: string }>
  readonly remove: Submit<unknown, { readonly value: string }>
}

/** The names by which programs for Clarifai's API call the organization; they are added and removed here. */
export function ClarifaiUserIds({ userIds, add, remove }: ClarifaiUserIdsProps) {
  return (
    <div className="grid gap-4">
      {userIds.length === 0 ? (
        <p className="text-sm text-muted-foreground">
          None. Programs can call this organization “me”, or by its URL name or id.
        </p>
      ) : (
        <ul aria-label="Clarifai user ids" className="grid divide-y rounded-md border">
          {userIds.map(({ value, createdBy }) => (
            <li key={value} className="flex flex-wrap items-center justify-between gap-2 px-3 py-2">
              <span className="grid min-w-0">
                <span className="flex min-w-0 items-center gap-1">
                  <code className="font-data wrap-anywhere">{value}</code>
                  <CopyButton value={value} label={`Clarifai user id ${value}`} />
                </span>
                <span className="text-xs text-muted-foreground wrap-anywhere">Added by {createdBy}</span>
              </span>
              <RemoveUserId value={value} remove={remove} />
            </li>
          ))}
        </ul>
      )}
      <div>
        <AddUserId add={add} />
      </div>
    </div>
  )
}

function RemoveUserId({ value, remove }: Pick<ClarifaiUserIdsProps, "remove"> & { readonly value: string }) {
  return (
    <ConfirmAction
      trigger={
        <Button size="sm" aria-label={`Remove the Clarifai user id ${value}`}>
          Remove
        </Button>
      }
      title={`Remove the Clarifai user id ${value}?`}
      confirmLabel="Remove"
      destructive
      action={remove}
      input={{ value }}
      done={`Clarifai user id ${value} removed`}
    >
      <p>Programs that use it are refused from their next request on. Keys and events stay as they are.</p>
    </ConfirmAction>
  )
}

function AddUserId({ add }: Pick<ClarifaiUserIdsProps, "add">) {
  return (
    <FormDialog
      trigger={<Button>+ Add user id</Button>}
      title="Add a Clarifai user id"
      description="The user or organization id that a program sends to Clarifai. It is unique in this installation."
      submitLabel="Add"
      action={add}
      fields={["value"]}
      read={data => ({ value: String(data.get("value") ?? "") })}
      onDone={() => toast("Clarifai user id added")}
    >
      {wrong => (
        <TextField
          name="value"
          label="User id"
          description="Letters, digits, dots, hyphens, underscores and @. Capitals count."
          error={wrong.value}
          limit={100}
          missing="Type the user id."
          required
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </FormDialog>
  )
}
