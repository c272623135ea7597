/** The position of a column, in the table and on a card, and when it is hidden. */
export interface ColumnPlace {
  readonly head: string
  readonly cell: string
}

export const columnIds = ["when", "who", "what", "target", "app", "where", "status"] as const
export type ColumnId = (typeof columnIds)[number]

/**
 * Widths and thresholds, shared with the skeleton. They depend on the width of the table, not of the screen, so that an
 * open event and a narrow window have the same effect. Columns are hidden or narrowed in this order: App, Where, the width
 * of Who and the word of Status, and Target last: without it rows of the same operation look the same. What gets the
 * remaining width.
 */
export const columnPlaces: Readonly<Record<ColumnId, ColumnPlace>> = {
  when: {
    head: "w-40 @lg:pl-4 @3xl:w-42 @3xl:pl-6",
    cell: "@lg:pl-4 @3xl:pl-6 @max-lg:col-start-1 @max-lg:row-start-1",
  },
  who: {
    head: "w-22 @2xl:w-26 @3xl:w-32 @5xl:w-[12%]",
    cell: "@max-lg:col-start-1 @max-lg:row-start-3",
  },
  what: { head: "", cell: "@max-lg:col-span-2 @max-lg:row-start-2" },
  target: {
    head: "w-[18%] @5xl:w-[13%] @max-[35rem]:hidden",
    cell: "@lg:@max-[35rem]:hidden @max-lg:col-start-1 @max-lg:row-start-4",
  },
  app: {
    head: "w-[8.5%] @max-[68rem]:hidden",
    cell: "@lg:@max-[68rem]:hidden @max-lg:col-start-2 @max-lg:row-start-4 @max-lg:text-right",
  },
  where: {
    head: "w-34 @max-[58rem]:hidden",
    cell: "@lg:@max-[58rem]:hidden @max-lg:col-start-2 @max-lg:row-start-3 @max-lg:text-right",
  },
  status: {
    head: "w-16 @lg:pr-4 @2xl:w-28 @3xl:w-30 @3xl:pr-6",
    cell: "@lg:@max-2xl:text-[0px] @lg:pr-4 @3xl:pr-6 @max-lg:col-start-2 @max-lg:row-start-1 @max-lg:justify-self-end",
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
