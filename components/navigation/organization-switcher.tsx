"use client"

import { Check, ChevronsUpDown, Plus } from "lucide-react"
import Link from "next/link"
import { useState } from "react"
import {
  CreateOrganizationDialog,
  type CreateOrganizationProps,
} from "@/components/organization/create-organization"
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
  /** All organizations in which the person is an active member. */
  readonly organizations: readonly OrganizationRef[]
  /** Creates another organization; null without the permission. */
  readonly create: CreateOrganizationProps | null
}

/** Shows whose log this is, and leads to the person's other organizations. */
export function OrganizationSwitcher({ current, organizations, create }: OrganizationSwitcherProps) {
  const [isCreating, setCreating] = useState(false)
  if (organizations.length < 2 && create === null)
    return <span className="truncate px-1 text-sm font-medium">{current.name}</span>
  return (
    <>
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
          {create ? (
            <DropdownMenuItem className="border-t" onSelect={() => setCreating(true)}>
              <Plus aria-hidden="true" />
              Create organization
            </DropdownMenuItem>
          ) : null}
        </DropdownMenuContent>
      </DropdownMenu>
      {create ? <CreateOrganizationDialog {...create} open={isCreating} onOpenChange={setCreating} /> : null}
    </>
  )
}
