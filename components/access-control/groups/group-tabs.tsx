import Link from "next/link"
import { cn } from "@/components/ui/cn"
import { type GroupDetail, type GroupTab, groupTabs } from "./group"

const labels = { members: "Members", roles: "Roles", apps: "Apps" } as const satisfies Record<
  GroupTab,
  string
>

export interface GroupTabsProps {
  /** Url of the group's page. */
  readonly path: string
  readonly group: GroupDetail
  readonly here: GroupTab
}

/** The tabs of a group; each has its own url. */
export function GroupTabs({ path, group, here }: GroupTabsProps) {
  return (
    <nav aria-label="Group" className="flex gap-1">
      {groupTabs.map(tab => (
        <Link
          key={tab}
          href={`${path}?tab=${tab}`}
          aria-current={tab === here ? "page" : undefined}
          className={cn(
            "flex h-8 items-center gap-1.5 rounded-md px-3 text-sm font-medium text-muted-foreground transition-colors",
            "hover:text-foreground aria-[current]:bg-accent aria-[current]:text-foreground",
          )}
        >
          {labels[tab]}
          <span className="text-xs font-normal tabular-nums">{group[tab].length}</span>
        </Link>
      ))}
    </nav>
  )
}
