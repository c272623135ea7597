import { Radio } from "lucide-react"
import Link from "next/link"
import { commandsFor } from "@/components/settings/first-event/commands"
import { Button } from "@/components/ui/button"
import { CodeBlock } from "@/components/ui/code-block"
import { EmptyState } from "@/components/ui/empty-state"

export interface FirstStepsProps {
  readonly slug: string
  readonly baseUrl: string
}

/** No application has sent an event yet: shows how to send the first one, ready to paste. */
export default function FirstSteps({ slug, baseUrl }: FirstStepsProps) {
  const [first] = commandsFor(baseUrl, null)
  return (
    <EmptyState
      icon={Radio}
      title="No application has sent an event yet"
      className="max-w-2xl!"
      actions={
        <Button variant="primary" asChild>
          <Link href={`/${slug}/admin/settings/apps`}>Make an app and its key</Link>
        </Button>
      }
    >
      <p>
        Make a key under Settings, Apps, put it in the place of{" "}
        <code className="font-data">YOUR_API_KEY</code>, and send the first event from a terminal. It appears
        here as soon as it is answered.
      </p>
      <div className="mt-4 text-left text-foreground">
        <CodeBlock text={first.text} copyLabel="Copy the command" />
      </div>
    </EmptyState>
  )
}
