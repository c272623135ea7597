const numbers = new Intl.NumberFormat("en")

/** How many of the counted events have the value. */
export function Frequency({ count }: { readonly count: number }) {
  return (
    <span className="ml-2 tabular-nums">
      {numbers.format(count)}
      <span className="sr-only">{count === 1 ? " event" : " events"}</span>
    </span>
  )
}
