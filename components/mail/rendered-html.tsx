export interface RenderedHtmlProps {
  readonly html: string
  readonly title: string
}

/**
 * The untrusted HTML of a mail, in a frame without scripts, forms and an origin, under the policy of this page, which lets
 * it load nothing from elsewhere. Its links open in a new window.
 */
export function RenderedHtml({ html, title }: RenderedHtmlProps) {
  return (
    <iframe
      title={`HTML of the mail: ${title}`}
      srcDoc={`<base target="_blank">${html}`}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      className="h-[max(32rem,70dvh)] w-full rounded-md border bg-card"
    />
  )
}
