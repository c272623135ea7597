"use client"

import { Component, type ComponentType, lazy, type ReactNode, Suspense, useState } from "react"
import { LoadFailure } from "./load-failure"

export interface LazyPartOptions {
  /** Shown until the code is there. */
  readonly fallback?: ReactNode
  /** Stands over the page when the code cannot be fetched, for a part without a place of its own. */
  readonly floating?: boolean
  /** Puts the notice of a failure into the place that the part would have had. */
  readonly frame?: (notice: ReactNode) => ReactNode
  /** Says nothing when the code cannot be fetched: the page does without the part until it is drawn anew. */
  readonly silent?: boolean
}

/** What every lazy part takes beside its own properties. */
export interface LazyPartProps {
  /** Called when the code could not be fetched and the reader leaves it at that. */
  readonly onGiveUp?: () => void
}

type Load<Props> = () => Promise<{ readonly default: ComponentType<Props> }>

/**
 * Makes a component whose code is fetched when it is drawn first, or when `prepare` is called. When that fails only this part
 * says so; trying again imports again, which React's own `lazy` never does.
 */
export function lazyPart<Props extends object>(load: Load<Props>, options: LazyPartOptions = {}) {
  const attempt = () => lazy(() => load().catch(refuse))
  let latest = attempt()

  function LazyPart({ onGiveUp, ...props }: Props & LazyPartProps) {
    const [tried, setTried] = useState({ Part: latest, count: 0 })
    const { Part, count } = tried
    // What is left are the part's own properties; the compiler does not follow that.
    const own = props as unknown as Props
    const notice = (
      <LoadFailure
        floating={options.floating}
        onRetry={() => setTried({ Part: latest, count: count + 1 })}
        onDismiss={onGiveUp}
      />
    )
    const failed = options.silent ? null : (options.frame?.(notice) ?? notice)
    return (
      <PartBoundary
        key={count}
        failed={failed}
        onFailure={() => {
          latest = attempt()
        }}
      >
        <Suspense fallback={options.fallback ?? null}>
          <Part {...own} />
        </Suspense>
      </PartBoundary>
    )
  }

  return Object.assign(LazyPart, { prepare: () => void load().catch(ignore) })
}

/** The code of a part could not be fetched; an error of the part itself is another matter. */
class PartNotLoaded extends Error {}

function refuse(cause: unknown): never {
  throw new PartNotLoaded("The code of a part of the page could not be fetched", { cause })
}

function ignore(): void {}

interface BoundaryProps {
  readonly failed: ReactNode
  readonly onFailure: () => void
  readonly children: ReactNode
}

/** Only classes can catch. A fault of ours is passed on to the page's own error screen. */
class PartBoundary extends Component<BoundaryProps, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override componentDidCatch(error: unknown) {
    if (error instanceof PartNotLoaded) this.props.onFailure()
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    if (error instanceof PartNotLoaded) return this.props.failed
    throw error
  }
}
