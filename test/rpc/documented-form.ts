/**
 * Returns what Clarifai's own package has decoded, of its stub or its static client, in the form that Clarifai's page documents:
 * names in snake_case, times as text, and nothing that is empty.
 */
export function documentedForm(decoded: unknown): Readonly<Record<string, unknown>> {
  const form = formOf(decoded)
  return { entries: [], ...(typeof form === "object" ? form : {}) }
}

function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(formOf)
  if (typeof value !== "object" || value === null) return value
  if ("seconds" in value && "nanos" in value) return timeOf(Number(value.seconds), Number(value.nanos))
  const members = Object.entries(value)
    // The name of the member that a oneof holds is not on the wire.
    .filter(([name, member]) => name !== "target" || typeof member === "object")
    .map(([name, member]) => [nameOf(name), formOf(member)] as const)
  return Object.fromEntries(members.filter(([, member]) => !isEmpty(member)))
}

function nameOf(name: string): string {
  return name.replace(/List$/, "").replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}

function isEmpty(value: unknown): boolean {
  if (
    value === undefined ||
    value === null ||
    value === "" ||
    value === 0 ||
    value === false ||
    value === "0"
  )
    return true
  return Array.isArray(value) && value.length === 0
}

function timeOf(seconds: number, nanos: number): string {
  const whole = new Date(seconds * 1_000).toISOString().slice(0, 19)
  return `${whole}.${String(nanos / 1_000).padStart(6, "0")}Z`
}

/** Returns an entry of the page without the empty lists and texts, which are in the JSON form only. */
export function withoutEmpty(entry: object): unknown {
  return formOf(entry)
}
