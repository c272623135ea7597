/** The logo: rows of seats around a speaker. */
export function Logo({ className = "size-5" }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="7" className="fill-primary" />
      <g fill="none" className="stroke-primary-foreground" strokeWidth="2.6" strokeLinecap="round">
        <path d="M6.5 21a9.5 9.5 0 0 1 19 0" />
        <path d="M11 21a5 5 0 0 1 10 0" opacity=".75" />
      </g>
      <circle cx="16" cy="22.2" r="1.9" className="fill-primary-foreground" />
    </svg>
  )
}
