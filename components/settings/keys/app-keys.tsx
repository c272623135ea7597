"use client"

import { KeyRound } from "lucide-react"
import { useRef, useState } from "react"
import { FirstEvent } from "@/components/settings/first-event/first-event"
import { EmptyState } from "@/components/ui/empty-state"
import type { ApiKeyRow, NewKey } from "./api-key"
import { CreateKey, type CreateKeyProps } from "./create-key"
import type { KeyDeeds } from "./key-actions"
import { KeysTable } from "./keys-table"
import { NewKeyDialog } from "./new-key-dialog"
import type { ScopeChoice } from "./scopes"

export interface AppKeysProps extends Omit<KeyDeeds, "onMade"> {
  readonly app: { readonly slug: string; readonly name: string; readonly archivedAt: string | null }
  readonly baseUrl: string
  readonly keys: readonly ApiKeyRow[]
  readonly scopes: readonly ScopeChoice[]
  readonly createKey: CreateKeyProps["createKey"]
}

/** The keys of an app, and how it sends its first event. An archived app gets no new ones. */
export function AppKeys({ app, baseUrl, keys, scopes, createKey, ...deeds }: AppKeysProps) {
  const [made, setMade] = useState<NewKey | null>(null)
  const [isShown, setShown] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  const archived = app.archivedAt !== null
  // Shown here, not where it was requested: the row of a key that ends at once may be gone already.
  const show = (next: NewKey) => {
    setMade(next)
    setShown(true)
  }
  return (
    <>
      <section aria-labelledby="keys" className="grid gap-3">
        <div className="flex flex-wrap items-end justify-between gap-2">
          <h2 id="keys" ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
            API keys
          </h2>
          {archived ? null : (
            <CreateKey appSlug={app.slug} scopes={scopes} createKey={createKey} onMade={show} />
          )}
        </div>
        {keys.length > 0 ? (
          <KeysTable appName={app.name} archived={archived} keys={keys} {...deeds} onMade={show} />
        ) : (
          <div className="rounded-md border bg-card">
            <EmptyState
              icon={KeyRound}
              title={archived ? "No keys" : "No keys yet"}
              level={3}
              className="py-10!"
            >
              <p>
                {archived
                  ? `${app.name} had none when it was archived.`
                  : `${app.name} needs a key to send events.`}
              </p>
            </EmptyState>
          </div>
        )}
      </section>
      {made ? (
        <NewKeyDialog
          made={made}
          baseUrl={baseUrl}
          open={isShown}
          onClose={() => setShown(false)}
          focusAfter={() => heading.current?.focus()}
        />
      ) : null}
      {archived ? null : (
        <section aria-labelledby="first-event" className="grid max-w-3xl gap-1">
          <h2 id="first-event" className="text-lg font-semibold">
            Send a first event
          </h2>
          <FirstEvent baseUrl={baseUrl} apiKey={made?.key ?? null} />
        </section>
      )}
    </>
  )
}
