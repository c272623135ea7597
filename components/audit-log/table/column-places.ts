/** The position of a column, in the table and on a card, and when it is hidden. */
export interface ColumnPlace {
  readonly head: string
  /** Of a cell of the skeleton; those of the rows are in app/globals.css (`event-cell`). */
  readonly skeleton: string
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
    skeleton: "@lg:pl-4",
  },
  who: {
    head: "w-22 @2xl:w-26 @3xl:w-32 @5xl:w-[12%]",
    skeleton: "",
  },
  what: { head: "", skeleton: "" },
  target: {
    head: "w-[18%] @5xl:w-[13%] @max-[35rem]:hidden",
    skeleton: "@lg:@max-[35rem]:hidden",
  },
  app: {
    head: "w-[8.5%] @max-[68rem]:hidden",
    skeleton: "@lg:@max-[68rem]:hidden",
  },
  where: {
    head: "w-34 @max-[58rem]:hidden",
    skeleton: "@lg:@max-[58rem]:hidden",
  },
  status: {
    head: "w-16 @lg:pr-4 @2xl:w-28 @3xl:w-30 @3xl:pr-6",
    skeleton: "@lg:pr-4",
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
