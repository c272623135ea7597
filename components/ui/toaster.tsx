"use client"

import { Toaster as Primitive } from "sonner"

/** The list of passing messages, in our look. */
export function Toaster() {
  return (
    <Primitive
      className="font-sans"
      position="bottom-right"
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-center gap-2 rounded-md border bg-popover px-3 py-2.5 text-sm text-foreground shadow-popover",
          success: "[&_[data-icon]]:text-success",
          error: "[&_[data-icon]]:text-failure",
        },
      }}
    />
  )
}
