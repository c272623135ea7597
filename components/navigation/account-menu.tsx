"use client"

import { LogOut, UserRound } from "lucide-react"
import Link from "next/link"
import { type SignOut, useSignOut } from "@/components/account/use-sign-out"
import { ThemeChoice } from "@/components/theme/theme-choice"
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu"
import { initials } from "./initials"

export interface AccountMenuProps {
  readonly name: string
  readonly email: string
  readonly signOut: SignOut
}

/** The signed-in person, their account, the theme, and signing out. */
export function AccountMenu({ name, email, signOut }: AccountMenuProps) {
  const [, leave] = useSignOut(signOut)
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label={`Account: ${name}`}
        className="grid size-7 place-items-center rounded-full bg-primary-soft text-2xs font-semibold text-link transition-colors hover:bg-accent"
      >
        <span aria-hidden="true">{initials(name, email)}</span>
      </DropdownMenuTrigger>
      <DropdownMenuContent inPlace align="end" className="w-60">
        <div className="px-2 py-1.5">
          <p className="truncate text-sm font-medium">{name}</p>
          <p className="truncate text-xs text-muted-foreground">{email}</p>
        </div>
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <Link href="/account">
            <UserRound aria-hidden="true" />
            Account
          </Link>
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <ThemeChoice />
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={leave}>
          <LogOut aria-hidden="true" />
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
