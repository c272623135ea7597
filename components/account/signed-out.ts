const channel = "auditorium.session"
const over = "signed out"

/** Tells the other tabs of this browser that the session has ended. */
export function tellSignedOut(): void {
  const others = new BroadcastChannel(channel)
  others.postMessage(over)
  others.close()
}

/** Listens for a sign-out in another tab. Returns a function that stops listening. */
export function onSignedOut(hear: () => void): () => void {
  const others = new BroadcastChannel(channel)
  others.onmessage = ({ data }) => {
    if (data === over) hear()
  }
  return () => others.close()
}
