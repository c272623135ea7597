/** One way to send events, as a command for a terminal. */
export interface SendCommand {
  readonly id: string
  readonly label: string
  readonly explanation: string
  readonly text: string
}

/** The one example event: the console, the README and the page of the API show the same. */
export const exampleEvent = `{
  "operation": "door.open",
  "actor": {"type": "user", "id": "ada", "name": "Ada Lovelace"},
  "targets": [{"type": "door", "id": "front", "name": "Front door"}],
  "status": "success",
  "description": "Ada Lovelace opened the front door"
}`

// One event per line, short enough to read.
const lines = [
  `{"operation": "door.open", "actor": {"type": "user", "id": "ada"}, "status": "success"}`,
  `{"operation": "door.open", "actor": {"type": "user", "id": "bob"}, "status": "denied"}`,
]

/** Returns the commands with the key, or `YOUR_API_KEY`; safe to paste, as nothing in them needs escaping. */
export function commandsFor(
  baseUrl: string,
  apiKey: string | null,
): readonly [SendCommand, ...SendCommand[]] {
  const key = apiKey ?? "YOUR_API_KEY"
  const head = `curl -sS ${baseUrl}/api/v1/events \\\n  -H 'Authorization: Bearer ${key}' \\\n`
  return [
    {
      id: "one",
      label: "One event",
      explanation: "The answer names the event's id and its place in the log. Committed means kept.",
      text: `${head}  -H 'Content-Type: application/json' \\\n  -d '${exampleEvent}'`,
    },
    {
      id: "many",
      label: "Many events",
      explanation:
        "One JSON object a line (NDJSON), up to 1,000 in a request; the answer has a result for each.",
      text: `printf '%s\\n' \\\n${lines.map(line => `  '${line}' \\\n`).join("")}| ${head}  -H 'Content-Type: application/x-ndjson' --data-binary @-`,
    },
    {
      id: "file",
      label: "A file",
      explanation:
        "From a checkout of Auditorium: sends a file with progress and retries, and resumes where it stopped.",
      text: `AUDITORIUM_KEY=${key} \\\n  npm run ingest -- events.ndjson --url ${baseUrl}`,
    },
  ]
}
