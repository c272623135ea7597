"use client"

import Link from "next/link"
import { usePathname } from "next/navigation"

/** The entry "Organization" of the top navigation. */
export function TopLink({ slug }: { readonly slug: string }) {
  const here = usePathname().startsWith(`/${slug}`)
  return (
    <Link
      href={`/${slug}`}
      // It leads to the first page of the navigation below, which is prefetched itself.
      prefetch={false}
      aria-current={here ? "true" : undefined}
      className="relative flex h-full items-center px-1 text-sm text-muted-foreground transition-colors hover:text-foreground aria-[current]:font-medium aria-[current]:text-foreground aria-[current]:after:absolute aria-[current]:after:inset-x-0 aria-[current]:after:-bottom-px aria-[current]:after:h-0.5 aria-[current]:after:bg-primary"
    >
      Organization
    </Link>
  )
}
