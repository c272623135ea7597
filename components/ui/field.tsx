import { CircleAlert } from "lucide-react"
import { type ReactNode, useId } from "react"
import { cn } from "./cn"
import { Label } from "./label"

/** What a control needs so that its name, help and fault are announced with it. */
export interface FieldControl {
  readonly id: string
  readonly "aria-describedby": string | undefined
  readonly "aria-invalid": true | undefined
}

export interface FieldProps {
  readonly label: ReactNode
  /** Help that is always visible. */
  readonly description?: ReactNode
  /** What is wrong with the value, in words. */
  readonly error?: ReactNode
  /** Placed at the end of the label's line. */
  readonly aside?: ReactNode
  readonly className?: string
  readonly children: (control: FieldControl) => ReactNode
}

/** A control with its label, its help and, when there is one, its fault beside it. */
export function Field({ label, description, error, aside, className, children }: FieldProps) {
  const id = useId()
  const describedBy = [description ? `${id}-help` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ")
  return (
    <div className={cn("grid gap-1.5", className)}>
      <div className="flex items-baseline justify-between gap-2">
        <Label htmlFor={id}>{label}</Label>
        {aside}
      </div>
      {children({
        id,
        "aria-describedby": describedBy || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {description ? (
        <p id={`${id}-help`} className="text-xs text-muted-foreground">
          {description}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="flex items-start gap-1.5 text-xs text-failure">
          <CircleAlert aria-hidden="true" className="mt-px size-3.5 shrink-0" />
          <span>{error}</span>
        </p>
      ) : null}
    </div>
  )
}
