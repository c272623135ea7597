/** Calls once, later. The timer does not keep the process running. Returns how to call it off. */
export function later(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms)
  unref(timer)
  return () => clearTimeout(timer)
}

/** Calls again and again. The timer does not keep the process running. Returns how to stop it. */
export function every(ms: number, call: () => void): () => void {
  const timer = setInterval(call, ms)
  unref(timer)
  return () => clearInterval(timer)
}

/** Outside of Node a timer is a number, and nothing has to be done. */
function unref(timer: unknown): void {
  if (typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function")
    timer.unref()
}
