import type { Command } from "./commands"

/** Returns the help text of all commands. */
export function usage(commands: readonly Command[]): string {
  return [
    "npm run admin -- <command> [options] [--json]",
    "",
    "Acts on the database of DATABASE_URL, or else on the embedded one in DATA_DIR (.data). Whatever it changes is an event",
    "in the organization's own log. --json prints what was found or made for programs, and errors as JSON.",
    ...commands.flatMap(command => ["", ...describe(command)]),
    "",
    "Ends with 0 when it was done, 1 when it was refused, 2 when the command was not understood.",
  ].join("\n")
}

function describe({ words, summary, options }: Command): string[] {
  const entries = Object.entries(options).map(([name, option]) => {
    const form = `--${name}${option.hint ? ` ${option.hint}` : ""}`
    return { form, means: option.means, isOptional: !option.required }
  })
  const width = Math.max(0, ...entries.map(({ form }) => form.length))
  return [
    words.join(" "),
    `    ${summary}`,
    ...entries.map(
      ({ form, means, isOptional }) =>
        `      ${form.padEnd(width)}  ${isOptional ? "optional: " : ""}${means}`,
    ),
  ]
}
