import type { ComboboxOption } from "@/components/ui/combobox-list"
import type { Choice } from "@/lib/audit/store"
import { Frequency } from "./frequency"

interface VerbOption {
  readonly value: string
  readonly name: string
  /** Other words that people type for it. */
  readonly words: string
}

/** Verbs, whatever their object: people look for these before they know the name of an operation. */
const verbs: readonly VerbOption[] = [
  { value: "*.create", name: "create", words: "created new made" },
  { value: "*.update", name: "update", words: "updated changed edited modified" },
  { value: "*.delete", name: "delete", words: "deleted destroyed" },
  { value: "*.read", name: "read", words: "viewed get" },
  { value: "user_session.create", name: "sign in", words: "login log in logon signed in" },
  { value: "user_session.delete", name: "sign out", words: "logout log out logoff signed out" },
  { value: "*.add", name: "add", words: "added" },
  { value: "*.remove", name: "remove", words: "removed" },
  { value: "*.export", name: "export", words: "exported downloaded" },
]
/** The verbs that are listed before anything is typed. */
const common = 5

/** Returns the verbs that contain the typed text, each with the number of counted events that have it. */
export function verbOptions(choices: readonly Choice[], typed: string): readonly ComboboxOption[] {
  const needle = typed.toLowerCase()
  const offered = needle === "" ? verbs.slice(0, common) : verbs
  return offered
    .filter(({ value, name, words }) => `${name} ${words} ${value}`.includes(needle))
    .map(({ value, name, words }) => ({
      value,
      label: value.startsWith("*.") ? `Any ${name}` : name.charAt(0).toUpperCase() + name.slice(1),
      searchText: `${name} ${words} ${value}`,
      hint: <Hint value={value} choices={choices} />,
    }))
}

function Hint({ value, choices }: { readonly value: string; readonly choices: readonly Choice[] }) {
  const meant = choices.filter(choice =>
    value.startsWith("*.") ? choice.value.endsWith(value.slice(1)) : choice.value === value,
  )
  const count = meant.reduce((sum, choice) => sum + (choice.count ?? 0), 0)
  return (
    <>
      <span className="font-data">{value}</span>
      {count > 0 ? <Frequency count={count} /> : null}
    </>
  )
}
