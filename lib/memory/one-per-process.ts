/**
 * Returns a function that returns the one value of that name in this process, created at the first call. The bundler may
 * load a module more than once in a process; what such a module keeps in a variable exists once for each copy. State that
 * depends on the environment or the database is a member of the platform instead.
 */
export function onePerProcess<Value>(name: string, create: () => Value): () => Value {
  const key = Symbol.for(`auditorium.${name}`)
  // The one cast: only this function sets the values of our own symbols.
  const holder = globalThis as { [key]?: { readonly value: Value } }
  return () => {
    holder[key] ??= { value: create() }
    return holder[key].value
  }
}
