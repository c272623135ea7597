"use client"

import { Menu } from "lucide-react"
import { useState } from "react"
import { Button } from "@/components/ui/button"
import { Sheet, SheetContent, SheetTrigger } from "@/components/ui/sheet"
import { SideNavigation, type SideNavigationProps } from "./side-navigation"

/** The left navigation of a narrow screen: a button, and a panel that closes when a link is followed. */
export function NarrowNavigation(props: SideNavigationProps) {
  const [open, setOpen] = useState(false)
  return (
    <Sheet open={open} onOpenChange={setOpen}>
      <SheetTrigger asChild>
        <Button variant="ghost" size="icon" aria-label="Navigation" className="lg:hidden">
          <Menu aria-hidden="true" />
        </Button>
      </SheetTrigger>
      <SheetContent side="left" title="Organization" className="w-72">
        <SideNavigation {...props} onFollow={() => setOpen(false)} />
      </SheetContent>
    </Sheet>
  )
}
