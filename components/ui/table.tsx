import type { ComponentProps } from "react"
import { cn } from "./cn"

/** A real table, 13 px. Put it in a scrolling box when it may be wider than its container. */
export function Table({ className, ...props }: ComponentProps<"table">) {
  return <table className={cn("w-full border-collapse text-sm", className)} {...props} />
}

/** Describes what the table lists; hidden unless `className` shows it. */
export function TableCaption({ className = "sr-only", ...props }: ComponentProps<"caption">) {
  return <caption className={className} {...props} />
}

/** The rows of headings. */
export function TableHeader({ className, ...props }: ComponentProps<"thead">) {
  return <thead className={cn("border-b", className)} {...props} />
}

/** The rows of content. */
export function TableBody({ className, ...props }: ComponentProps<"tbody">) {
  return <tbody className={cn("[&>tr:not(:last-child)]:border-b", className)} {...props} />
}

/** One row. */
export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={cn("h-row", className)} {...props} />
}

/** The heading of a column. */
export function TableHead({ className, scope = "col", ...props }: ComponentProps<"th">) {
  return (
    <th
      scope={scope}
      className={cn(
        "h-8 px-3 text-left align-middle text-xs font-medium whitespace-nowrap text-muted-foreground",
        className,
      )}
      {...props}
    />
  )
}

/** One cell. */
export function TableCell({ className, ...props }: ComponentProps<"td">) {
  return <td className={cn("px-3 py-1.5 align-middle", className)} {...props} />
}
