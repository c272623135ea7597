"use client"

import { Button } from "@/components/ui/button"
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogTrigger } from "@/components/ui/dialog"
import { type SignOut, useSignOut } from "./use-sign-out"

export interface SignOutButtonsProps {
  readonly signOut: SignOut
  readonly signOutEverywhere: SignOut
}

/** The two ways out: of this browser, and of every one. */
export function SignOutButtons({ signOut, signOutEverywhere }: SignOutButtonsProps) {
  const [leaving, leave] = useSignOut(signOut)
  const [leavingEverywhere, leaveEverywhere] = useSignOut(signOutEverywhere)
  return (
    <div className="flex flex-wrap gap-2">
      <Button pending={leaving} onClick={leave}>
        Sign out
      </Button>
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
    </div>
  )
}
