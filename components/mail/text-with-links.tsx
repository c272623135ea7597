export interface TextWithLinksProps {
  readonly text: string
}

/** The text of a mail, with links for its urls. */
export function TextWithLinks({ text }: TextWithLinksProps) {
  // Split by a group: every second piece is a url.
  const pieces = text.split(/(https?:\/\/\S+)/)
  return (
    <div className="rounded-md border bg-card p-4 font-data text-sm whitespace-pre-wrap wrap-anywhere">
      {pieces.map((piece, index) =>
        index % 2 === 0 ? (
          piece
        ) : (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never change places
            key={index}
            href={piece}
            target="_blank"
            rel="noreferrer"
            className="text-link underline underline-offset-2"
          >
            {piece}
          </a>
        ),
      )}
    </div>
  )
}
