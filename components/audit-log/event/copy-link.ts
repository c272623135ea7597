import { writeClipboard } from "@/components/ui/copy-button"
import { toast } from "@/components/ui/toast"

/** Copies the current url of the page, and reports whether that worked. */
export async function copyLink(): Promise<void> {
  const done = await writeClipboard(window.location.href)
  toast(
    done ? "Link copied" : "Copying was refused; the link is in the address bar",
    done ? "success" : "error",
  )
}
