import type { ReactNode } from "react"

export interface SettingsSectionProps {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly children: ReactNode
}

/** A section of a settings page: its description at the left, its actions at the right. */
export function SettingsSection({ id, title, description, children }: SettingsSectionProps) {
  return (
    <section
      aria-labelledby={id}
      className="grid gap-x-8 gap-y-4 rounded-md border bg-card p-5 md:grid-cols-[13rem_minmax(0,27rem)]"
    >
      <div className="grid content-start gap-1">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        <p className="text-sm text-muted-foreground text-pretty">{description}</p>
      </div>
      <div>{children}</div>
    </section>
  )
}
