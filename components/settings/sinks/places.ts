/** Returns the path of the list of sinks. */
export function sinksPath(slug: string): string {
  return `/${slug}/admin/settings/sinks`
}

/** Returns the path of one sink, or of a page below it: `/deliveries`. */
export function sinkPath(slug: string, id: string, below = ""): string {
  return `${sinksPath(slug)}/${encodeURIComponent(id)}${below}`
}
