/** Returns a setting of the environment; nothing where there is none, as in some runtimes. */
export function environment(name: string): string | undefined {
  return typeof process === "object" ? process.env?.[name] : undefined
}
