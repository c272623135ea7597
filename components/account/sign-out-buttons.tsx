"use client"

import { Button } from "@/components/ui/button"
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogTrigger } from "@/components/ui/dialog"
import { type SignOut, useSignOut } from "./use-sign-out"

/** Ends the session of this browser. */
export function SignOutButton({ signOut }: { readonly signOut: SignOut }) {
  const [leaving, leave] = useSignOut(signOut)
  return (
    <Button size="sm" pending={leaving} onClick={leave}>
      Sign out
    </Button>
  )
}

/** Ends the sessions of all browsers, including this one. */
export function SignOutEverywhere({ signOutEverywhere }: { readonly signOutEverywhere: SignOut }) {
  const [leavingEverywhere, leaveEverywhere] = useSignOut(signOutEverywhere)
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button>Sign out everywhere</Button>
      </DialogTrigger>
      <DialogContent
        title="Sign out everywhere?"
        description="Every browser in which you are signed in, this one included, has to sign in again. API keys go on working."
      >
        <DialogFooter>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button variant="destructive" pending={leavingEverywhere} onClick={leaveEverywhere}>
            Sign out everywhere
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}
