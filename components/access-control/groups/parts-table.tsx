"use client"

import { type LucideIcon, SearchX } from "lucide-react"
import { type ReactNode, useState } from "react"
import { ListToolbar } from "@/components/access-control/list-toolbar"
import { ConfirmAction } from "@/components/form/confirm-action"
import type { Submit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { Checkbox } from "@/components/ui/checkbox"
import { matches } from "@/components/ui/choice-list"
import { EmptyState } from "@/components/ui/empty-state"
import {
  Table,
  TableBody,
  TableCaption,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table"
import { counted, inWords, type Nouns } from "./group"

/** A part of a group, as a row. */
export interface PartRow {
  readonly id: string
  readonly name: string
  /** The text that the search covers, besides the name. */
  readonly words: readonly string[]
  readonly cells: readonly ReactNode[]
}

export interface PartsTableProps {
  readonly groupName: string
  readonly nouns: Nouns
  /** Headings of the columns; those of the cells. */
  readonly heads: readonly string[]
  readonly rows: readonly PartRow[]
  /** The button and the dialog that add. */
  readonly add: ReactNode
  readonly icon: LucideIcon
  readonly emptyTitle: string
  /** Shown when the group has no parts of this kind. */
  readonly empty: ReactNode
  /** Removes the parts with these ids. */
  readonly remove: Submit<unknown, readonly string[]>
  /** The effect of removing these, in sentences. */
  readonly consequence: (rows: readonly PartRow[]) => ReactNode
}

/** The parts of one kind of a group: filtered while typing, removed one by one or several at once. */
export function PartsTable(props: PartsTableProps) {
  const { groupName, nouns, heads, rows, add, icon, emptyTitle, empty } = props
  const [typed, setTyped] = useState("")
  const [ticked, setTicked] = useState<readonly string[]>([])
  if (rows.length === 0) {
    return (
      <div className="rounded-md border bg-card">
        <EmptyState icon={icon} title={emptyTitle} level={3} actions={add} className="py-10!">
          {empty}
        </EmptyState>
      </div>
    )
  }
  const shown = rows.filter(({ name, words }) => matches(typed, name, ...words))
  // Only parts that still exist and are visible count as selected.
  const selected = shown.filter(({ id }) => ticked.includes(id))
  const isAll = shown.length > 0 && selected.length === shown.length
  const tick = (id: string, isTicked: boolean) =>
    setTicked(isTicked ? [...ticked, id] : ticked.filter(each => each !== id))
  return (
    <div className="grid gap-3">
      <ListToolbar
        searchLabel={`Search ${nouns[1]}`}
        typed={typed}
        onType={next => {
          setTyped(next)
          setTicked([])
        }}
        action={add}
      />
      {selected.length > 0 ? (
        <div className="flex flex-wrap items-center gap-2 rounded-md border bg-muted px-3 py-1.5 text-sm">
          <span role="status" className="mr-auto">
            {counted(selected.length, nouns)} selected
          </span>
          <Button size="sm" variant="ghost" onClick={() => setTicked([])}>
            Clear
          </Button>
          <RemoveParts
            {...props}
            trigger={<Button size="sm">Remove selected</Button>}
            chosen={selected}
            onDone={() => setTicked([])}
          />
        </div>
      ) : null}
      {shown.length === 0 ? (
        <div className="rounded-md border bg-card">
          <EmptyState icon={SearchX} title={`No ${nouns[0]} is like that`} level={3} className="py-10!" />
        </div>
      ) : (
        <div className="overflow-x-auto rounded-md border bg-card">
          <Table className="table-stacked">
            <TableCaption>
              {nouns[1]} of the group {groupName}.
            </TableCaption>
            <TableHeader>
              <tr>
                <TableHead className="w-8 pr-0!">
                  <Checkbox
                    aria-label={`Select all ${nouns[1]}`}
                    className="align-middle max-sm:hidden"
                    checked={isAll}
                    onChange={event => setTicked(event.target.checked ? shown.map(({ id }) => id) : [])}
                  />
                </TableHead>
                {heads.map(head => (
                  <TableHead key={head}>{head}</TableHead>
                ))}
                <TableHead>
                  <span className="sr-only">Actions</span>
                </TableHead>
              </tr>
            </TableHeader>
            <TableBody>
              {shown.map(row => (
                <TableRow key={row.id} className="relative hover:bg-muted">
                  <TableCell className="w-8 pr-0! max-sm:absolute max-sm:top-3 max-sm:right-3 max-sm:w-auto">
                    <Checkbox
                      aria-label={`Select ${row.name}`}
                      className="align-middle"
                      checked={ticked.includes(row.id)}
                      onChange={event => tick(row.id, event.target.checked)}
                    />
                  </TableCell>
                  {row.cells.map((cell, column) => (
                    <TableCell key={heads[column]} data-label={column === 0 ? undefined : heads[column]}>
                      {cell}
                    </TableCell>
                  ))}
                  <TableCell className="text-right">
                    <RemoveParts
                      {...props}
                      trigger={
                        <Button size="sm" aria-label={`Remove ${row.name}`}>
                          Remove
                        </Button>
                      }
                      chosen={[row]}
                    />
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
      )}
    </div>
  )
}

type RemovePartsProps = Pick<PartsTableProps, "groupName" | "nouns" | "remove" | "consequence"> & {
  readonly trigger: ReactNode
  readonly chosen: readonly PartRow[]
  readonly onDone?: () => void
}

function RemoveParts({ groupName, nouns, remove, consequence, trigger, chosen, onDone }: RemovePartsProps) {
  const names = chosen.map(({ name }) => name)
  const what = chosen.length > 3 ? counted(chosen.length, nouns) : inWords(names)
  return (
    <ConfirmAction
      trigger={trigger}
      title={`Remove ${what} from ${groupName}?`}
      confirmLabel="Remove"
      destructive
      action={remove}
      input={chosen.map(({ id }) => id)}
      done={`${what} removed from ${groupName}`}
      onDone={onDone}
    >
      {chosen.length > 3 ? <p>{inWords(names, 20)}.</p> : null}
      {consequence(chosen)}
    </ConfirmAction>
  )
}
