"use client"

import { Component, type ComponentType, lazy, type ReactNode, Suspense, useState } from "react"
import { LoadFailure } from "./load-failure"

export interface LazyPartOptions {
  /** Shown until the code is loaded. */
  readonly fallback?: ReactNode
  /** Shows a failure to load the code over the page, for a part without a place of its own. */
  readonly floating?: boolean
  /** Shows the notice of a failure in the place of the part. */
  readonly frame?: (notice: ReactNode) => ReactNode
  /** Shows nothing when the code cannot be loaded: the page does without the part until it is rendered again. */
  readonly silent?: boolean
}

/** What every lazy part takes besides its own properties. */
export interface LazyPartProps {
  /** Called when the code could not be loaded and the reader dismissed the notice. */
  readonly onGiveUp?: () => void
}

type Load<Props> = () => Promise<{ readonly default: ComponentType<Props> }>

/**
 * Returns a component whose code is loaded when it is first rendered, or when `prepare` is called. When that fails only
 * this part says so; trying again imports again, which React's own `lazy` never does.
 */
export function lazyPart<Props extends object>(load: Load<Props>, options: LazyPartOptions = {}) {
  const attempt = () => lazy(() => load().catch(refuse))
  let latest = attempt()

  function LazyPart({ onGiveUp, ...props }: Props & LazyPartProps) {
    const [tried, setTried] = useState({ Part: latest, count: 0 })
    const { Part, count } = tried
    // The rest are the part's own properties; the compiler cannot infer that.
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

/** The code of a part could not be loaded; an error of the part itself is handled elsewhere. */
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

/** Only classes can catch errors. Our own failures are passed on to the page's error screen. */
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
