import { mapped } from "./engine/mapped"
import { asSent } from "./native-events"

/**
 * Our own events: what the API accepts goes through untouched but for an id, so that sending it twice is harmless; what the JSON
 * Lines export wrote becomes what was sent. What is wrong in an event is for the API to say.
 */
export const native = mapped({
  name: "auditorium",
  title: "Auditorium's own events and its JSON Lines export",
  documentation: "docs/api.md",
  word: "event",
  recognises: [
    { operation: /^[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)+$/, actor: "there" },
    { operation: "there", actor: "object" },
  ],
  records: [{}],
  fault: "is no event",
  asSent,
  fills: { who: 1, what: 1, when: 0.75, where: 0.5, target: 0.75, outcome: 1 },
})
