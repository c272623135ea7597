import { runsOf } from "@/lib/audit/direction"

/** One of our sentences with names in it: a name that is written from right to left reorders nothing around it. */
export function DirectedText({ text }: { readonly text: string }) {
  return runsOf(text).map(({ text: run, isolated }, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the runs of a text have no other identity and never move
    isolated ? <bdi key={index}>{run}</bdi> : run,
  )
}
