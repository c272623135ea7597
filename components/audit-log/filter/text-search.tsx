"use client"

import { Search, X } from "lucide-react"
import { useId, useState } from "react"
import { logPath } from "@/components/audit-log/query/address"
import { useLogQuery } from "@/components/audit-log/query-context"
import { focusSearchBox, searchBoxId } from "@/components/audit-log/shortcuts/targets"
import { Button } from "@/components/ui/button"
import { Input } from "@/components/ui/input"
import { Kbd } from "@/components/ui/kbd"
import { textFault } from "@/lib/audit/query/fields"
import { lengthFault } from "@/lib/audit/query/length"
import { withText } from "@/lib/audit/query/query"
import { writeQuery } from "@/lib/audit/query/write"

/**
 * The box for free text: a part of a description, name, id, request or source. Enter searches; the form works without a
 * script.
 */
export function TextSearch() {
  const { slug, query, ask } = useLogQuery()
  const searched = query.text ?? ""
  const [typed, setTyped] = useState(searched)
  const [known, setKnown] = useState(searched)
  const faultId = useId()
  if (known !== searched) {
    setKnown(searched)
    setTyped(searched)
  }
  const faultOf = (text: string) =>
    text.trim() === "" || text === searched ? null : (textFault(text) ?? lengthFault(withText(query, text)))
  const fault = faultOf(typed)
  const submit = (text: string) => {
    if (text !== searched && faultOf(text) === null) ask(withText(query, text))
  }

  return (
    <search className="relative min-w-40 flex-1 basis-44">
      <form
        action={logPath(slug)}
        onSubmit={event => {
          event.preventDefault()
          submit(typed)
        }}
      >
        {[...writeQuery(withText(query, null))].map(([name, value]) => (
          <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
        ))}
        <Search
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-muted-foreground"
        />
        <Input
          id={searchBoxId}
          name="text"
          value={typed}
          onChange={event => setTyped(event.target.value)}
          onKeyDown={event => {
            if (event.key === "Escape" && typed !== searched) setTyped(searched)
          }}
          aria-label="Search text, names and ids"
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? faultId : undefined}
          placeholder="Search text, names and ids"
          autoComplete="off"
          spellCheck={false}
          className={typed === "" ? "pl-8" : "pr-18 pl-8"}
        />
        <span className="absolute top-1/2 right-1 flex -translate-y-1/2 items-center gap-1">
          {typed.trim() !== "" && typed !== searched && !fault ? <Kbd>Enter</Kbd> : null}
          {typed === "" ? null : (
            <Button
              variant="ghost"
              size="icon-xs"
              aria-label="Clear the search text"
              onClick={() => {
                setTyped("")
                submit("")
                focusSearchBox()
              }}
            >
              <X aria-hidden="true" />
            </Button>
          )}
        </span>
      </form>
      {fault ? (
        <p id={faultId} role="alert" className="mt-1 text-xs text-failure">
          The text {fault}.
        </p>
      ) : null}
    </search>
  )
}
