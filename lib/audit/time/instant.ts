/** A moment in UTC to the microsecond, always written `YYYY-MM-DDTHH:MM:SS.ffffffZ`; string order is time order. */
export type Instant = string & { readonly __brand: "Instant" }
