/** One way to send events, as a command for a terminal. */
export interface SendCommand {
  readonly id: string
  readonly label: string
  readonly explanation: string
  readonly text: string
}

const event = {
  operation: "door.open",
  actor: { type: "user", id: "ada", name: "Ada Lovelace" },
  targets: [{ type: "door", id: "front", name: "Front door" }],
  status: "success",
  description: "Ada Lovelace opened the front door",
}

/** Promise: the commands with the key in them, or `YOUR_API_KEY`; safe to paste, as nothing in them needs escaping. */
export function commandsFor(
  baseUrl: string,
  apiKey: string | null,
): readonly [SendCommand, ...SendCommand[]] {
  const key = apiKey ?? "YOUR_API_KEY"
  const head = `curl -sS ${baseUrl}/api/v1/events \\\n  -H 'Authorization: Bearer ${key}' \\\n`
  const second = { ...event, status: "denied", description: "Ada Lovelace was refused at the front door" }
  return [
    {
      id: "one",
      label: "One event",
      explanation: "The answer names the event's id and its place in the log. Committed means kept.",
      text: `${head}  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(event, null, 2)}'`,
    },
    {
      id: "many",
      label: "Many events",
      explanation:
        "One JSON object a line (NDJSON), up to 1,000 in a request; the answer has a result for each.",
      text: `printf '%s\\n' \\\n  '${JSON.stringify(event)}' \\\n  '${JSON.stringify(second)}' |\n${head}  -H 'Content-Type: application/x-ndjson' --data-binary @-`,
    },
    {
      id: "file",
      label: "A file",
      explanation: "Sends a file of events with progress and retries, and resumes where it stopped.",
      text: `npm run ingest -- events.ndjson --key ${key}`,
    },
  ]
}
