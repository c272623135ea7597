"use client"

import { X } from "lucide-react"
import type * as Radix from "radix-ui/dialog"
import { type ComponentProps, type ReactNode, type SyntheticEvent, useRef, useState } from "react"
import { Button } from "./button"
import { cn } from "./cn"
import { DirectedText } from "./directed-text"
import { type DemandProps, onDemand, ReadyTrigger } from "./on-demand"

const { Provider, useDemand } = onDemand(() => import("radix-ui/dialog"))

/** The Radix code for other dialogs (a sheet), once it is loaded. */
export const useDialogDemand = useDemand

/** A modal element: the page behind it is inert. */
export function Dialog({ children, ...props }: DemandProps & { readonly children: ReactNode }) {
  return (
    <Provider {...props}>
      {({ module, open, change }) =>
        module ? (
          <module.Root open={open} onOpenChange={change}>
            {children}
          </module.Root>
        ) : (
          children
        )
      }
    </Provider>
  )
}

/** What opens it. */
export function DialogTrigger(props: ComponentProps<typeof Radix.Trigger>) {
  const { module, ...demand } = useDemand()
  return module ? <module.Trigger {...props} /> : <ReadyTrigger popup="dialog" demand={demand} {...props} />
}

/** What closes it, from inside. */
export function DialogClose(props: ComponentProps<typeof Radix.Close>) {
  const { module } = useDemand()
  return module ? <module.Close {...props} /> : null
}

/** Detects that something was typed or chosen, and prevents closing the dialog without a question. */
function useInputGuard(isOn: boolean) {
  const [isAsking, setAsking] = useState(false)
  const hasInput = useRef(false)
  const notice = ({ target }: SyntheticEvent) => {
    // Text typed to search a list cannot be lost.
    if (isOn && !(target instanceof HTMLInputElement && target.type === "search")) hasInput.current = true
  }
  return {
    isAsking,
    keep: () => setAsking(false),
    handlers: {
      onInput: notice,
      onPaste: notice,
      onEscapeKeyDown: (event: Event) => {
        if (!isOn || !hasInput.current) return
        event.preventDefault()
        setAsking(!isAsking)
      },
      // Only a click: the focus also moves to a dialog on top of this one.
      onPointerDownOutside: (event: Event) => {
        if (!isOn || !hasInput.current) return
        event.preventDefault()
        setAsking(true)
      },
    },
  }
}

interface AskBeforeClosingProps {
  readonly onKeep: () => void
  readonly onDiscard: () => void
}

function AskBeforeClosing({ onKeep, onDiscard }: AskBeforeClosingProps) {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center justify-end gap-2 rounded-b-md border-t bg-denied-soft px-5 py-3"
    >
      <p className="mr-auto font-medium">Close this and lose what you entered?</p>
      <Button autoFocus onClick={onKeep}>
        Keep editing
      </Button>
      <Button variant="destructive" onClick={onDiscard}>
        Discard
      </Button>
    </div>
  )
}

/** The overlay between the page and something modal. */
export const overlayLook =
  "fixed inset-0 z-40 bg-overlay data-[state=open]:animate-appear data-[state=closed]:animate-vanish"

export interface DialogContentProps extends Omit<ComponentProps<typeof Radix.Content>, "title"> {
  readonly title: ReactNode
  readonly description?: ReactNode
  /** Whether the input is worth a question before it is lost; a password is not. */
  readonly guarded?: boolean
}

/**
 * A modal box with its title, the text under it, a close button and its actions. Once something was typed or checked in it,
 * Escape and a click outside ask before they close it.
 */
export function DialogContent({
  title,
  description,
  className,
  children,
  guarded = true,
  ...props
}: DialogContentProps) {
  const { module, change } = useDemand()
  const guard = useInputGuard(guarded)
  if (!module) return null
  return (
    <module.Portal>
      <module.Overlay className={overlayLook} />
      <module.Content
        className={cn(
          "fixed top-[max(1rem,10vh)] left-1/2 z-50 flex max-h-[min(85vh,calc(100vh-2rem))] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 flex-col",
          "rounded-md border bg-popover shadow-dialog outline-none data-[state=open]:animate-appear data-[state=closed]:animate-vanish",
          className,
        )}
        {...(description ? {} : { "aria-describedby": undefined })}
        {...guard.handlers}
        {...props}
      >
        <header className="grid gap-1 px-5 pt-4 pr-12 pb-3">
          <module.Title className="text-lg font-semibold wrap-anywhere">{directed(title)}</module.Title>
          {description ? (
            <module.Description className="text-muted-foreground text-pretty">
              {directed(description)}
            </module.Description>
          ) : null}
        </header>
        {children}
        {guard.isAsking ? <AskBeforeClosing onKeep={guard.keep} onDiscard={() => change(false)} /> : null}
        {/* Last in order, so that the focus enters at the content. */}
        <module.Close asChild>
          <Button variant="ghost" size="icon-sm" aria-label="Close" className="absolute! top-3 right-3">
            <X aria-hidden="true" />
          </Button>
        </module.Close>
      </module.Content>
    </module.Portal>
  )
}

function directed(words: ReactNode): ReactNode {
  return typeof words === "string" ? <DirectedText text={words} /> : words
}

/** The scrolling middle of a dialog. */
export function DialogBody({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("grid min-h-0 gap-4 overflow-y-auto px-5 py-1 pb-5", className)} {...props} />
}

/** The row of buttons at the end of a dialog; the primary one comes last. */
export function DialogFooter({ className, ...props }: ComponentProps<"div">) {
  return (
    <footer className={cn("flex flex-wrap justify-end gap-2 border-t px-5 py-3", className)} {...props} />
  )
}
