import { cva } from "class-variance-authority"

/** The look of a button, also for links that look like one. */
export const buttonVariants = cva(
  [
    "relative inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap",
    "transition-colors select-none disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none",
    "[&_svg]:pointer-events-none [&_svg]:shrink-0 [&_svg:not([class*=size-])]:size-4",
  ],
  {
    variants: {
      variant: {
        primary: "border-transparent bg-primary text-primary-foreground hover:bg-primary-hover",
        secondary: "border-border bg-card hover:bg-accent aria-expanded:bg-accent",
        ghost: "border-transparent hover:bg-accent aria-expanded:bg-accent",
        destructive:
          "border-transparent bg-destructive text-destructive-foreground hover:bg-destructive-hover",
        link: "border-transparent text-link underline-offset-4 hover:underline",
      },
      size: {
        xs: "h-6 px-2 text-xs [&_svg:not([class*=size-])]:size-3.5",
        sm: "h-7 px-2 text-sm [&_svg:not([class*=size-])]:size-3.5",
        md: "h-8 px-3 text-sm",
        lg: "h-9 px-4 text-base",
        "icon-xs": "size-6 [&_svg:not([class*=size-])]:size-3.5",
        "icon-sm": "size-7 [&_svg:not([class*=size-])]:size-3.5",
        icon: "size-8",
      },
    },
    compoundVariants: [{ variant: "link", className: "px-0" }],
    defaultVariants: { variant: "secondary", size: "md" },
  },
)
