"use client"

import { type SignOut, useSignOut } from "@/components/account/use-sign-out"
import { Button } from "@/components/ui/button"

export interface OtherAccountProps {
  /** The signed-in person. */
  readonly email: string
  readonly signOut: SignOut
}

/** Shows which account is signed in, and opens the same link again without it. */
export function OtherAccount({ email, signOut }: OtherAccountProps) {
  const [leaving, leave] = useSignOut(signOut, "here")
  return (
    <div className="mt-3 grid gap-3 text-sm">
      <p className="text-pretty wrap-anywhere">
        You are signed in as <strong className="font-medium">{email}</strong>. Was the invitation sent to
        another address of yours? Sign out, and this page opens again.
      </p>
      <Button variant="primary" size="lg" pending={leaving} onClick={leave}>
        Sign out and open it again
      </Button>
    </div>
  )
}
