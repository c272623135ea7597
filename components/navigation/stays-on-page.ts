/** Attributes of a link with another page's url whose click is handled on this one. */
export const staysOnPage = { "data-stays-on-page": "" } as const
