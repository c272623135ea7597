import Link from "next/link"
import { Alert } from "@/components/ui/alert"
import { type Losses, lossWords, type Producer } from "./producer"

export interface LossBannerProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly losses: Losses
  readonly producers: readonly Producer[]
  readonly now: Date
}

/** Shown on every page of Capture while a producer has lost calls within a day. */
export function LossBanner({ slug, losses, producers, now }: LossBannerProps) {
  const words = lossWords(losses, producers, now)
  if (words === null) return null
  return (
    <Alert tone="failure" title="Some calls were not recorded">
      {words} Their queues were full, or this server was away for too long.{" "}
      <Link href={`/${slug}/admin/settings/capture/producers`} className="text-link underline">
        See the producers
      </Link>
    </Alert>
  )
}
