"use client"

import { Search, X } from "lucide-react"
import { useId, useState } from "react"
import { useLog } from "@/components/audit-log/log-context"
import { logPath } from "@/components/audit-log/question/address"
import { focusSearchBox, searchBoxId } from "@/components/audit-log/shortcuts/targets"
import { Button } from "@/components/ui/button"
import { Input } from "@/components/ui/input"
import { Kbd } from "@/components/ui/kbd"
import { textFault } from "@/lib/audit/query/fields"
import { lengthFault } from "@/lib/audit/query/length"
import { withText } from "@/lib/audit/query/question"
import { writeQuery } from "@/lib/audit/query/write"

/**
 * The box for free text: a part of a description, name, id, request or source. Enter searches; the form works without a
 * script.
 */
export function TextSearch() {
  const { slug, question, ask } = useLog()
  const asked = question.text ?? ""
  const [typed, setTyped] = useState(asked)
  const [known, setKnown] = useState(asked)
  const faultId = useId()
  if (known !== asked) {
    setKnown(asked)
    setTyped(asked)
  }
  const faultOf = (text: string) =>
    text.trim() === "" || text === asked ? null : (textFault(text) ?? lengthFault(withText(question, text)))
  const fault = faultOf(typed)
  const submit = (text: string) => {
    if (text !== asked && faultOf(text) === null) ask(withText(question, text))
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
        {[...writeQuery(withText(question, null))].map(([name, value]) => (
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
            if (event.key === "Escape" && typed !== asked) setTyped(asked)
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
          {typed.trim() !== "" && typed !== asked && !fault ? <Kbd>Enter</Kbd> : null}
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
