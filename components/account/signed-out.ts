const channel = "auditorium.session"
const over = "signed out"

/** Tells the other tabs of this browser that the session is over. */
export function tellSignedOut(): void {
  const others = new BroadcastChannel(channel)
  others.postMessage(over)
  others.close()
}

/** Hears of another tab that signed out. Returns what stops listening. */
export function onSignedOut(hear: () => void): () => void {
  const others = new BroadcastChannel(channel)
  others.onmessage = ({ data }) => {
    if (data === over) hear()
  }
  return () => others.close()
}
