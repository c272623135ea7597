/** The position of the panel when it does not cover the whole screen. */
export const drawerLook =
  "z-20 flex flex-col print:hidden border-l bg-card max-xl:fixed max-xl:top-header max-xl:right-0 max-xl:bottom-0 max-xl:shadow-dialog w-full max-w-120 xl:sticky xl:top-header xl:h-[calc(100dvh-var(--spacing-header))] xl:w-120 xl:shrink-0"
