"use client"

import { CodeBlock } from "@/components/ui/code-block"
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs"
import { commandsFor } from "./commands"

export interface FirstEventProps {
  /** Origin of this installation. */
  readonly baseUrl: string
  /** The real key while it can be shown; otherwise a placeholder. */
  readonly apiKey: string | null
}

/** How an application sends its first event, ready to paste into a terminal. */
export function FirstEvent({ baseUrl, apiKey }: FirstEventProps) {
  const commands = commandsFor(baseUrl, apiKey)
  const [first] = commands
  return (
    <Tabs defaultValue={first.id} className="min-w-0">
      <TabsList aria-label="Ways to send events">
        {commands.map(({ id, label }) => (
          <TabsTrigger key={id} value={id}>
            {label}
          </TabsTrigger>
        ))}
      </TabsList>
      {commands.map(({ id, text, explanation }) => (
        <TabsContent key={id} value={id} className="grid min-w-0 gap-2 pt-3">
          <p className="text-sm text-muted-foreground">{explanation}</p>
          <CodeBlock text={text} copyLabel="Copy the command" />
        </TabsContent>
      ))}
      <p className="pt-2 text-xs text-muted-foreground">
        {apiKey ? (
          "The key of these commands is the one just created. It is shown until this page is left."
        ) : (
          <>
            Put a key of this app in the place of <code className="font-data">YOUR_API_KEY</code>.
          </>
        )}
      </p>
    </Tabs>
  )
}
