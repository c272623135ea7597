"use client"

import { Slot } from "radix-ui/slot"
import { type ComponentProps, createContext, type ReactNode, use, useEffect, useState } from "react"
import { LoadFailure } from "./load-failure"

/** An element that opens and closes, and its code, once it is loaded. */
interface Demand<Module> {
  readonly module: Module | undefined
  readonly open: boolean
  readonly change: (open: boolean) => void
  /** Loads the code, when it is likely to be needed. */
  readonly prepare: () => void
}

export interface DemandProps {
  readonly open?: boolean
  readonly defaultOpen?: boolean
  readonly onOpenChange?: (open: boolean) => void
}

interface ProviderProps<Module> extends DemandProps {
  readonly children: (demand: Demand<Module>) => ReactNode
}

/**
 * Keeps the code of something that opens out of the first load of a page: it is loaded when the pointer or the focus comes
 * near its trigger, and controls the trigger once it is opened. When it cannot be loaded, a notice over the page says so
 * and offers to try again; the rest of the page is not affected.
 */
export function onDemand<Module extends object>(load: () => Promise<Module>) {
  const Context = createContext<Demand<Module> | null>(null)

  function Provider({ open, defaultOpen = false, onOpenChange, children }: ProviderProps<Module>) {
    const [ownOpen, setOwnOpen] = useState(defaultOpen)
    const [fetched, setFetched] = useState<{ readonly module?: Module; readonly failed?: boolean }>({})
    const isOpen = open ?? ownOpen
    const isMissing = isOpen && fetched.module === undefined
    const { failed } = fetched
    useEffect(() => {
      if (!isMissing || failed) return
      let wanted = true
      load().then(
        module => wanted && setFetched({ module }),
        () => wanted && setFetched({ failed: true }),
      )
      return () => {
        wanted = false
      }
    }, [isMissing, failed])

    const change = (next: boolean) => {
      if (fetched.failed) setFetched({})
      if (open === undefined) setOwnOpen(next)
      onOpenChange?.(next)
    }
    const prepare = () => void load().catch(() => undefined)
    const isFailed = isMissing && failed === true
    const demand = { module: fetched.module, open: isOpen && !isFailed, change, prepare }
    return (
      <Context value={demand}>
        {children(demand)}
        {isFailed ? (
          <LoadFailure floating onRetry={() => setFetched({})} onDismiss={() => change(false)} />
        ) : null}
      </Context>
    )
  }

  function useDemand(): Demand<Module> {
    const demand = use(Context)
    if (demand === null) throw new Error("a part that opens stands outside of what it belongs to")
    return demand
  }

  return { Provider, useDemand }
}

export interface ReadyTriggerProps extends ComponentProps<"button"> {
  readonly asChild?: boolean
  readonly popup: "dialog" | "menu"
  readonly demand: Pick<Demand<unknown>, "open" | "change" | "prepare">
}

/** The trigger before the first opening: it has the same look and name, and loads the code in advance. */
export function ReadyTrigger({ asChild, popup, demand, ...props }: ReadyTriggerProps) {
  const Trigger = asChild ? Slot : "button"
  return (
    <Trigger
      type="button"
      aria-haspopup={popup}
      aria-expanded={demand.open}
      {...props}
      onPointerEnter={event => {
        props.onPointerEnter?.(event)
        demand.prepare()
      }}
      onFocus={event => {
        props.onFocus?.(event)
        demand.prepare()
      }}
      onClick={event => {
        props.onClick?.(event)
        if (!event.defaultPrevented) demand.change(true)
      }}
      onKeyDown={event => {
        props.onKeyDown?.(event)
        if (popup !== "menu" || event.key !== "ArrowDown") return
        event.preventDefault()
        demand.change(true)
      }}
    />
  )
}
