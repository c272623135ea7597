"use client"

import { Check, ChevronsUpDown, Plus } from "lucide-react"
import Link from "next/link"
import { Button } from "@/components/ui/button"
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu"
import type { OrganizationRef } from "@/lib/access/principal"

export interface OrganizationSwitcherProps {
  readonly current: OrganizationRef
  /** All that the person is an active member of. */
  readonly organizations: readonly OrganizationRef[]
  /** They may make another one. */
  readonly mayCreate: boolean
}

/** Says whose log this is, and leads to the person's other organizations. */
export function OrganizationSwitcher({ current, organizations, mayCreate }: OrganizationSwitcherProps) {
  if (organizations.length < 2 && !mayCreate)
    return <span className="truncate px-1 text-sm font-medium">{current.name}</span>
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          variant="ghost"
          size="sm"
          className="min-w-0 shrink!"
          aria-label={`Organization: ${current.name}`}
        >
          <span className="truncate">{current.name}</span>
          <ChevronsUpDown aria-hidden="true" className="text-muted-foreground" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent inPlace className="max-w-80 min-w-56">
        <DropdownMenuLabel>Organizations</DropdownMenuLabel>
        {organizations.map(({ id, slug, name }) => (
          <DropdownMenuItem key={id} asChild>
            <Link href={`/${slug}`} aria-current={id === current.id ? "true" : undefined}>
              <span className="min-w-0 flex-1 truncate">{name}</span>
              {id === current.id ? <Check aria-hidden="true" /> : null}
            </Link>
          </DropdownMenuItem>
        ))}
        {mayCreate ? (
          <DropdownMenuItem asChild>
            <Link href={`/${current.slug}/admin/settings/organization#another`} className="border-t">
              <Plus aria-hidden="true" />
              Create organization
            </Link>
          </DropdownMenuItem>
        ) : null}
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
