const pattern = /^[A-Za-z0-9._@-]{1,100}$/

/** Returns whether a text can be a Clarifai user id of an organization. It stands in a path, so dots alone are none. */
export function isUserId(text: string): boolean {
  return pattern.test(text) && /[^.]/.test(text)
}
