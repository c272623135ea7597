/** Where a column stands and how it gives way: as a column of the table, and as a place on a card. */
export interface ColumnPlace {
  readonly head: string
  readonly cell: string
}

export const columnIds = ["when", "who", "what", "target", "app", "where", "status"] as const
export type ColumnId = (typeof columnIds)[number]

/**
 * Widths and thresholds, shared with the skeleton. The box around the table is the measure, not the screen, so that the
 * table gives way to an open event as it does to a narrow window.
 */
export const columnPlaces: Readonly<Record<ColumnId, ColumnPlace>> = {
  when: {
    head: "w-42 @lg:pl-4 @3xl:pl-6",
    cell: "@lg:pl-4 @3xl:pl-6 @max-lg:col-start-1 @max-lg:row-start-1",
  },
  who: { head: "w-[22%] @3xl:w-[14%]", cell: "@max-lg:col-start-1 @max-lg:row-start-3" },
  what: { head: "", cell: "@max-lg:col-span-2 @max-lg:row-start-2" },
  target: {
    head: "w-[16%] @max-3xl:hidden",
    cell: "@lg:@max-3xl:hidden @max-lg:col-start-1 @max-lg:row-start-4",
  },
  app: {
    head: "w-[11%] @max-5xl:hidden",
    cell: "@lg:@max-5xl:hidden @max-lg:col-start-2 @max-lg:row-start-4 @max-lg:text-right",
  },
  where: {
    head: "w-37 @max-4xl:hidden",
    cell: "@lg:@max-4xl:hidden @max-lg:col-start-2 @max-lg:row-start-3 @max-lg:text-right",
  },
  status: {
    head: "w-30 @lg:pr-4 @3xl:w-32 @3xl:pr-6",
    cell: "@lg:pr-4 @3xl:pr-6 @max-lg:col-start-2 @max-lg:row-start-1 @max-lg:justify-self-end",
  },
}

export const columnLabels: Readonly<Record<ColumnId, string>> = {
  when: "When",
  who: "Who",
  what: "What",
  target: "Target",
  app: "App",
  where: "Where",
  status: "Status",
}
