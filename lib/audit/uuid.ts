// Apart from ids.ts, which needs Node: a page in the browser asks as well whether a text can be an id.

/** A UUID of any version, in either case. The nil and the max UUID name nothing and are none. */
export const uuidPattern =
  /^(?!0{8}-0{4}-0{4}-0{4}-0{12}|[fF]{8}-[fF]{4}-[fF]{4}-[fF]{4}-[fF]{12})[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/

/** The UUID that names nothing. */
export const nilUuid = "00000000-0000-0000-0000-000000000000"

/** Tells whether a text is a UUID by which something can be named. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text)
}

const shape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Tells whether a text has the shape of a UUID, so that a database takes it for one: the nil and the max UUID as well. */
export function hasUuidShape(text: string): boolean {
  return shape.test(text)
}
