/** The box of everything that floats beside its trigger. */
export const floatingLook =
  "z-50 rounded-md border bg-popover text-foreground shadow-popover data-[state=open]:animate-appear data-[state=closed]:animate-vanish"
