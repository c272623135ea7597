/** Returns whether a text is a path on this site: browsers read `//host` and `/\host` as another one. */
export function isOwnPath(text: string): boolean {
  return /^\/(?![/\\])[^\s\\]*$/.test(text)
}
