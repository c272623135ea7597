export interface RenderedHtmlProps {
  readonly html: string
  readonly title: string
}

/**
 * The HTML of a mail, which may be anything that anybody has sent: in a frame without scripts, forms and an origin, under the
 * policy of this page, which lets it load nothing from elsewhere. A link of it opens in a window of its own.
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
