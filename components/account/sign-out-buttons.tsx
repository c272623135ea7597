"use client"

import { useState, useTransition } from "react"
import { Button } from "@/components/ui/button"
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogTrigger } from "@/components/ui/dialog"

export interface SignOutButtonsProps {
  readonly signOut: () => Promise<void>
  readonly signOutEverywhere: () => Promise<void>
}

/** The two ways out: of this browser, and of every one. */
export function SignOutButtons({ signOut, signOutEverywhere }: SignOutButtonsProps) {
  const [pending, start] = useTransition()
  const [open, setOpen] = useState(false)
  return (
    <div className="flex flex-wrap gap-2">
      <Button pending={pending && !open} onClick={() => start(signOut)}>
        Sign out
      </Button>
      <Dialog open={open} onOpenChange={setOpen}>
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
            <Button variant="destructive" pending={pending} onClick={() => start(signOutEverywhere)}>
              Sign out everywhere
            </Button>
          </DialogFooter>
        </DialogContent>
      </Dialog>
    </div>
  )
}
