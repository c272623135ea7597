"use client"

import { Archive, ArchiveRestore, Pencil } from "lucide-react"
import { ConfirmAction } from "@/components/form/confirm-action"
import { TextField } from "@/components/form/text-field"
import type { Submit } from "@/components/form/use-submit"
import { FormDialog } from "@/components/settings/form-dialog"
import { Button } from "@/components/ui/button"
import { toast } from "@/components/ui/toast"
import { type AppUses, keysText, limitedText } from "./app-uses"

export interface AppActionsProps {
  readonly app: { readonly slug: string; readonly name: string; readonly archivedAt: string | null }
  readonly uses: AppUses
  readonly updateApp: Submit
  readonly archiveApp: Submit
  readonly restoreApp: Submit
}

/** The actions on the whole app. */
export function AppActions({ app, uses, updateApp, archiveApp, restoreApp }: AppActionsProps) {
  return (
    <>
      <RenameApp app={app} updateApp={updateApp} />
      {app.archivedAt === null ? (
        <ArchiveApp app={app} uses={uses} archiveApp={archiveApp} />
      ) : (
        <RestoreApp app={app} uses={uses} restoreApp={restoreApp} />
      )}
    </>
  )
}

function RenameApp({ app, updateApp }: Pick<AppActionsProps, "app" | "updateApp">) {
  return (
    <FormDialog
      trigger={
        <Button>
          <Pencil aria-hidden="true" />
          Rename
        </Button>
      }
      title={`Rename ${app.name}`}
      submitLabel="Rename"
      action={updateApp}
      fields={["name"]}
      read={data => ({ app: app.slug, name: String(data.get("name")).trim() })}
      onDone={() => toast("App renamed")}
    >
      {wrong => (
        <TextField
          label="Name"
          error={wrong.name}
          description={
            <>
              The slug <code className="font-data">{app.slug}</code> stays, and events recorded so far keep
              the name they came with.
            </>
          }
          name="name"
          defaultValue={app.name}
          limit={100}
          missing="Give a name."
          autoComplete="off"
          required
        />
      )}
    </FormDialog>
  )
}

function ArchiveApp({ app, uses, archiveApp }: Pick<AppActionsProps, "app" | "uses" | "archiveApp">) {
  const limited = limitedText(uses)
  return (
    <ConfirmAction
      trigger={
        <Button>
          <Archive aria-hidden="true" />
          Archive
        </Button>
      }
      title={`Archive the app “${app.name}”?`}
      confirmLabel="Archive app"
      destructive
      action={archiveApp}
      input={{ app: app.slug }}
      done={`App “${app.name}” archived`}
    >
      <p>
        {uses.activeKeys === 0
          ? "It has no active key, so nothing stops."
          : `${keysText(uses.activeKeys)} refused everywhere within five seconds: what uses ${uses.activeKeys === 1 ? "it" : "them"} stops sending and reading events.`}
      </p>
      <p>Its events stay in the log, to be searched, filtered and exported as before.</p>
      {limited === null ? null : (
        <p>{limited} Nothing changes for them: those who hold them go on seeing the app’s events.</p>
      )}
      <p>It can be restored.</p>
    </ConfirmAction>
  )
}

function RestoreApp({ app, uses, restoreApp }: Pick<AppActionsProps, "app" | "uses" | "restoreApp">) {
  return (
    <ConfirmAction
      trigger={
        <Button variant="primary">
          <ArchiveRestore aria-hidden="true" />
          Restore
        </Button>
      }
      title={`Restore the app “${app.name}”?`}
      confirmLabel="Restore app"
      action={restoreApp}
      input={{ app: app.slug }}
      done={`App “${app.name}” restored`}
    >
      <p>
        {uses.activeKeys === 0
          ? "It takes keys again. None of its old ones will work."
          : `It takes keys again, and ${keysText(uses.activeKeys)} accepted again within five seconds. Revoke first what must not come back.`}
      </p>
    </ConfirmAction>
  )
}
