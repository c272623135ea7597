import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from "lucide-react"
import type { ReactNode } from "react"
import { cn } from "./cn"

type AlertTone = "info" | "success" | "warning" | "failure"

const looks: Readonly<
  Record<AlertTone, { readonly icon: LucideIcon; readonly box: string; readonly ink: string }>
> = {
  info: { icon: Info, box: "border-border bg-muted", ink: "text-muted-foreground" },
  success: { icon: CircleCheck, box: "border-success/25 bg-success-soft", ink: "text-success" },
  warning: { icon: TriangleAlert, box: "border-denied/25 bg-denied-soft", ink: "text-denied" },
  failure: { icon: CircleAlert, box: "border-failure/25 bg-failure-soft", ink: "text-failure" },
}

export interface AlertProps {
  readonly tone?: AlertTone
  readonly title?: ReactNode
  /** An action, at the end. */
  readonly action?: ReactNode
  /** `alert` interrupts a screen reader, `status` waits; none for a message that was there from the beginning. */
  readonly role?: "alert" | "status"
  readonly className?: string
  readonly children?: ReactNode
}

/** A message that stays in the page: what happened, to what, and what can be done. */
export function Alert({ tone = "info", title, action, role, className, children }: AlertProps) {
  const { icon: Icon, box, ink } = looks[tone]
  return (
    <div
      role={role}
      className={cn("flex items-start gap-2.5 rounded-md border px-3 py-2.5 text-sm", box, className)}
    >
      <Icon aria-hidden="true" className={cn("mt-0.5 size-4 shrink-0", ink)} />
      <div className="grid min-w-0 flex-1 gap-0.5">
        {title ? <p className="font-medium">{title}</p> : null}
        {children ? <div className="text-pretty wrap-anywhere">{children}</div> : null}
      </div>
      {action}
    </div>
  )
}
