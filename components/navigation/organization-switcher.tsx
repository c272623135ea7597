"use client"

import { Check, ChevronsUpDown, Plus } from "lucide-react"
import Link from "next/link"
import { useState } from "react"
import type { CreateOrganizationProps } from "@/components/organization/create-organization-dialog"
import { Button } from "@/components/ui/button"
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu"
import { lazyPart } from "@/components/ui/lazy-part"
import type { OrganizationRef } from "@/lib/access/principal"

const CreateOrganizationDialog = lazyPart(
  () => import("@/components/organization/create-organization-dialog"),
  { floating: true },
)

export interface OrganizationSwitcherProps {
  readonly current: OrganizationRef
  /** All organizations in which the person is an active member. */
  readonly organizations: readonly OrganizationRef[]
  /** Creates another organization; null without the permission. */
  readonly create: CreateOrganizationProps | null
}

/** Shows whose log this is, and leads to the person's other organizations. */
export function OrganizationSwitcher({ current, organizations, create }: OrganizationSwitcherProps) {
  // Undefined until it is opened for the first time: until then its code is not loaded.
  const [isCreating, setCreating] = useState<boolean>()
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
      {create && isCreating !== undefined ? (
        <CreateOrganizationDialog
          {...create}
          open={isCreating}
          onOpenChange={setCreating}
          onGiveUp={() => setCreating(undefined)}
        />
      ) : null}
    </>
  )
}
