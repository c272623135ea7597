"use client"

import { KeyRound } from "lucide-react"
import { useState } from "react"
import type { Submit } from "@/components/form/use-submit"
import { FirstEvent } from "@/components/settings/first-event/first-event"
import { EmptyState } from "@/components/ui/empty-state"
import type { ApiKeyRow } from "./api-key"
import { CreateKey } from "./create-key"
import { KeysTable } from "./keys-table"
import type { ScopeChoice } from "./scopes"

export interface AppKeysProps {
  readonly app: { readonly slug: string; readonly name: string }
  readonly baseUrl: string
  readonly keys: readonly ApiKeyRow[]
  readonly scopes: readonly ScopeChoice[]
  readonly createKey: Submit<{ readonly key: string }>
  readonly revokeKey: Submit
}

/** The page of an app below its title: its keys, and how it sends its first event. */
export function AppKeys({ app, baseUrl, keys, scopes, createKey, revokeKey }: AppKeysProps) {
  const [newKey, setNewKey] = useState<string | null>(null)
  return (
    <>
      <section aria-labelledby="keys" className="grid gap-3">
        <div className="flex flex-wrap items-end justify-between gap-2">
          <h2 id="keys" className="text-lg font-semibold">
            API keys
          </h2>
          {/* Stands here with and without keys: the first key must not take its own dialog away. */}
          <CreateKey
            appSlug={app.slug}
            baseUrl={baseUrl}
            scopes={scopes}
            createKey={createKey}
            onCreated={setNewKey}
          />
        </div>
        {keys.length > 0 ? (
          <KeysTable appName={app.name} keys={keys} revokeKey={revokeKey} />
        ) : (
          <div className="rounded-md border bg-card">
            <EmptyState icon={KeyRound} title="No keys yet" level={3} className="py-10!">
              <p>{app.name} needs a key to send events.</p>
            </EmptyState>
          </div>
        )}
      </section>
      <section aria-labelledby="first-event" className="grid max-w-3xl gap-1">
        <h2 id="first-event" className="text-lg font-semibold">
          Send a first event
        </h2>
        <FirstEvent baseUrl={baseUrl} apiKey={newKey} />
      </section>
    </>
  )
}
