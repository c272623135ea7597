import { Time } from "@/components/time/time"
import { CodeBlock } from "@/components/ui/code-block"
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs"
import { RenderedHtml } from "./rendered-html"
import { TextWithLinks } from "./text-with-links"

export interface CaughtMailViewProps {
  readonly mail: {
    readonly at: string
    readonly subject: string
    readonly from: string
    readonly to: string
    readonly text: string | null
    readonly html: string | null
    readonly headers: readonly { readonly name: string; readonly value: string }[]
    readonly source: string
  }
}

/** One mail: its head, and its parts in tabs. */
export function CaughtMailView({ mail }: CaughtMailViewProps) {
  return (
    <>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm [&>dd]:wrap-anywhere [&>dt]:text-muted-foreground">
        <dt>From</dt>
        <dd>{mail.from}</dd>
        <dt>To</dt>
        <dd>{mail.to}</dd>
        <dt>Caught</dt>
        <dd>
          <Time instant={new Date(mail.at)} zone="UTC" withOffset />
        </dd>
      </dl>
      <Tabs defaultValue={mail.html === null ? "text" : "html"} className="min-w-0">
        <TabsList aria-label="Parts of the mail">
          {mail.html === null ? null : <TabsTrigger value="html">HTML</TabsTrigger>}
          <TabsTrigger value="text">Text</TabsTrigger>
          <TabsTrigger value="headers">Headers</TabsTrigger>
          <TabsTrigger value="source">Source</TabsTrigger>
        </TabsList>
        {mail.html === null ? null : (
          <TabsContent value="html" className="pt-4">
            <RenderedHtml html={mail.html} title={mail.subject} />
          </TabsContent>
        )}
        <TabsContent value="text" className="pt-4">
          {mail.text === null ? (
            <p className="text-muted-foreground">This mail has no text part.</p>
          ) : (
            <TextWithLinks text={mail.text} />
          )}
        </TabsContent>
        <TabsContent value="headers" className="pt-4">
          <dl className="divide-y rounded-md border bg-card text-sm">
            {mail.headers.map(({ name, value }, index) => (
              <div
                // biome-ignore lint/suspicious/noArrayIndexKey: a name may come more than once, and the list never changes
                key={`${index} ${name}`}
                className="grid gap-x-4 px-4 py-2 sm:grid-cols-[14rem_minmax(0,1fr)]"
              >
                <dt className="text-muted-foreground wrap-anywhere">{name}</dt>
                <dd className="font-data wrap-anywhere">{value}</dd>
              </div>
            ))}
          </dl>
        </TabsContent>
        <TabsContent value="source" className="pt-4">
          <CodeBlock text={mail.source} copyLabel="Copy the source" wrapped />
        </TabsContent>
      </Tabs>
    </>
  )
}
