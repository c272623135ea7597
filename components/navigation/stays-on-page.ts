/** Attributes of a link whose address is another page's but whose press is answered on this one. */
export const staysOnPage = { "data-stays-on-page": "" } as const
